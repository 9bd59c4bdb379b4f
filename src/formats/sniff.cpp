#include "formats/sniff.h"

#include <algorithm>

#include "formats/lines/lines.h"
#include "formats/logs/w3c.h"
#include "values/json.h"
#include "values/key_value_pairs.h"

namespace riffle {
namespace {

// A line that is longer tells by what it begins with.
constexpr std::size_t longest_line = 64 * 1024;

// Whether JSON values, the last one cut off maybe, could begin with the line.
bool could_begin_json(std::string_view line) {
  while (true) {
    const auto fault = check_json(line);
    if (!fault) return true;
    constexpr std::size_t longest_word = 5;  // `false`, of which a part may be cut off
    if (fault->offset >= line.size()) return true;
    const std::string_view rest = line.substr(fault->offset);
    if (rest.size() < longest_word && line.size() >= longest_line) return true;
    // Another value may follow a whole one.
    const bool begins_other = rest[0] == '{' || rest[0] == '[';
    if (!begins_other || fault->offset == 0 || check_json(line.substr(0, fault->offset)))
      return false;
    line = rest;
  }
}

// The words of a stamp, or a priority: of other texts, too, syslog makes a message.
bool is_syslog(std::string_view line) {
  static const std::unique_ptr<TextParser> parser = make_syslog_parser();
  Memory memory;
  std::vector<Value> values(parser->names().size());
  if (!parser->parse(memory.copy(line), memory, values)) return false;
  const auto is_there = [&](std::string_view name) {
    const auto at = std::find(parser->names().begin(), parser->names().end(), name);
    return !values[static_cast<std::size_t>(at - parser->names().begin())].is_missing();
  };
  // <13>, or Jan 31 10:00:00 host.
  return line.starts_with('<') || (is_there("host") && line[0] >= 'A' && line[0] <= 'Z');
}

bool is_clf(std::string_view line) {
  static const std::unique_ptr<TextParser> parser = make_clf_parser();
  Memory memory;
  std::vector<Value> values(parser->names().size());
  return parser->parse(memory.copy(line), memory, values);
}

bool is_key(std::string_view text) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '/';
  });
}

bool is_logfmt(std::string_view line) {
  Memory memory;
  PairWalk walk(memory.copy(line), PairStyle::logfmt);
  int pairs = 0;
  for (; walk.next(); pairs++)
    if (!is_key(walk.key()) || walk.is_alone()) return false;
  return !walk.fault() && pairs > 1;
}

// Null: none that a line alone tells.
const Format* format_of_line(std::string_view line) {
  const char c = line[line.find_first_not_of(" \t")];
  if (c == '{') return find_format("ndjson");
  if (c == '[') return could_begin_json(line) ? find_format("json") : nullptr;
  if (is_w3c_directive(line)) return find_format("w3c");
  if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) return find_format("text");
  if (is_clf(line)) return find_format("clf");
  if (is_syslog(line)) return find_format("syslog");
  return is_logfmt(line) ? find_format("logfmt") : nullptr;
}

}  // namespace

const Format* sniffed_format(std::string_view bytes, bool is_all, const Format& usual) {
  if (!is_all && bytes.size() < byte_order_mark.size() && byte_order_mark.starts_with(bytes))
    return nullptr;
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == bytes.npos)
    return !is_all ? nullptr : usual.name == "text" ? &usual : find_format("ndjson");
  if (bytes[first] == '{') return find_format("ndjson");
  // From the beginning of the line that `first` is in.
  const std::size_t before = bytes.find_last_of("\r\n", first);
  bytes.remove_prefix(before == bytes.npos ? 0 : before + 1);
  const std::size_t end = bytes.find('\n');
  if (end == bytes.npos && !is_all && bytes.size() < longest_line) return nullptr;
  std::string_view line = bytes.substr(0, std::min(end, longest_line));
  if (line.ends_with('\r')) line.remove_suffix(1);
  const Format* const found = format_of_line(line);
  return found ? found : &usual;
}

}  // namespace riffle
