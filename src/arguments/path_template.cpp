#include "arguments/path_template.h"

#include <fmt/format.h>

#include <string_view>

#include "values/error.h"

namespace riffle {

PathTemplate parse_path_template(const Text& text) {
  const std::string& path = text.text;
  PathTemplate parsed;
  std::size_t at = 0;
  for (std::size_t open = path.find('{'); open != path.npos; open = path.find('{', at)) {
    const std::size_t close = path.find('}', open);
    if (close == path.npos)
      throw usage_error_at(fmt::format("{}: '{{' is not closed by '}}'", text.stage), path, open,
                           1);
    const auto refuse = [&](std::string_view message) {
      return usage_error_at(fmt::format("{}: {}", text.stage, message), path, open,
                            close + 1 - open);
    };
    const auto inside =
        std::make_shared<const Text>(Text{text.stage, path.substr(open + 1, close - open - 1)});
    if (inside->text.empty()) throw refuse("a name is missing between '{' and '}'");
    const std::vector<Item> items = parse_items(inside, false);
    if (items.size() != 1 || items[0].pattern) throw refuse("one name stands between '{' and '}'");
    // Between two keys their texts would meet anywhere, and '%' begins what stands for a character.
    if (!parsed.keys.empty() && (open == at || path[at] == '%'))
      throw refuse("two keys need a text between them that does not begin with '%': {a}-{b}");
    parsed.texts.push_back(path.substr(at, open - at));
    parsed.keys.push_back({items[0].name, inside});
    at = close + 1;
  }
  parsed.texts.push_back(path.substr(at));
  if (parsed.keys.empty())
    throw usage_error(
        fmt::format("{}: '{}' names one file; a field stands in braces: 'by/{{service}}.csv'",
                    text.stage, visible(path)));
  if (path.ends_with('/'))
    throw usage_error(fmt::format("{}: '{}' names a folder; add a name, such as {{service}}.csv",
                                  text.stage, visible(path)));
  // A key is no scheme, and no `-`.
  if (parsed.texts.front().empty()) parsed.texts.front() = "./";
  return parsed;
}

}  // namespace riffle
