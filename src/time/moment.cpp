#include "time/moment.h"

#include "time/text.h"

namespace riffle {
namespace {

// Two digits below `end`.
std::optional<int> two_digits(std::string_view text, int end) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
  const int number = (text[0] - '0') * 10 + (text[1] - '0');
  return number < end ? std::optional(number) : std::nullopt;
}

// Midnight, some days from the day of `now`.
Civil midnight(std::int64_t now, const Zone& zone, int days) {
  Civil day = zone.civil(now);
  day.day += days;
  day.hour = day.minute = day.second = day.nanosecond = 0;
  return day;
}

std::optional<std::int64_t> time_of_today(std::string_view text, std::int64_t now,
                                          const Zone& zone) {
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':') return std::nullopt;
  Civil time = midnight(now, zone, 0);
  const auto hour = two_digits(text.substr(0, 2), 24), minute = two_digits(text.substr(3, 2), 60);
  std::optional<int> second = 0;
  if (text.size() == 8) second = text[5] == ':' ? two_digits(text.substr(6), 60) : std::nullopt;
  if (!hour || !minute || !second) return std::nullopt;
  time.hour = *hour, time.minute = *minute, time.second = *second;
  return zone.moment(time);
}

}  // namespace

std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now,
                                         const Zone& zone) {
  if (text == "now") return now;
  if (text == "today") return zone.moment(midnight(now, zone, 0));
  if (text == "yesterday") return zone.moment(midnight(now, zone, -1));
  if (const auto time = parse_time(text, zone)) return time;
  if (const auto time = time_of_today(text, now, zone)) return time;
  const auto ago = parse_duration(text);
  std::int64_t moment = 0;
  if (!ago || __builtin_sub_overflow(now, *ago, &moment) || moment < least_time)
    return std::nullopt;
  return moment;
}

}  // namespace riffle
