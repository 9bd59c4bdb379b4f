#include "engine/report/unseen_fields.h"

#include <algorithm>
#include <string_view>

namespace riffle {
namespace {

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789.") == text.npos; }

bool contains(std::span<const std::string> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Whether `field` is names and numbers with minus signs between, and `name` is one of them.
bool is_difference_of(std::string_view field, std::string_view name,
                      std::span<const std::string> named) {
  bool has_name = false;
  for (std::size_t begin = 0; begin <= field.size();) {
    const std::size_t end = std::min(field.find('-', begin), field.size());
    const std::string_view part = field.substr(begin, end - begin);
    if (part.empty() || (!is_number(part) && !contains(named, part))) return false;
    has_name |= part == name;
    begin = end + 1;
  }
  return has_name;
}

}  // namespace

std::string written_as_difference(const std::string& name, std::span<const std::string> named,
                                  std::span<const std::string> seen) {
  const auto found = std::find_if(seen.begin(), seen.end(), [&](const std::string& field) {
    return field.find('-') != field.npos && is_difference_of(field, name, named);
  });
  return found == seen.end() ? std::string() : *found;
}

}  // namespace riffle
