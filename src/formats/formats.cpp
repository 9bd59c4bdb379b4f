#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "formats/csv/csv.h"
#include "formats/display/markdown.h"
#include "formats/display/record.h"
#include "formats/display/table.h"
#include "formats/format.h"
#include "formats/json/json.h"
#include "formats/lines/line_cutter.h"
#include "formats/lines/logfmt.h"
#include "formats/lines/multiline_cutter.h"
#include "formats/lines/text.h"
#include "formats/logs/columns.h"
#include "formats/logs/log_lines.h"
#include "formats/logs/w3c.h"
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
    ndjson.is_json = true;
    ndjson.writes_in_parallel = ndjson.writes_source_of_own_kind = ndjson.goes_on = true;

    Format json{"json",
                "",
                {"json"},
                "JSON values with white space between; each object, and each element of an array, "
                "is a record. Output: an array"};
    json.make_cutter = make_json_cutter;
    json.make_reader = make_json_reader;
    json.request_fields = request_ndjson_fields;
    json.make_writer = make_json_writer;
    json.is_json = true;

    Format csv{"csv", "", {"csv"}, "comma-separated values (RFC 4180), with a header line"};
    csv.make_cutter = make_csv_cutter;
    csv.make_reader = make_csv_reader;
    csv.make_writer = make_csv_writer;
    csv.may_reject = csv.writes_source_of_own_kind = csv.goes_on = true;

    Format tsv{"tsv",
               "",
               {"tsv"},
               "tab-separated values, with a header line; \\t \\n \\r \\\\ are escapes"};
    tsv.make_cutter = make_tsv_cutter;
    tsv.make_reader = make_tsv_reader;
    tsv.make_writer = make_tsv_writer;
    tsv.may_reject = tsv.writes_source_of_own_kind = tsv.goes_on = true;

    Format text{"text",
                "",
                {},
                "lines: each is a record of one field, line. Output: the values as they are, tabs "
                "between several"};
    text.make_cutter = make_multiline_cutter;
    text.make_reader = make_text_reader;
    text.make_writer = make_text_writer;
    text.writes_in_parallel = text.writes_source_of_own_kind = text.goes_on = true;

    Format logfmt{"logfmt", "", {"logfmt"}, "key=value pairs, one record a line"};
    logfmt.make_cutter = make_multiline_cutter;
    logfmt.make_reader = make_logfmt_reader;
    logfmt.members = members_of_logfmt;
    logfmt.make_writer = make_logfmt_writer;
    logfmt.writes_in_parallel = logfmt.writes_source_of_own_kind = logfmt.goes_on = true;

    Format clf{"clf",
               "",
               {},
               "access logs of Apache and nginx: common, combined, and with a virtual "
               "host"};
    clf.make_cutter = make_multiline_cutter;
    clf.make_reader = make_clf_reader;

    Format syslog{"syslog", "", {}, "syslog (RFC 5424, RFC 3164), with or without <PRI>"};
    syslog.make_cutter = make_multiline_cutter;
    syslog.make_reader = make_syslog_reader;

    Format w3c{"w3c",
               "",
               {},
               "logs of IIS, CloudFront and Zeek: the columns are those of the last #Fields line"};
    w3c.make_cutter = make_w3c_cutter;
    w3c.make_reader = make_w3c_reader;

    Format columns{
        "columns", "", {}, "text tables, as df, ps, docker ps and kubectl get print them"};
    columns.make_cutter = make_columns_cutter;
    columns.make_reader = make_columns_reader;

    Format aligned{"table", "", {}, "aligned columns, for people; cut to the width of a terminal"};
    aligned.make_writer = make_table_writer;

    Format record{"record", "", {}, "one field a line, a rule between records; for wide records"};
    record.make_writer = make_record_writer;

    Format markdown{"markdown", "md", {"md"}, "a table in Markdown, for reports"};
    markdown.make_writer = make_markdown_writer;

    return std::vector<Format>{ndjson, json, csv,     tsv,     text,   logfmt,  clf,
                               syslog, w3c,  columns, aligned, record, markdown};
  }();
  return rows;
}

constexpr std::array<std::string_view, 4> compressions = {".gz", ".zst", ".xz", ".bz2"};

// A file's name in small letters, without its folder, and .gz and the like.
std::string bare_name(std::string_view file) {
  std::string name(file.substr(file.rfind('/') + 1));  // npos + 1: no folder
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view compression : compressions)
    if (name.ends_with(compression)) name.resize(name.size() - compression.size());
  return name;
}

// Of a bare name; empty: it has none.
std::string extension_in(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == name.npos || dot == 0 ? std::string() : name.substr(dot + 1);
}

std::string extension_of(std::string_view file) { return extension_in(bare_name(file)); }

}  // namespace

std::span<const Format> formats() { return table(); }

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(), [&](const Format& format) {
    return !name.empty() && (name == format.name || name == format.alias);
  });
  return found == table().end() ? nullptr : &*found;
}

namespace {

// What other tools, and people, call the formats.
std::string_view format_meant_by(std::string_view name, Direction direction) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> of_both = {
      {{"lines", "text"},
       {"raw", "text"},
       {"plain", "text"},
       {"txt", "text"},
       {"log", "text"},
       {"kv", "logfmt"}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> of_output = {
      {{"pprint", "table"}, {"pretty", "table"}, {"xtab", "record"}, {"vertical", "record"}}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> of_input = {
      {{"combined", "clf"},
       {"common", "clf"},
       {"apache", "clf"},
       {"nginx", "clf"},
       {"accesslog", "clf"},
       {"rfc5424", "syslog"},
       {"rfc3164", "syslog"},
       {"iis", "w3c"},
       {"zeek", "w3c"},
       {"cloudfront", "w3c"},
       {"elf", "w3c"},
       {"pprint", "columns"}}};
  const auto find = [&](const auto& elsewhere) {
    const auto found = std::find_if(elsewhere.begin(), elsewhere.end(),
                                    [&](const auto& row) { return row.first == name; });
    return found == elsewhere.end() ? std::string_view() : found->second;
  };
  if (const std::string_view ours = find(of_both); !ours.empty()) return ours;
  return direction == Direction::in ? find(of_input) : find(of_output);
}

}  // namespace

const Format& format_named(std::string_view name, Direction direction) {
  if (const Format* const format = find_format(name)) return *format;
  const std::string_view meant = format_meant_by(name, direction);
  if (!meant.empty())
    throw usage_error(fmt::format("no format is called '{}'; write: {}", name, meant));
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
  for (const std::string_view compression : {".xz", ".bz2", ".zip", ".lz4"})
    if (file.ends_with(compression))
      throw usage_error(fmt::format("{}: files are compressed as .gz or .zst only", visible(file)));
  const std::string extension = extension_of(file);
  const Format* const format = format_of_extension(extension);
  const bool is_made_of_keys = extension.find_first_of("{}") != extension.npos;  // split 'by/{day}'
  if (format || extension.empty() || is_made_of_keys) return format;
  std::vector<std::string_view> known;
  for (const Format& one : formats())
    if (one.make_writer) known.insert(known.end(), one.extensions.begin(), one.extensions.end());
  throw usage_error(fmt::format(
      "{}: no format has the extension '{}'; there are {}, and -t FORMAT for any other name",
      visible(file), visible(extension), fmt::join(known, ", ")));
}

const Format& usual_format(std::string_view file) {
  // Without what a rotation adds: .1, -20260131.
  std::string name = bare_name(file);
  const std::size_t end = name.find_last_not_of("0123456789-.");
  name.resize(end == name.npos ? 0 : end + 1);
  const std::string extension = extension_in(name);
  return *find_format(extension == "log" || extension == "txt" ? "text" : "csv");
}

}  // namespace riffle
