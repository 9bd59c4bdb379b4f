#include "logs/log_time.h"

#include "time/zone_names.h"

namespace riffle {
namespace {

constexpr std::int64_t day_length = std::int64_t{86400} * 1000000000;

bool is_date(const Civil& date) {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  const std::int64_t first = days_from_civil(date.year, date.month, 1);
  const std::int64_t next = date.month == 12 ? days_from_civil(date.year + 1, 1, 1)
                                             : days_from_civil(date.year, date.month + 1, 1);
  return date.day <= next - first;
}

bool is_time_of_day(const Civil& local) {
  constexpr int last_hour = 23, last_minute = 59, leap_second = 60;
  return local.hour <= last_hour && local.minute <= last_minute && local.second <= leap_second;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What a text begins with that looks like `form`: see looks_like().
bool begins_like(std::string_view text, std::string_view form) {
  return text.size() >= form.size() && looks_like(text.substr(0, form.size()), form);
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = 10 * number + (c - '0');
  return number;
}

// The digits of a date and a time of one of the forms: year, month, day, hour, minute, second.
struct Form {
  std::string_view text;
  std::size_t places[6];
  std::size_t year_digits;
};
constexpr Form forms[] = {
    {"0000-00-00 00:00:00", {0, 5, 8, 11, 14, 17}, 4},
    {"0000-00-00T00:00:00", {0, 5, 8, 11, 14, 17}, 4},
    {"0000/00/00 00:00:00", {0, 5, 8, 11, 14, 17}, 4},
    {"0000-00-00, 00:00:00", {0, 5, 8, 12, 15, 18}, 4},
    {"00/00/00 00:00:00", {0, 3, 6, 9, 12, 15}, 2},
    {"000000 000000", {0, 2, 4, 7, 9, 11}, 2},
};

// How long the stamp is; 0: there is none.
std::size_t read_civil(std::string_view text, Civil& local) {
  constexpr int century = 2000;
  for (const Form& form : forms) {
    if (!begins_like(text, form.text)) continue;
    const auto digits = [&](std::size_t i) { return two_digits(text.substr(form.places[i], 2)); };
    local.year = form.year_digits == 4 ? number_of(text.substr(0, 4)) : century + digits(0);
    local.month = digits(1);
    local.day = digits(2);
    local.hour = digits(3);
    local.minute = digits(4);
    local.second = digits(5);
    std::size_t end = form.text.size();
    if (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') &&
        is_digit(text[end + 1])) {
      const std::size_t begin = ++end;
      while (end < text.size() && is_digit(text[end])) end++;
      local.nanosecond = nanoseconds_of_fraction(text.substr(begin, end - begin));
    }
    return end;
  }
  return 0;
}

// Z, +01:00, +0100, also after a blank; seconds ahead of UTC.
std::optional<std::int32_t> take_offset(TextPieces& pieces) {
  if (pieces.take("Z")) return 0;
  TextPieces after = pieces;
  after.take(" ");
  const std::string_view text = after.rest();
  const bool has_colon = begins_like(text, "+00:00");
  if (!has_colon && !begins_like(text, "+0000")) return std::nullopt;
  const int hours = two_digits(text.substr(1, 2));
  const int minutes = two_digits(text.substr(has_colon ? 4 : 3, 2));
  const std::int32_t seconds = hours * 3600 + minutes * 60;
  after.skip(has_colon ? 6 : 5);
  pieces = after;
  return text[0] == '-' ? -seconds : seconds;
}

// ` UTC`.
std::string_view take_zone_name(TextPieces& pieces) {
  TextPieces after = pieces;
  if (!after.take(" ") || after.empty() || after.rest()[0] < 'A' || after.rest()[0] > 'Z')
    return {};
  std::size_t end = 0;
  while (end < after.rest().size() && is_of_zone_name(after.rest()[end])) end++;
  const std::string_view name = after.rest().substr(0, end);
  after.skip(end);
  pieces = after;
  return name;
}

}  // namespace

bool is_moment(const Civil& local) { return is_date(local) && is_time_of_day(local); }

Value take_stamp(TextPieces& pieces, const LogSettings& settings, bool has_zone_name) {
  Civil local;
  TextPieces after = pieces;
  const std::size_t length = read_civil(pieces.rest(), local);
  if (length == 0 || !is_moment(local)) return {};
  after.skip(length);
  const auto offset = take_offset(after);
  const std::string_view name =
      !offset && has_zone_name ? take_zone_name(after) : std::string_view();
  const auto zone = name.empty() ? std::optional(settings.zone) : zone_called(name);
  const std::string_view text = pieces.rest().substr(0, pieces.rest().size() - after.rest().size());
  pieces = after;
  if (!zone) return text_value(text);
  const auto moment = offset ? moment_at(local, *offset) : zone->moment(local);
  return moment ? time_value(*moment) : text_value(text);
}

std::optional<std::int64_t> moment_without_year(Civil local, const LogSettings& settings) {
  constexpr int longest_without_leap_day = 8;  // 1896 to 1904
  if (!is_time_of_day(local)) return std::nullopt;
  local.year = settings.zone.civil(settings.now).year + 1;
  for (int back = 0; back <= longest_without_leap_day + 1; back++, local.year--) {
    if (!is_date(local)) continue;
    const auto moment = settings.zone.moment(local);
    if (moment && *moment - day_length <= settings.now) return moment;
  }
  return std::nullopt;
}

int nanoseconds_of_fraction(std::string_view digits) {
  int nanoseconds = 0;
  for (std::size_t i = 0; i < 9; i++)
    nanoseconds = 10 * nanoseconds + (i < digits.size() ? digits[i] - '0' : 0);
  return nanoseconds;
}

int two_digits(std::string_view text) {
  return (text[0] == ' ' ? 0 : text[0] - '0') * 10 + text[1] - '0';
}

}  // namespace riffle
