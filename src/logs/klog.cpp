// klog (Kubernetes) and glog: `E0131 10:00:00.123456       1 file.go:42] MESSAGE`, or with the year
// (`E20260131 ...`).
#include "logs/log_forms.h"
#include "logs/log_time.h"
#include "logs/text_pieces.h"
#include "text/digits.h"

namespace riffle {
namespace {

enum Place : std::size_t { time, level, thread, file, line, message };

std::string_view level_of(char c) {
  switch (c) {
    case 'I':
      return "info";
    case 'W':
      return "warning";
    case 'E':
      return "error";
    case 'F':
      return "fatal";
    default:
      return {};
  }
}

class KlogParser : public TextParser {
 public:
  explicit KlogParser(const LogSettings& settings) : settings_(settings) {
    names_ = {"time", "level", "thread", "file", "line", "message"};
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    const std::string_view severity = text.empty() ? std::string_view() : level_of(text[0]);
    if (severity.empty()) return false;
    TextPieces pieces(text.substr(1));
    const std::string_view date = pieces.word(), clock = pieces.word();
    values[time] = time_of(date, clock);
    if (values[time].is_missing()) return false;
    while (pieces.take(" ")) {
    }
    const std::string_view id = pieces.word();
    const auto place = pieces.until("]");
    const std::size_t colon = place ? place->rfind(':') : std::string_view::npos;
    if (!is_digits(id) || colon == std::string_view::npos || !is_digits(place->substr(colon + 1)))
      return false;
    pieces.take(" ");
    values[level] = text_value(severity);
    values[thread] = cell_value(id);
    values[file] = text_value(place->substr(0, colon));
    values[line] = cell_value(place->substr(colon + 1));
    values[message] = text_value(pieces.rest());
    return true;
  }

 private:
  Value time_of(std::string_view date, std::string_view clock) const {
    const bool has_year = looks_like(date, "00000000");
    constexpr std::string_view form = "00:00:00.";
    if (!has_year && !looks_like(date, "0000")) return {};
    if (clock.size() <= form.size() || !looks_like(clock.substr(0, form.size()), form) ||
        !is_digits(clock.substr(form.size())))
      return {};
    Civil local;
    const std::string_view day = date.substr(date.size() - 4);
    local.month = two_digits(day);
    local.day = two_digits(day.substr(2));
    local.hour = two_digits(clock);
    local.minute = two_digits(clock.substr(3));
    local.second = two_digits(clock.substr(6));
    local.nanosecond = nanoseconds_of_fraction(clock.substr(form.size()));
    if (has_year) local.year = 100 * two_digits(date) + two_digits(date.substr(2));
    if (has_year && !is_moment(local)) return {};
    const auto moment =
        has_year ? settings_.zone.moment(local) : moment_without_year(local, settings_);
    return moment ? time_value(*moment) : Value();
  }

  LogSettings settings_;
};

}  // namespace

std::unique_ptr<TextParser> make_klog_parser(const LogSettings& settings) {
  return std::make_unique<KlogParser>(settings);
}

}  // namespace riffle
