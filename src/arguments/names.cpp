#include "arguments/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "expression/syntax.h"
#include "values/error.h"

namespace riffle {
namespace {

bool leads_into(const Name& path, const Name& name) {
  return path.path.size() > name.path.size() &&
         std::equal(name.path.begin(), name.path.end(), path.path.begin());
}

}  // namespace

std::string clash(const Name& name, std::span<const Name> others) {
  for (const Name& other : others) {
    if (other.literal == name.literal)
      return fmt::format("two fields are called '{}'", name.literal);
    if (!leads_into(name, other) && !leads_into(other, name)) continue;
    const Name& inner = leads_into(name, other) ? name : other;
    const Name& outer = leads_into(name, other) ? other : name;
    return fmt::format(
        "'{}' and '{}' cannot both be fields: one holds the other; a key with a dot in it is "
        "written `{}`",
        outer.literal, inner.literal, inner.literal);
  }
  return {};
}

bool is_window_bound(const Name& name) {
  return name.path.front() == "window_start" || name.path.front() == "window_end";
}

bool is_of_window(const WindowFields& window, const Name& name) {
  if (window.pane != no_slot && name.path.front() == "pane") return true;
  return is_window_bound(name) ||
         std::any_of(window.keys.begin(), window.keys.end(), [&](const WindowFields::Key& key) {
           return key.name.path.front() == name.path.front();
         });
}

std::vector<std::string> names_in(std::string_view option, const std::string& list) {
  const auto text = std::make_shared<const Text>(Text{std::string(option), list});
  std::vector<std::string> names;
  for (const Item& item : parse_items(text, false)) {
    const auto refuse = [&](const std::string& message) {
      throw usage_error_at(fmt::format("{}: {}", option, message), list, item.position,
                           item.length);
    };
    if (item.pattern) refuse("a name is expected, not a pattern");
    if (std::find(names.begin(), names.end(), item.name.literal) != names.end())
      refuse(fmt::format("'{}' stands twice", item.name.literal));
    names.push_back(item.name.literal);
  }
  return names;
}

}  // namespace riffle
