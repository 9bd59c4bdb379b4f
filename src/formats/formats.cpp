#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "formats/csv/csv.h"
#include "formats/display/markdown.h"
#include "formats/display/table.h"
#include "formats/format.h"
#include "formats/json/json.h"
#include "formats/lines/line_cutter.h"
#include "formats/lines/logfmt.h"
#include "formats/lines/text.h"
#include "formats/ndjson/ndjson.h"
#include "text/nearest.h"
#include "values/error.h"

namespace riffle {
namespace {

const std::vector<Format>& table() {
  static const std::vector<Format> rows = [] {
    Format ndjson{"ndjson", "jsonl", {"ndjson", "jsonl"}, "one JSON object a line"};
    ndjson.make_cutter = make_line_cutter;
    ndjson.make_reader = make_ndjson_reader;
    ndjson.request_fields = request_ndjson_fields;
    ndjson.make_writer = make_ndjson_writer;
    ndjson.writes_in_parallel = ndjson.writes_source_of_own_kind = true;

    Format json{"json",
                "",
                {"json"},
                "JSON values with white space between; each object, and each element of an array, "
                "is a record. Output: an array"};
    json.make_cutter = make_json_cutter;
    json.make_reader = make_json_reader;
    json.request_fields = request_ndjson_fields;
    json.make_writer = make_json_writer;

    Format csv{"csv", "", {"csv"}, "comma-separated values (RFC 4180), with a header line"};
    csv.make_cutter = make_csv_cutter;
    csv.make_reader = make_csv_reader;
    csv.make_writer = make_csv_writer;
    csv.may_reject = csv.writes_source_of_own_kind = true;

    Format tsv{"tsv",
               "",
               {"tsv"},
               "tab-separated values, with a header line; \\t \\n \\r \\\\ are escapes"};
    tsv.make_cutter = make_tsv_cutter;
    tsv.make_reader = make_tsv_reader;
    tsv.make_writer = make_tsv_writer;
    tsv.may_reject = tsv.writes_source_of_own_kind = true;

    Format text{"text",
                "",
                {},
                "lines: each is a record of one field, line. Output: the values as they are, tabs "
                "between several"};
    text.make_cutter = make_line_cutter;
    text.make_reader = make_text_reader;
    text.make_writer = make_text_writer;
    text.writes_in_parallel = text.writes_source_of_own_kind = true;

    Format logfmt{"logfmt", "", {"logfmt"}, "key=value pairs, one record a line"};
    logfmt.make_cutter = make_line_cutter;
    logfmt.make_reader = make_logfmt_reader;
    logfmt.members = members_of_logfmt;
    logfmt.make_writer = make_logfmt_writer;
    logfmt.writes_in_parallel = logfmt.writes_source_of_own_kind = true;

    Format aligned{"table", "", {}, "aligned columns, for people"};
    aligned.make_writer = make_table_writer;

    Format markdown{"markdown", "md", {"md"}, "a table in Markdown, for reports"};
    markdown.make_writer = make_markdown_writer;

    return std::vector<Format>{ndjson, json, csv, tsv, text, logfmt, aligned, markdown};
  }();
  return rows;
}

// Of a file's name in small letters, before .gz or .zst; empty: it has none.
std::string extension_of(std::string_view file) {
  std::string name(file.substr(file.rfind('/') + 1));  // npos + 1: no folder
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view compression : {".gz", ".zst"})
    if (name.ends_with(compression)) name.resize(name.size() - compression.size());
  const std::size_t dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? std::string() : name.substr(dot + 1);
}

}  // namespace

std::span<const Format> formats() { return table(); }

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(), [&](const Format& format) {
    return !name.empty() && (name == format.name || name == format.alias);
  });
  return found == table().end() ? nullptr : &*found;
}

const Format& format_named(std::string_view name, Direction direction) {
  if (const Format* const format = find_format(name)) return *format;
  std::vector<std::string> names;
  for (const Format& format : formats())
    if (direction == Direction::in ? format.make_cutter != nullptr : format.make_writer != nullptr)
      names.emplace_back(format.name);
  const std::string suggestion = did_you_mean(name, names);
  throw usage_error(fmt::format(
      "no format is called '{}'{}", name,
      suggestion.empty() ? fmt::format("; there are {}", fmt::join(names, ", ")) : suggestion));
}

void check_direction(const Format& format, Direction direction, std::string_view flag) {
  const bool reads = direction == Direction::in;
  if (reads ? format.make_cutter != nullptr : format.make_writer != nullptr) return;
  throw usage_error(fmt::format("{}{}{} is a format for {}; it cannot be {}", flag,
                                flag.empty() ? "" : ": ", format.name, reads ? "output" : "input",
                                reads ? "read" : "written"));
}

const Format* format_of_extension(std::string_view extension) {
  const auto found = std::find_if(table().begin(), table().end(), [&](const Format& format) {
    return std::find(format.extensions.begin(), format.extensions.end(), extension) !=
           format.extensions.end();
  });
  return found == table().end() ? nullptr : &*found;
}

const Format* format_of_file(std::string_view file) {
  return format_of_extension(extension_of(file));
}

const Format* format_of_written_file(std::string_view file) {
  const std::string extension = extension_of(file);
  const Format* const format = format_of_extension(extension);
  const bool is_made_of_keys = extension.find_first_of("{}") != extension.npos;  // split 'by/{day}'
  if (format || extension.empty() || is_made_of_keys) return format;
  for (const std::string_view compression : {"xz", "bz2", "zip", "lz4"})
    if (extension == compression)
      throw usage_error(fmt::format("{}: files are compressed as .gz or .zst only", visible(file)));
  std::vector<std::string_view> known;
  for (const Format& one : formats())
    if (one.make_writer) known.insert(known.end(), one.extensions.begin(), one.extensions.end());
  throw usage_error(fmt::format(
      "{}: no format has the extension '{}'; there are {}, and -t FORMAT for any other name",
      visible(file), visible(extension), fmt::join(known, ", ")));
}

const Format& sniffed_format(std::string_view first_bytes) {
  constexpr std::string_view bom = "\xef\xbb\xbf";
  if (first_bytes.starts_with(bom)) first_bytes.remove_prefix(bom.size());
  const std::size_t first = first_bytes.find_first_not_of(" \t\r\n");
  const char c = first == first_bytes.npos ? '\0' : first_bytes[first];
  // Of nothing: ndjson.
  return *find_format(c == '{' || c == '\0' ? "ndjson" : c == '[' ? "json" : "csv");
}

}  // namespace riffle
