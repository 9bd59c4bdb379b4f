// Syslog: RFC 5424; RFC 3164 as it is met in the wild, and as daemons write it to files (without
// <PRI>, the time as RFC 3339).
#include <algorithm>
#include <array>
#include <charconv>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"
#include "time/zone_names.h"

namespace riffle {
namespace {

enum Place : std::size_t {
  priority,
  facility,
  severity,
  timestamp,
  host,
  app,
  pid,
  msgid,
  structured_data,
  message
};

constexpr std::array<std::string_view, 24> facilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
constexpr std::array<std::string_view, 8> severities = {"emerg",   "alert",  "crit", "err",
                                                        "warning", "notice", "info", "debug"};

// `-` is RFC 5424's NILVALUE.
Value text_or_null(std::string_view text) { return text == "-" ? null_value() : text_value(text); }

// Whether a word begins as an RFC 3339 time does; the rest of it is as the sender pleased.
bool is_rfc3339(std::string_view word) {
  return word.size() >= 19 && looks_like(word.substr(0, 19), "0000-00-00T00:00:00");
}

// <PRI> of 0 to 191. False: there is something of the kind, but not that.
bool take_priority(TextPieces& pieces, std::span<Value> values) {
  if (!pieces.take("<")) return true;
  const auto digits = pieces.until(">");
  unsigned number = 0;
  if (!digits || digits->empty() || digits->size() > 3) return false;
  const auto answer = std::from_chars(digits->data(), digits->data() + digits->size(), number);
  if (answer.ptr != digits->data() + digits->size() || number / 8 >= facilities.size())
    return false;
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
    if (raw[i] == '\\' && i + 1 < raw.size() &&
        (raw[i + 1] == '"' || raw[i + 1] == '\\' || raw[i + 1] == ']'))
      i++;
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
    values[place] = place == pid && *word != "-" ? cell_value(*word) : text_or_null(*word);
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

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How long `Oct 11 22:14:15` is at the beginning of a text, with one blank or two before the day
// and a fraction of a second or none; 0: there is no such stamp.
std::size_t length_of_old_stamp(std::string_view text) {
  constexpr std::string_view shortest = "AAA 0 00:00:00", with_two_digits = "00 00:00:00";
  if (text.size() < shortest.size() || text[3] != ' ' || month_of(text.substr(0, 3)) == 0) return 0;
  const std::size_t day = text[4] == ' ' ? 5 : 4;
  const std::string_view form = with_two_digits.substr(is_digit(text[day + 1]) ? 0 : 1);
  if (!looks_like(text.substr(day, form.size()), form)) return 0;
  const std::size_t length = day + form.size();
  if (length == text.size() || (text[length] != '.' && text[length] != ',')) return length;
  std::size_t end = length + 1;
  while (end < text.size() && is_digit(text[end])) end++;
  return end == length + 1 ? length : end;
}

// ` UTC` where a colon and a Cisco message follow: the stamp's zone.
std::size_t length_of_zone(std::string_view text) {
  constexpr std::size_t shortest = 3, longest = 6;
  constexpr std::string_view after = ": %";
  const std::size_t end = text.substr(0, longest + after.size()).find(after);
  if (end == text.npos || end < shortest || text[0] != ' ') return 0;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const std::string_view zone = text.substr(1, end - 1);
  return std::all_of(zone.begin(), zone.end(), is_capital) ? end : 0;
}

// How long the stamp of RFC 3164 is, or a time of RFC 3339, as many daemons write it; 0: there is
// none.
std::size_t length_of_stamp(std::string_view text) {
  const std::size_t length = length_of_old_stamp(text);
  if (length > 0) return length + length_of_zone(text.substr(length));
  const std::string_view word = text.substr(0, text.find(' '));
  if (!is_rfc3339(word)) return 0;
  return word.ends_with(':') ? word.size() - 1 : word.size();
}

// The stamp of RFC 3164 as a time; one with a year is left as it is written, and so is one in a
// zone that is not known.
Value time_of(std::string_view stamp, const LogSettings& settings) {
  const std::size_t length = length_of_old_stamp(stamp);
  if (length == 0) return text_value(stamp);
  const std::size_t colon = stamp.find(':'), clock = colon - 2;
  Civil local;
  local.month = month_of(stamp.substr(0, 3));
  local.day = two_digits(stamp.substr(clock - 3, 2));
  local.hour = two_digits(stamp.substr(clock, 2));
  local.minute = two_digits(stamp.substr(clock + 3, 2));
  local.second = two_digits(stamp.substr(clock + 6, 2));
  constexpr std::size_t clock_length = 8;
  if (clock + clock_length < length)
    local.nanosecond = nanoseconds_of_fraction(
        stamp.substr(clock + clock_length + 1, length - clock - clock_length - 1));
  LogSettings there = settings;
  if (length < stamp.size()) {
    const auto zone = zone_called(stamp.substr(length + 1));
    if (!zone) return text_value(stamp);
    there.zone = *zone;
  }
  const auto moment = moment_without_year(local, there);
  return moment ? time_value(*moment) : text_value(stamp);
}

bool is_whole_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// The message, with `app[pid]: ` or `app: ` before it, or `app[pid] `.
void take_tag(TextPieces& pieces, std::span<Value> values) {
  const std::string_view rest = pieces.rest();
  const std::size_t name_end = rest.find_first_of(" :[");
  if (name_end != 0 && name_end != rest.npos) {
    const bool has_pid = rest[name_end] == '[';
    std::size_t end = name_end;
    std::string_view number;
    if (has_pid) {
      end = std::min(rest.find(']', name_end), rest.size() - 1) + 1;
      number = rest.substr(name_end + 1, end - name_end - 2);
    }
    const char next = end < rest.size() ? rest[end] : '\0';
    if (next == ':' || (next == ' ' && is_whole_number(number))) {
      values[app] = text_value(rest.substr(0, name_end));
      if (has_pid) values[pid] = cell_value(number);
      pieces.skip(end);
      pieces.take(":");
      pieces.take(" ");
    }
  }
  values[message] = text_value(pieces.rest());
}

// `STAMP HOST MESSAGE`; `STAMP MESSAGE` where a tag follows, as programs write to their own
// machine; `STAMP: MESSAGE`, as network devices do. False: it is none of these.
bool take_header(TextPieces& pieces, const LogSettings& settings, std::span<Value> values) {
  TextPieces after = pieces;
  const std::size_t length = length_of_stamp(pieces.rest());
  after.skip(length);
  const bool has_colon = after.take(":");
  if (length == 0 || !after.take(" ") || after.empty()) return false;
  if (!has_colon) {
    const std::size_t end = after.rest().find(' ');
    if (end == 0 || end == std::string_view::npos) return false;
    if (after.rest()[end - 1] != ':') {
      values[host] = text_value(after.rest().substr(0, end));
      after.skip(end + 1);
    }
  }
  values[timestamp] = time_of(pieces.rest().substr(0, length), settings);
  take_tag(after, values);
  return true;
}

// RFC 3164, 4.3: what has a priority and is nothing known is all message.
bool parse_rfc3164(TextPieces& pieces, const LogSettings& settings, std::span<Value> values) {
  if (take_header(pieces, settings, values)) return true;
  if (values[priority].is_missing()) return false;
  values[message] = text_value(pieces.rest());
  return true;
}

class SyslogParser : public TextParser {
 public:
  explicit SyslogParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"priority", "facility", "severity", "timestamp",       "host",
              "app",      "pid",      "msgid",    "structured_data", "message"};
  }

  bool parse(std::string_view text, Memory& memory, std::span<Value> values) const override {
    TextPieces pieces(text);
    if (!take_priority(pieces, values)) return false;
    const std::string_view second = text.substr(std::min<std::size_t>(text.size(), 2));
    const bool is_new =
        !values[priority].is_missing() || is_rfc3339(second.substr(0, second.find(' ')));
    if (is_new && pieces.take("1 ")) return parse_rfc5424(pieces, memory, values);
    return parse_rfc3164(pieces, settings_, values);
  }

 private:
  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_syslog_parser(const LogSettings& settings) {
  return std::make_unique<SyslogParser>(settings);
}

}  // namespace riffle
