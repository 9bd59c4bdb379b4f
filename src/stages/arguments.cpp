#include "stages/stage.h"

namespace riffle {

const std::string& Arguments::operator[](std::string_view name) const {
  static const std::string none;
  const auto found = values.find(name);
  return found == values.end() ? none : found->second;
}

std::shared_ptr<const Text> Setup::text(std::string_view argument) const {
  return std::make_shared<const Text>(Text{stage, arguments[argument]});
}

}  // namespace riffle
