#include "functions/parts.h"

#include <fmt/format.h>

namespace riffle {

Zone zone_argument(FunctionCall& call, std::size_t i) {
  if (i >= call.size()) return call.settings.zone;
  const auto name = text_argument(call, i);
  if (auto zone = Zone::named(name ? *name : "")) return *std::move(zone);
  throw std::invalid_argument(fmt::format(
      "no time zone is called '{}'; Europe/Paris is one, and +02:00", name ? *name : ""));
}

}  // namespace riffle
