#include <algorithm>
#include <array>

#include "time/calendar_day.h"
#include "time/text.h"
#include "time/time_pattern.h"
#include "time/zone_names.h"

namespace riffle {
namespace {

constexpr std::int64_t second_length = 1000000000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// What a text says, conversion by conversion.
class Reading {
 public:
  explicit Reading(std::string_view text) : rest_(text) { numbers_.fill(unsaid); }

  bool read(const std::vector<PatternStep>& steps) {
    skip_blanks();
    for (const PatternStep& step : steps)
      if (!read(step)) return false;
    skip_blanks();
    return rest_.empty();
  }

  std::optional<std::int64_t> moment(const Zone& zone) const {
    return epoch_ ? moment_of_epoch(zone) : moment_of_calendar(zone);
  }

 private:
  static constexpr std::int16_t unsaid = -1;

  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
  }

  bool read(const PatternStep& step) {
    switch (step.what) {
      case PatternStep::blanks:
        skip_blanks();
        return true;
      case PatternStep::text:
        if (!rest_.starts_with(step.literal)) return false;
        rest_.remove_prefix(step.literal.size());
        return true;
      case PatternStep::fraction:
        if (rest_.empty() || (rest_[0] != '.' && rest_[0] != ',')) return true;
        rest_.remove_prefix(1);
        return read_fraction(step);
      case 'f':
        return read_fraction(step);
      case 'a':
      case 'A':
        return read_name(step, 'u', 7, weekday_name);
      case 'b':
      case 'B':
        return read_name(step, 'm', 12, month_name);
      case 'p':
        return read_half_day();
      case 's':
        return read_epoch();
      case 'z':
        return read_offset();
      case 'Z':
        return read_zone();
      default:
        return read_number(*numeric_conversion(step.what));
    }
  }

  std::int16_t& number(char letter) { return numbers_[static_cast<std::size_t>(letter - 'A')]; }
  int number(char letter) const { return numbers_[static_cast<std::size_t>(letter - 'A')]; }
  bool says(char letter) const { return number(letter) != unsaid; }

  // What is said twice must be the same.
  bool say(char letter, int value) {
    std::int16_t& said = number(letter);
    if (said != unsaid && said != value) return false;
    said = static_cast<std::int16_t>(value);
    return true;
  }

  // 1 to `most` digits; -1 when there is none. Moves on.
  int digits(int most) {
    int value = 0, count = 0;
    for (; count < most && !rest_.empty() && is_digit(rest_[0]); count++, rest_.remove_prefix(1))
      value = value * 10 + (rest_[0] - '0');
    return count > 0 ? value : -1;
  }

  // Years have all their digits: 24 is no year, and 02024 is not 2024 with something before it.
  bool read_number(const NumericConversion& conversion) {
    if (conversion.filling == ' ') skip_blanks();
    const std::size_t before = rest_.size();
    const int value = digits(conversion.digits);
    const bool is_whole = conversion.digits < 4 || before - rest_.size() == 4;
    return is_whole && value >= conversion.least && value <= conversion.greatest &&
           say(conversion.same_as, value);
  }

  // 1 to 9 digits, or exactly `digits`. Of two fractions the longer one counts, and begins as the
  // other.
  bool read_fraction(const PatternStep& step) {
    const std::size_t before = rest_.size();
    const int value = digits(step.exact ? step.digits : 9);
    const int count = static_cast<int>(before - rest_.size());
    if (value < 0 || (step.exact && count != step.digits)) return false;
    if (!step.exact && !rest_.empty() && is_digit(rest_[0])) return false;
    int scale = 1, common = 1;
    for (int i = count; i < 9; i++) scale *= 10;
    for (int i = std::min(count, fraction_digits_); i < 9; i++) common *= 10;
    const int nanosecond = value * scale;
    if (fraction_digits_ > 0 && nanosecond / common != nanosecond_ / common) return false;
    if (count > fraction_digits_) nanosecond_ = nanosecond, fraction_digits_ = count;
    return true;
  }

  // In full or short, in any case.
  bool read_name(const PatternStep& step, char letter, int count, std::string_view (*name)(int)) {
    const auto begins_with = [&](std::string_view word) {
      return rest_.size() >= word.size() &&
             std::equal(word.begin(), word.end(), rest_.begin(),
                        [](char a, char b) { return lower(a) == lower(b); });
    };
    const bool is_short = step.what == 'a' || step.what == 'b';
    for (int i = 1; i <= count; i++) {
      const std::string_view full = name(i);
      if (!begins_with(full.substr(0, short_name_size))) continue;
      const bool takes_full = begins_with(full) && !(step.exact && is_short);
      rest_.remove_prefix(takes_full ? full.size() : short_name_size);
      return say(letter, i);
    }
    return false;
  }

  bool read_half_day() {
    if (rest_.size() < 2 || lower(rest_[1]) != 'm') return false;
    const char half = lower(rest_[0]);
    rest_.remove_prefix(2);
    return (half == 'a' || half == 'p') && say('p', half == 'p');
  }

  bool read_epoch() {
    const bool negative = rest_.starts_with('-');
    if (negative) rest_.remove_prefix(1);
    if (rest_.empty() || !is_digit(rest_[0])) return false;
    std::int64_t seconds = 0;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1))
      if (seconds = seconds * 10 + (rest_[0] - '0'); seconds > greatest_time / second_length)
        return false;
    if (negative) seconds = -seconds;
    if (epoch_ && epoch_ != seconds) return false;
    epoch_ = seconds;
    return true;
  }

  // Z, +02, +0200, +02:00, and with seconds.
  bool read_offset() {
    std::int32_t offset = 0;
    if (!rest_.empty() && lower(rest_[0]) == 'z') {
      rest_.remove_prefix(1);
    } else {
      if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return false;
      const bool negative = rest_[0] == '-';
      rest_.remove_prefix(1);
      if (!read_offset_parts(offset)) return false;
      if (negative) offset = -offset;
    }
    if (offset_ && offset_ != offset) return false;
    offset_ = offset;
    return true;
  }

  bool read_offset_parts(std::int32_t& offset) {
    bool has_colons = false;
    for (int part = 0; part < 3; part++) {
      const bool colon = part > 0 && rest_.size() > 1 && rest_[0] == ':' && is_digit(rest_[1]);
      if (part == 1) has_colons = colon;
      if (part > 0 && !colon && (has_colons || rest_.empty() || !is_digit(rest_[0]))) return true;
      if (part > 0 && colon != has_colons) return false;
      if (colon) rest_.remove_prefix(1);
      if (rest_.size() < 2 || !is_digit(rest_[1])) return false;
      const int value = digits(2);
      if (value < 0 || value > (part == 0 ? 23 : 59)) return false;
      offset += value * (part == 0 ? 3600 : part == 1 ? 60 : 1);
    }
    return true;
  }

  bool read_zone() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_of_zone_name);
    const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(name.size());
    if (name.empty() || (!zone_.empty() && zone_ != name)) return false;
    zone_ = name;
    return true;
  }

  // 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068, as in POSIX.
  static int year_of_two_digits(int year) { return year + (year < 69 ? 2000 : 1900); }

  int year() const {
    if (says('Y')) return number('Y');
    if (says('y'))
      return says('C') ? number('C') * 100 + number('y') : year_of_two_digits(number('y'));
    return 1970;
  }

  // 1 is Monday.
  int weekday() const {
    return says('u') ? number('u') : says('w') ? (number('w') + 6) % 7 + 1 : 1;
  }

  // By the first of these that says it whole: year, month and day; day of the year; week and its
  // day. Else what is unsaid is that of 1970-01-01.
  std::int64_t days() const {
    const bool has_year = says('Y') || says('y'), has_date = says('m') && says('d');
    if (has_year && (has_date || says('j'))) return days_of_year();
    if (says('V') && (says('G') || says('g'))) {
      const int week_year = says('G') ? number('G') : year_of_two_digits(number('g'));
      return first_iso_monday(week_year) + 7 * (number('V') - 1) + weekday() - 1;
    }
    // Week 1 begins with the year's first Sunday, or Monday.
    const std::int64_t new_year = days_from_civil(year(), 1, 1);
    const int new_weekday = weekday_of(new_year);
    if (says('U'))
      return new_year + (7 - new_weekday % 7) % 7 + 7 * (number('U') - 1) + weekday() % 7;
    if (says('W')) return new_year + (8 - new_weekday) % 7 + 7 * (number('W') - 1) + weekday() - 1;
    return days_of_year();
  }

  std::int64_t days_of_year() const {
    if (says('j') && !(says('m') && says('d')))
      return days_from_civil(year(), 1, 1) + number('j') - 1;
    return days_from_civil(year(), says('m') ? number('m') : 1, says('d') ? number('d') : 1);
  }

  int hour() const {
    if (says('H')) return number('H');
    return says('I') ? number('I') % 12 + (number('p') == 1 ? 12 : 0) : 0;
  }

  // A leap second is the second after :59.
  bool is_leap_second() const { return number('S') == 60; }

  Civil local() const {
    const absl::CivilDay date = absl::CivilDay(1970, 1, 1) + days();
    const int second = says('S') ? std::min(number('S'), 59) : 0;
    return {date.year(), date.month(), date.day(), hour(), says('M') ? number('M') : 0,
            second,      nanosecond_};
  }

  // Whether all that is said is so of a local time.
  bool agrees_with(const Civil& local) const {
    constexpr std::string_view letters = "YCyGgmdjHIpMSUVWuw";
    return std::all_of(letters.begin(), letters.end(), [&](char letter) {
      return !says(letter) || number(letter) == number_of_conversion(letter, local) ||
             (letter == 'S' && is_leap_second());
    });
  }

  std::optional<std::int64_t> moment_of_calendar(const Zone& zone) const {
    const Civil time = local();
    if (!agrees_with(time)) return std::nullopt;
    const auto moment = moment_of(time, zone);
    if (!moment || !is_leap_second()) return moment;
    std::int64_t next = 0;
    return __builtin_add_overflow(*moment, second_length, &next) ? std::nullopt
                                                                 : std::optional(next);
  }

  std::optional<std::int64_t> moment_of(const Civil& time, const Zone& zone) const {
    if (offset_) {
      const auto moment = moment_at(time, *offset_);
      return moment && zone_may_have_offset(*moment) ? moment : std::nullopt;
    }
    if (zone_.empty()) return zone.moment(time);
    if (const auto moment = moment_called(zone_, time, zone)) return moment;
    const auto called = zone_called(zone_);
    return called ? called->moment(time) : std::nullopt;
  }

  bool zone_may_have_offset(std::int64_t moment) const {
    return zone_.empty() || may_have_offset(zone_, *offset_, moment);
  }

  // What is said besides the seconds since 1970 must be so at that moment.
  std::optional<std::int64_t> moment_of_epoch(const Zone& zone) const {
    std::int64_t moment = 0;
    if (*epoch_ < least_time / second_length ||
        __builtin_mul_overflow(*epoch_, second_length, &moment) ||
        __builtin_add_overflow(moment, nanosecond_, &moment))
      return std::nullopt;
    if (offset_) {
      const absl::CivilSecond time =
          absl::FixedTimeZone(*offset_).At(absl::FromUnixSeconds(*epoch_)).cs;
      const Civil local{time.year(),   time.month(),  time.day(), time.hour(),
                        time.minute(), time.second(), nanosecond_};
      return agrees_with(local) && zone_may_have_offset(moment) ? std::optional(moment)
                                                                : std::nullopt;
    }
    const bool is_other_zone = !zone_.empty() && !is_called(zone_, moment, zone);
    const auto called = is_other_zone ? zone_called(zone_) : std::optional(zone);
    return called && agrees_with(called->civil(moment)) ? std::optional(moment) : std::nullopt;
  }

  std::string_view rest_;
  std::array<std::int16_t, 'z' - 'A' + 1> numbers_;  // by the conversion's letter
  std::optional<std::int64_t> epoch_;
  std::optional<std::int32_t> offset_;
  std::string_view zone_;
  int nanosecond_ = 0, fraction_digits_ = 0;
};

}  // namespace

std::optional<std::int64_t> TimePattern::read(std::string_view text, const Zone& zone) const {
  Reading reading(text);
  return reading.read(steps_) ? reading.moment(zone) : std::nullopt;
}

}  // namespace riffle
