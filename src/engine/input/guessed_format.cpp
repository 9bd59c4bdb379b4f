#include "engine/input/guessed_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "formats/sniff.h"
#include "stages/stage.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

// The option with which text like this can be read.
std::string way_to_read(std::string_view text, const Format& guessed, bool of_stage) {
  const std::string_view option = of_stage ? format_flag() : "-i";
  const std::size_t first = text.find_first_not_of(" \t");
  if (first != text.npos && text[first] == '{')
    return guessed.name == "ndjson" ? fmt::format("{} json reads values of several lines", option)
                                    : fmt::format("{} ndjson reads lines of JSON", option);
  const Format& text_format = *find_format("text");
  const Format& found = *sniffed_format(text, true, text_format);
  if (&found != &text_format && &found != &guessed && found.name != "ndjson")
    return fmt::format("{} {} reads {}", option, found.name,
                       found.name == "json" ? "values of JSON" : "its lines");
  if (text.find('\t') != text.npos)
    return fmt::format("{} tsv reads cells with tabs between", option);
  for (const char delimiter : {';', '|'}) {
    if (text.find(delimiter) == text.npos) continue;
    if (of_stage)
      return fmt::format("join <(riffle FILE --delimiter '{}' -t ndjson) reads its cells",
                         delimiter);
    return fmt::format("--delimiter '{}' reads its cells", delimiter);
  }
  return fmt::format("{} text reads lines as they are", option);
}

}  // namespace

std::string note_on_guess(const std::string& name, const Format& guessed,
                          const InputContent& content, bool of_stage) {
  const bool has_one_column =
      guessed.name == "csv" && content.header && content.header->names.size() == 1;
  if (!content.has_records && content.has_rejects) {
    const std::string_view bad = content.first_rejected;
    const std::string way =
        way_to_read(has_one_column && !bad.starts_with('{') ? content.header->names[0] : bad,
                    guessed, of_stage);
    return fmt::format("no line of {} is a record of {}, which its first line suggests; {}", name,
                       guessed.name, way);
  }
  if (content.has_braced_text)
    return fmt::format("{} was read as text, but has lines of JSON; {} ndjson reads those", name,
                       of_stage ? format_flag() : "-i");
  if (!has_one_column) return {};
  const bool may_be_json = content.has_rejects && content.first_rejected.starts_with('{');
  return fmt::format("{} was read as csv, of one column; {}", name,
                     way_to_read(may_be_json ? content.first_rejected : content.header->names[0],
                                 guessed, of_stage));
}

std::string note_on_header(const std::string& name, const InputContent& content) {
  constexpr std::size_t shown = 3;
  if (!content.header || content.header->names.empty()) return {};
  const std::vector<std::string>& names = content.header->names;
  if (!std::all_of(names.begin(), names.end(),
                   [](const std::string& cell) { return is_number(cell); }))
    return {};
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(shown, names.size())));
  return fmt::format("the header of {} is all numbers ({}{}); --no-header reads it as a record",
                     name, fmt::join(first, ", "), names.size() > shown ? ", ..." : "");
}

}  // namespace riffle
