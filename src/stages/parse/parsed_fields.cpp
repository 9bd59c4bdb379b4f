#include "stages/parse/parsed_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "logs/log_forms.h"

namespace riffle {
namespace {

// The forms whose lines have that part.
std::vector<std::string_view> forms_with(std::string_view name, std::string_view format) {
  std::vector<std::string_view> found;
  for (const LogForm& form : log_forms()) {
    if (form.name == format) continue;
    const std::unique_ptr<TextParser> parser = form.make({});
    const std::vector<std::string>& names = parser->names();
    if (std::find(names.begin(), names.end(), name) != names.end()) found.push_back(form.name);
  }
  return found;
}

}  // namespace

std::string way_to_parsed_field(std::string_view name, std::string_view format) {
  const std::vector<std::string_view> forms = forms_with(name, format);
  const std::string list = fmt::format("{}", fmt::join(forms, ", "));
  if (format == "text" && forms.empty())
    return "the input was read as text, whose one field is line: `parse line` makes others of it";
  if (format == "text")
    return fmt::format(
        "the input was read as text, whose one field is line: `parse line --as FORM` makes others "
        "of it; with '{}': {}",
        name, list);
  if (format != "syslog" || forms.empty()) return {};
  return fmt::format("`parse message --as FORM` makes others of what programs wrote; with '{}': {}",
                     name, list);
}

}  // namespace riffle
