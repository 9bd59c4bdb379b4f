// Times moved and compared by the units of a calendar, and shown in a zone.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "functions/families.h"
#include "functions/parts.h"
#include "time/text.h"
#include "time/time_pattern.h"
#include "time/window.h"
#include "values/calendar.h"

namespace riffle {
namespace {

__extension__ using Wide = __int128;

// Days of 0001 to 9999, the years that any argument can be moved by.
constexpr std::int64_t most_days = 3652059;

struct NamedUnit {
  std::string_view name, short_name;
  Span span;
};

constexpr std::int64_t second_length = 1000000000;
constexpr NamedUnit units[] = {{"year", "y", {Span::Unit::month, 12}},
                               {"quarter", "q", {Span::Unit::month, 3}},
                               {"month", "mo", {Span::Unit::month, 1}},
                               {"week", "w", {Span::Unit::day, 7}},
                               {"day", "d", {Span::Unit::day, 1}},
                               {"hour", "h", {Span::Unit::nanosecond, 3600 * second_length}},
                               {"minute", "m", {Span::Unit::nanosecond, 60 * second_length}},
                               {"second", "s", {Span::Unit::nanosecond, second_length}},
                               {"millisecond", "ms", {Span::Unit::nanosecond, 1000000}},
                               {"microsecond", "us", {Span::Unit::nanosecond, 1000}},
                               {"nanosecond", "ns", {Span::Unit::nanosecond, 1}}};

// "month", "months" or "mo".
Span unit_of(std::string_view word) {
  for (const NamedUnit& unit : units) {
    const bool is_plural = word.ends_with('s') && word.substr(0, word.size() - 1) == unit.name;
    if (word == unit.name || word == unit.short_name || is_plural) return unit.span;
  }
  throw std::invalid_argument(fmt::format(
      "'{}' is no unit; write year, quarter, month, week, day, hour, minute, second, ms, us or ns",
      word));
}

struct UnitAndZone {
  Span unit;
  Zone zone;

  static UnitAndZone of(FunctionCall& call) {
    const auto word = text_argument(call, 2);
    return {unit_of(word ? *word : ""), zone_argument(call, 3)};
  }
};

int days_in_month(std::int64_t year, int month) {
  const std::int64_t next =
      month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
  return static_cast<int>(next - days_from_civil(year, month, 1));
}

// `moment` moved by `n` units; local time stays, where the unit is a day or longer. A day that the
// month does not have is its last. Nothing: outside the range of times.
std::optional<std::int64_t> moved(std::int64_t moment, std::int64_t n, const UnitAndZone& parts) {
  if (n == 0) return moment;
  if (parts.unit.unit == Span::Unit::nanosecond) {
    const Wide sum = moment + static_cast<Wide>(n) * parts.unit.count;
    return sum >= least_time && sum <= greatest_time ? std::optional(static_cast<std::int64_t>(sum))
                                                     : std::nullopt;
  }
  if (n > most_days || n < -most_days) return std::nullopt;
  Civil local = parts.zone.civil(moment);
  if (parts.unit.unit == Span::Unit::day) {
    local.day += static_cast<int>(n * parts.unit.count);
  } else {
    const std::int64_t months = local.year * 12 + local.month - 1 + n * parts.unit.count;
    local.year = months >= 0 ? months / 12 : -((11 - months) / 12);
    local.month = static_cast<int>(months - local.year * 12) + 1;
    local.day = std::min(local.day, days_in_month(local.year, local.month));
  }
  return parts.zone.moment(local);
}

Value date_add(FunctionCall& call, const UnitAndZone& parts) {
  const auto moment = time_argument(call, 0);
  const auto n = whole_number_of(call[1]);
  const auto result = moment && n ? moved(*moment, *n, parts) : std::nullopt;
  return result ? time_value(*result) : call.fail();
}

// The units between two moments by the calendar alone, one too many at most.
std::int64_t units_by_calendar(std::int64_t from, std::int64_t to, const UnitAndZone& parts) {
  const Civil a = parts.zone.civil(from), b = parts.zone.civil(to);
  const std::int64_t distance =
      parts.unit.unit == Span::Unit::day
          ? days_from_civil(b.year, b.month, b.day) - days_from_civil(a.year, a.month, a.day)
          : (b.year - a.year) * 12 + b.month - a.month;
  return distance / parts.unit.count;
}

Value date_diff(FunctionCall& call, const UnitAndZone& parts) {
  const auto from = time_argument(call, 0), to = time_argument(call, 1);
  if (!from || !to) return call.fail();
  if (parts.unit.unit == Span::Unit::nanosecond) {
    const Wide distance = (static_cast<Wide>(*to) - *from) / parts.unit.count;
    if (distance > INT64_MAX || distance < INT64_MIN) return call.fail();
    return integer_value(static_cast<std::int64_t>(distance));
  }
  const auto [earlier, later] = std::minmax(*from, *to);
  const std::int64_t most = units_by_calendar(earlier, later, parts);
  const auto reached = moved(earlier, most, parts);
  const std::int64_t n = most > 0 && (!reached || *reached > later) ? most - 1 : most;
  return integer_value(*from <= *to ? n : -n);
}

// A zone whose offset at a moment has no seconds, which RFC 3339 does not write: the nearest
// minute's.
Zone of_whole_minutes(const Zone& zone, std::int64_t moment) {
  const std::int32_t offset = zone.offset_at(moment);
  if (offset % 60 == 0) return zone;
  const int minutes = (std::abs(offset) + 30) / 60;
  return *Zone::named(
      fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60));
}

Value to_zone(FunctionCall& call, const ZonePart& parts) {
  const auto moment = time_argument(call, 0);
  if (!moment) return call.fail();
  static const TimePattern patterns[] = {
      TimePattern("%Y-%m-%dT%H:%M:%S%:z"), TimePattern("%Y-%m-%dT%H:%M:%S.%L%:z"),
      TimePattern("%Y-%m-%dT%H:%M:%S.%f%:z"), TimePattern("%Y-%m-%dT%H:%M:%S.%N%:z")};
  const int fraction = *moment % second_length == 0 ? 0
                       : *moment % 1000000 == 0     ? 1
                       : *moment % 1000 == 0        ? 2
                                                    : 3;
  std::string text;
  patterns[fraction].write(*moment, of_whole_minutes(parts.zone, *moment), text);
  return text_value(call.memory.copy(text));
}

}  // namespace

std::vector<Function> date_functions() {
  Rows rows("time");
  rows.add(
          "to_zone(t, zone)", "text", 2, 2, with_parts<ZonePart, to_zone>,
          "a time as text in a zone's local time, with its offset; as a time it is the same moment",
          {{"to_zone('2026-07-31T10:00:00Z', 'Europe/Paris')", R"("2026-07-31T12:00:00+02:00")"},
           {"to_zone(1769853600.5, '-03:30')", R"("2026-01-31T06:30:00.500-03:30")"},
           {"time(to_zone('2026-01-31T10:00:00Z', 'Asia/Tokyo')) == @2026-01-31T10:00:00Z", "true"},
           {"to_zone('2026-01-31', 'Nowhere/City')", ""}})
      .prepare = prepare_parts<ZonePart, 1>;
  rows.add("date_add(t, n, unit[, zone])", "time", 3, 4, with_parts<UnitAndZone, date_add>,
           "a time moved by n units: year, quarter, month, week and day by the zone's calendar, "
           "hour, minute, second, ms, us, ns; a day that a month does not have is its last",
           {{"date_add('2026-01-31', 1, 'month')", R"("2026-02-28T00:00:00Z")"},
            {"date_add('2026-01-31T10:00:00Z', -90, 'minute')", R"("2026-01-31T08:30:00Z")"},
            {"date_add('2026-03-28T12:00:00Z', 1, 'day', 'Europe/Paris')",
             R"("2026-03-29T11:00:00Z")"},
            {"date_add('2024-02-29', 1, 'year')", R"("2025-02-28T00:00:00Z")"},
            {"date_add('2026-01-31', 1, 'fortnight')", ""}})
      .prepare = prepare_parts<UnitAndZone, 2>;
  rows.add("date_diff(from, to, unit[, zone])", "integer", 3, 4, with_parts<UnitAndZone, date_diff>,
           "how many whole units lie between two times, by the units of date_add; the same, but "
           "negative, where the first is later",
           {{"date_diff('2026-01-31', '2026-03-30', 'month')", "1"},
            {"date_diff('2026-01-31T23:00:00Z', '2026-02-02T01:00:00Z', 'day')", "1"},
            {"date_diff('2026-03-28T12:00:00Z', '2026-03-29T11:00:00Z', 'day', 'Europe/Paris')",
             "1"},
            {"date_diff('2026-02-01', '2026-01-31', 'hour')", "-24"},
            {"date_diff('2015-07-31', '2013-11-30T00:14:03', 'month')", "-20"},
            {"date_diff('2026-01-31', 'soon', 'day')", ""}})
      .prepare = prepare_parts<UnitAndZone, 2>;
  return rows.take();
}

}  // namespace riffle
