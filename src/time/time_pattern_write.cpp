#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

#include "time/calendar_day.h"
#include "time/time_pattern.h"

namespace riffle {
namespace {

constexpr std::int64_t second_length = 1000000000;

void write_number(int number, const NumericConversion& conversion, std::string& to) {
  char digits[8];
  char* at = std::end(digits);
  for (int i = 0; i < conversion.digits; i++, number /= 10)
    *--at = number == 0 && i > 0 ? conversion.filling : static_cast<char>('0' + number % 10);
  to.append(at, std::end(digits));
}

// The digits after the point; of any number of them those without zeros at the end.
void write_fraction(int nanosecond, int digits, std::string& to) {
  char text[9];
  for (int i = 8; i >= 0; i--, nanosecond /= 10) text[i] = static_cast<char>('0' + nanosecond % 10);
  std::size_t size = 9;
  if (digits != PatternStep::any_digits)
    size = static_cast<std::size_t>(digits);
  else
    while (size > 0 && text[size - 1] == '0') size--;
  to.append(text, size);
}

// Seconds are written where there are some (Paris until 1911), or with two colons.
void write_offset(std::int32_t offset, int colons, std::string& to) {
  const int size = std::abs(offset);
  const char* const colon = colons > 0 ? ":" : "";
  fmt::format_to(std::back_inserter(to), "{}{:02}{}{:02}", offset < 0 ? '-' : '+', size / 3600,
                 colon, size / 60 % 60);
  if (size % 60 != 0 || colons == 2)
    fmt::format_to(std::back_inserter(to), "{}{:02}", colon, size % 60);
}

}  // namespace

void TimePattern::write(std::int64_t time, const Zone& zone, std::string& to) const {
  const Civil local = zone.civil(time);
  for (const PatternStep& step : steps_) {
    switch (step.what) {
      case PatternStep::blanks:
      case PatternStep::text:
        to += step.literal;
        break;
      case PatternStep::fraction: {
        const std::size_t point = to.size();
        write_fraction(local.nanosecond, step.digits, to);
        if (to.size() > point) to.insert(point, 1, '.');
        break;
      }
      case 'f': {
        const std::size_t first = to.size();
        write_fraction(local.nanosecond, step.digits, to);
        if (to.size() == first) to += '0';
        break;
      }
      case 'a':
        to += weekday_name(number_of_conversion('u', local)).substr(0, short_name_size);
        break;
      case 'A':
        to += weekday_name(number_of_conversion('u', local));
        break;
      case 'b':
        to += month_name(local.month).substr(0, short_name_size);
        break;
      case 'B':
        to += month_name(local.month);
        break;
      case 'p':
        to += local.hour < 12 ? "AM" : "PM";
        break;
      case 's':
        fmt::format_to(std::back_inserter(to), "{}", (time - local.nanosecond) / second_length);
        break;
      case 'z':
        write_offset(zone.offset_at(time), step.colons, to);
        break;
      case 'Z':
        to += zone.time_zone().At(absl::FromUnixNanos(time)).zone_abbr;
        break;
      default:
        write_number(number_of_conversion(step.what, local), *numeric_conversion(step.what), to);
    }
  }
}

}  // namespace riffle
