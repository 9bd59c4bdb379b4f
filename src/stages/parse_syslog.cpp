// Syslog: RFC 5424; RFC 3164 as it is met in the wild, and as daemons write it to files (without <PRI>, the time as RFC 3339).
#include <array>
#include <charconv>

#include "stages/text_parsers.h"
#include "stages/text_pieces.h"

namespace riffle {
namespace {

enum Place : std::size_t { priority, facility, severity, timestamp, host, app, pid, msgid, structured_data, message };

constexpr std::array<std::string_view, 24> facilities = {
    "kern", "user", "mail", "daemon",   "auth",  "syslog",  "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
    "ntp",  "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6",   "local7"};
constexpr std::array<std::string_view, 8> severities = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};

// `-` is RFC 5424's NILVALUE.
Value text_or_null(std::string_view text) { return text == "-" ? null_value() : text_value(text); }

// Whether a word begins as an RFC 3339 time does; the rest of it is as the sender pleased.
bool is_rfc3339(std::string_view word) { return word.size() >= 19 && looks_like(word.substr(0, 19), "0000-00-00T00:00:00"); }

// <PRI> of 0 to 191. False: there is something of the kind, but not that.
bool take_priority(TextPieces& pieces, std::span<Value> values) {
  if (!pieces.take("<")) return true;
  const auto digits = pieces.until(">");
  unsigned number = 0;
  if (!digits || digits->empty() || digits->size() > 3) return false;
  const auto answer = std::from_chars(digits->data(), digits->data() + digits->size(), number);
  if (answer.ptr != digits->data() + digits->size() || number / 8 >= facilities.size()) return false;
  values[priority] = integer_value(number);
  values[facility] = text_value(facilities[number / 8]);
  values[severity] = text_value(severities[number % 8]);
  return true;
}

// A parameter's value: \" \\ \] are escapes.
std::string_view parameter_text(std::string_view raw, Memory& memory) {
  if (raw.find('\\') == raw.npos) return raw;
  char* const to = memory.allocate<char>(raw.size());
  char* end = to;
  for (std::size_t i = 0; i < raw.size(); i++) {
    if (raw[i] == '\\' && i + 1 < raw.size() && (raw[i + 1] == '"' || raw[i + 1] == '\\' || raw[i + 1] == ']')) i++;
    *end++ = raw[i];
  }
  return {to, static_cast<std::size_t>(end - to)};
}

// [id name="value" ...]: a map of texts.
bool take_element(TextPieces& pieces, Memory& memory, std::vector<Member>& elements) {
  const std::size_t end = pieces.rest().find_first_of(" ]");
  if (end == 0 || end == std::string_view::npos) return false;
  const std::string_view id = pieces.rest().substr(0, end);
  pieces.skip(end);
  std::vector<Member> parameters;
  while (pieces.take(" ")) {
    const auto name = pieces.until("=");
    const auto value = pieces.quoted();
    if (!name || name->empty() || !value) return false;
    parameters.push_back({*name, text_value(parameter_text(*value, memory))});
  }
  elements.push_back({id, map_value(memory.copy(std::span<const Member>(parameters)))});
  return pieces.take("]");
}

bool take_structured_data(TextPieces& pieces, Memory& memory, std::span<Value> values) {
  if (pieces.take("-")) {
    values[structured_data] = null_value();
    return true;
  }
  std::vector<Member> elements;
  while (pieces.take("["))
    if (!take_element(pieces, memory, elements)) return false;
  values[structured_data] = map_value(memory.copy(std::span<const Member>(elements)));
  return !elements.empty();
}

bool parse_rfc5424(TextPieces& pieces, Memory& memory, std::span<Value> values) {
  for (const Place place : {timestamp, host, app, pid, msgid}) {
    const auto word = pieces.until(" ");
    if (!word || word->empty()) return false;
    values[place] = place == pid && *word != "-" ? typed_part(*word) : text_or_null(*word);
  }
  if (!(values[timestamp].kind == Kind::null || is_rfc3339(values[timestamp].view()))) return false;
  if (!take_structured_data(pieces, memory, values)) return false;
  values[message] = null_value();
  if (pieces.empty()) return true;
  if (!pieces.take(" ")) return false;
  pieces.take("\xEF\xBB\xBF");
  if (!pieces.empty()) values[message] = text_value(pieces.rest());
  return true;
}

// `Oct 11 22:14:15 `, or a time of RFC 3339, as many daemons write it.
bool take_old_timestamp(TextPieces& pieces, std::span<Value> values) {
  constexpr std::size_t size = 15;
  const std::string_view old = pieces.rest().substr(0, size), word = pieces.rest().substr(0, pieces.rest().find(' '));
  const bool is_old = (looks_like(old, "AAA 00 00:00:00") || looks_like(old, "AAA  0 00:00:00")) && month_of(old.substr(0, 3)) > 0;
  if (!is_old && !is_rfc3339(word)) return false;
  const std::string_view found = is_old ? old : word;
  values[timestamp] = text_value(found);
  pieces.skip(found.size());
  return pieces.take(" ");
}

// The message, with `app[pid]: ` or `app: ` before it.
void take_tag(TextPieces& pieces, std::span<Value> values) {
  const std::string_view rest = pieces.rest();
  const std::size_t end = rest.find_first_of(" :[");
  if (end != 0 && end != rest.npos && rest[end] != ' ') {
    TextPieces tag(rest);
    tag.skip(end);
    const bool has_pid = tag.take("[");
    const auto number = has_pid ? tag.until("]") : std::nullopt;
    if (has_pid == number.has_value() && tag.take(":")) {
      values[app] = text_value(rest.substr(0, end));
      if (number) values[pid] = typed_part(*number);
      tag.take(" ");
      pieces = tag;
    }
  }
  values[message] = text_value(pieces.rest());
}

// RFC 3164, 4.3: what has a priority and is nothing known is all message.
bool parse_rfc3164(TextPieces& pieces, std::span<Value> values) {
  if (!take_old_timestamp(pieces, values)) {
    if (values[priority].is_missing()) return false;
    values[timestamp] = {};
    values[message] = text_value(pieces.rest());
    return true;
  }
  const auto name = pieces.until(" ");
  if (!name || name->empty()) return false;
  values[host] = text_value(*name);
  take_tag(pieces, values);
  return true;
}

class SyslogParser : public TextParser {
 public:
  SyslogParser() {
    names_ = {"priority", "facility", "severity", "timestamp", "host", "app", "pid", "msgid", "structured_data", "message"};
  }

  bool parse(std::string_view text, Memory& memory, std::span<Value> values) const override {
    TextPieces pieces(text);
    if (!take_priority(pieces, values)) return false;
    if (!values[priority].is_missing() && pieces.take("1 ")) return parse_rfc5424(pieces, memory, values);
    return parse_rfc3164(pieces, values);
  }
};

}  // namespace

std::unique_ptr<TextParser> make_syslog_parser() { return std::make_unique<SyslogParser>(); }

}  // namespace riffle
