#include "engine/input/guessed_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/input/input.h"
#include "formats/sniff.h"
#include "stages/stage.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

// 0: there is none.
char probable_delimiter(std::string_view header) {
  for (const char delimiter : {';', '|'})
    if (header.find(delimiter) != header.npos) return delimiter;
  return 0;
}

bool has_one_column(const Format& format, const InputContent& content) {
  return format.name == "csv" && content.header && content.header->names.size() == 1;
}

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
  if (const char delimiter = probable_delimiter(text))
    return of_stage ? fmt::format("--format 'csv delimiter={}' reads its cells", delimiter)
                    : fmt::format("--delimiter '{}' reads its cells", delimiter);
  return fmt::format("{} text reads lines as they are", option);
}

std::string note_on_guess(const std::string& name, const Format& guessed,
                          const InputContent& content, bool of_stage) {
  const bool is_one_column = has_one_column(guessed, content);
  if (!content.has_records && content.has_rejects) {
    const std::string_view bad = content.first_rejected;
    const std::string way = way_to_read(
        is_one_column && !bad.starts_with('{') ? content.header->names[0] : bad, guessed, of_stage);
    return fmt::format("no line of {} is a record of {}, which its first line suggests; {}", name,
                       guessed.name, way);
  }
  if (content.has_braced_text)
    return fmt::format("{} was read as text, but has lines of JSON; {} ndjson reads those", name,
                       of_stage ? format_flag() : "-i");
  if (!is_one_column) return {};
  const bool may_be_json = content.has_rejects && content.first_rejected.starts_with('{');
  return fmt::format("{} was read as csv, of one column; {}", name,
                     way_to_read(may_be_json ? content.first_rejected : content.header->names[0],
                                 guessed, of_stage));
}

std::string note_on_delimiter(const std::string& name, const Format& format,
                              const InputContent& content, bool of_stage) {
  if (!has_one_column(format, content)) return {};
  const std::string& header = content.header->names[0];
  if (!probable_delimiter(header) && header.find('\t') == header.npos) return {};
  return fmt::format("{} was read as csv, of one column; {}", name,
                     way_to_read(header, format, of_stage));
}

}  // namespace

std::string note_on_format(const std::string& name, const Inputs& inputs, std::uint32_t input,
                           const InputOptions& options, const InputContent& content,
                           bool of_stage) {
  const Format& format = inputs.format_of(input);
  if (inputs.was_sniffed(input)) return note_on_guess(name, format, content, of_stage);
  return options.delimiter ? std::string() : note_on_delimiter(name, format, content, of_stage);
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
