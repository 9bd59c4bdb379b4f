// Apache's error log, of 2.4: `[Sat Jan 31 10:00:00.123456 2026] [core:error] [pid 7:tid 9]
// [client 203.0.113.9:5000] AH00126: MESSAGE`, and of 2.2: `[Sat Jan 31 10:00:00 2026] [error]
// [client 203.0.113.9] MESSAGE`.
#include <algorithm>
#include <optional>

#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"
#include "text/digits.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, module, level, pid, tid, client, code, message };

// `Sat Jan 31 10:00:00.123456 2026`, of which the fraction may be missing.
std::optional<Civil> read_stamp(std::string_view text) {
  constexpr std::string_view form = "AAA AAA 00 00:00:00", of_year = " 0000";
  constexpr std::size_t month = 4, day = 8, hour = 11, minute = 14, second = 17;
  if (text.size() < form.size() + of_year.size() || !looks_like(text.substr(0, form.size()), form))
    return std::nullopt;
  const std::string_view year = text.substr(text.size() - of_year.size());
  std::string_view fraction = text.substr(form.size());
  fraction.remove_suffix(of_year.size());
  if (!looks_like(year, of_year)) return std::nullopt;
  Civil local;
  if (!fraction.empty()) {
    if (fraction[0] != '.' || !is_digits(fraction.substr(1))) return std::nullopt;
    local.nanosecond = nanoseconds_of_fraction(fraction.substr(1));
  }
  local.year = 100 * two_digits(year.substr(1)) + two_digits(year.substr(3));
  local.month = month_of(text.substr(month, 3));
  local.day = two_digits(text.substr(day, 2));
  local.hour = two_digits(text.substr(hour, 2));
  local.minute = two_digits(text.substr(minute, 2));
  local.second = two_digits(text.substr(second, 2));
  return is_moment(local) ? std::optional(local) : std::nullopt;
}

// `core:error`, `error`.
bool take_level(TextPieces& pieces, std::span<Value> values) {
  if (!pieces.take(" [")) return false;
  const auto text = pieces.until("]");
  if (!text) return false;
  const std::size_t colon = text->find(':');
  const std::string_view severity = colon == text->npos ? *text : text->substr(colon + 1);
  if (severity.empty() || severity.find(' ') != severity.npos) return false;
  if (colon != text->npos && colon > 0) values[module] = text_value(text->substr(0, colon));
  values[level] = text_value(severity);
  return true;
}

// What stands in the brackets that begin with `opening`; they are taken off, and a blank.
std::optional<std::string_view> bracketed(TextPieces& pieces, std::string_view opening) {
  if (!pieces.take(opening)) return std::nullopt;
  const auto text = pieces.until("]");
  pieces.take(" ");
  return text;
}

// `[pid 7:tid 9] `, `[pid 7] `.
void take_process(TextPieces& pieces, std::span<Value> values) {
  TextPieces after = pieces;
  const auto text = bracketed(after, "[pid ");
  if (!text) return;
  const std::size_t colon = text->find(":tid ");
  const std::string_view process = text->substr(0, colon);
  const std::string_view thread = colon == text->npos ? "" : text->substr(colon + 5);
  if (!is_digits(process) || (colon != text->npos && !is_digits(thread))) return;
  values[pid] = cell_value(process);
  if (!thread.empty()) values[tid] = cell_value(thread);
  pieces = after;
}

void take_client(TextPieces& pieces, std::span<Value> values) {
  TextPieces after = pieces;
  const auto text = bracketed(after, "[client ");
  if (!text) return;
  values[client] = text_value(*text);
  pieces = after;
}

void take_code(TextPieces& pieces, std::span<Value> values) {
  constexpr std::string_view form = "AA00000: ";
  if (!pieces.rest().starts_with("AH") || pieces.rest().size() < form.size() ||
      !looks_like(pieces.rest().substr(0, form.size()), form))
    return;
  values[code] = text_value(pieces.rest().substr(0, form.size() - 2));
  pieces.skip(form.size());
}

class ApacheErrorParser : public TextParser {
 public:
  explicit ApacheErrorParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time", "module", "level", "pid", "tid", "client", "code", "message"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    TextPieces pieces(text);
    if (!pieces.take("[")) return false;
    const auto stamp = pieces.until("]");
    const auto local = stamp ? read_stamp(*stamp) : std::nullopt;
    if (!local || !take_level(pieces, values)) return false;
    const auto moment = settings_.zone.moment(*local);
    values[time] = moment ? time_value(*moment) : text_value(*stamp);
    pieces.take(" ");
    take_process(pieces, values);
    take_client(pieces, values);
    take_code(pieces, values);
    values[message] = text_value(pieces.rest());
    return true;
  }

 private:
  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_apache_error_parser(const LogSettings& settings) {
  return std::make_unique<ApacheErrorParser>(settings);
}

}  // namespace riffle
