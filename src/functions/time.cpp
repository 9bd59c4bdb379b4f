// Time: moments, their calendar, their text. An argument t is a time, a text that is one, or a
// number of seconds.
#include <fmt/format.h>

#include <stdexcept>

#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/parts.h"
#include "time/calendar_day.h"
#include "time/text.h"
#include "time/time_pattern.h"
#include "time/window.h"
#include "values/decode.h"
#include "values/kinds.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::int64_t second_length = 1000000000;

std::int64_t unit_named(std::string_view name) {
  if (const std::int64_t unit = nanoseconds_in(name)) return unit;
  throw std::invalid_argument(fmt::format("'{}' is no unit; write s, ms, us or ns", name));
}

std::int64_t unit_argument(FunctionCall& call, std::size_t i) {
  if (i >= call.size()) return second_length;
  const auto name = text_argument(call, i);
  return unit_named(name ? *name : "");
}

struct UnitPart {
  std::int64_t unit;
  static UnitPart of(FunctionCall& call) { return {unit_argument(call, 1)}; }
};

// A text of a number, whose unit is named, is that number.
std::optional<std::int64_t> time_from_text(std::string_view text, std::int64_t unit) {
  const auto time = nanoseconds_from_text(text, unit);
  if (time) return *time >= least_time ? time : std::nullopt;
  const Value number = parse_number(text);
  return number.is_missing() ? std::nullopt : time_from_number(as_real(number), unit);
}

Value time_in_unit(FunctionCall& call, const UnitPart& parts) {
  auto moment = time_of(call[0], call.settings.zone, call.memory, parts.unit);
  if (!moment && call.size() > 1 && is_textual(call[0]))
    moment = time_from_text(text_of(call[0], call.memory), parts.unit);
  return moment ? time_value(*moment) : call.fail();
}

Value epoch_in_unit(FunctionCall& call, const UnitPart& parts) {
  const auto moment = time_argument(call, 0);
  if (!moment) return call.fail();
  if (*moment % parts.unit == 0) return integer_value(*moment / parts.unit);
  const int exponent = parts.unit == second_length ? -9 : parts.unit == 1000000 ? -6 : -3;
  return parse_number(fmt::format("{}e{}", *moment, exponent));
}

Value now(FunctionCall& call) { return time_value(call.settings.now); }

Value duration(FunctionCall& call) {
  if (call[0].kind == Kind::duration) return call[0];
  std::optional<std::int64_t> length;
  if (const Value number = number_of(call[0]); number.kind == Kind::real) {
    length = nanoseconds_from_number(number.real, second_length);
  } else if (number.kind == Kind::integer) {
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(number.integer, second_length, &product)) length = product;
  } else if (const auto text = text_argument(call, 0); text && number.is_missing()) {
    length = read_duration(*text);
  }
  return length ? duration_value(*length) : call.fail();
}

struct BucketParts {
  Windows windows;

  static BucketParts of(FunctionCall& call) {
    const Span size = size_of(call);
    return {Windows(size, size, 0, zone_argument(call, 2))};
  }

  static Span size_of(FunctionCall& call) {
    if (call[1].kind == Kind::duration) return span_of(call[1].integer);
    const Value number = number_of(call[1]);
    const auto seconds = number.is_missing()
                             ? std::nullopt
                             : nanoseconds_from_number(as_real(number), second_length);
    if (seconds) return span_of(*seconds);
    const auto text = text_argument(call, 1);
    const auto size = text ? parse_window_size(*text) : std::nullopt;
    if (!size)
      throw std::invalid_argument(
          "the size is no length of time; write it as 30s, 5m, 1h, 1d, 1w, 1mo or 1y");
    return *size;
  }
};

Value bucket(FunctionCall& call, const BucketParts& parts) {
  const auto moment = time_argument(call, 0);
  const auto window = moment ? parts.windows.last(*moment) : std::nullopt;
  return window ? time_value(window->start) : call.fail();
}

struct PatternParts {
  TimePattern pattern;
  Zone zone;

  static PatternParts of(FunctionCall& call) {
    const auto pattern = text_argument(call, 1);
    if (!pattern) throw std::invalid_argument("the pattern is no text");
    return {TimePattern(*pattern), zone_argument(call, 2)};
  }
};

struct ReadablePatternParts : PatternParts {
  static ReadablePatternParts of(FunctionCall& call) {
    ReadablePatternParts parts{PatternParts::of(call)};
    parts.pattern.check_readable();
    return parts;
  }
};

Value format_time(FunctionCall& call, const PatternParts& parts) {
  const auto moment = time_argument(call, 0);
  if (!moment) return call.fail();
  std::string text;
  parts.pattern.write(*moment, parts.zone, text);
  return text_value(call.memory.copy(text));
}

Value parse_time_text(FunctionCall& call, const ReadablePatternParts& parts) {
  const auto text = text_argument(call, 0);
  const auto moment = text ? parts.pattern.read(*text, parts.zone) : std::nullopt;
  return moment ? time_value(*moment) : call.fail();
}

template <std::int64_t (*part)(const Civil&)>
Value of_calendar(FunctionCall& call, const ZonePart& parts) {
  const auto moment = time_argument(call, 0);
  return moment ? integer_value(part(parts.zone.civil(*moment))) : call.fail();
}

std::int64_t year(const Civil& civil) { return civil.year; }
std::int64_t month(const Civil& civil) { return civil.month; }
std::int64_t day(const Civil& civil) { return civil.day; }
std::int64_t hour(const Civil& civil) { return civil.hour; }
std::int64_t minute(const Civil& civil) { return civil.minute; }
std::int64_t second(const Civil& civil) { return civil.second; }

std::int64_t yearday(const Civil& civil) { return yearday_of(civil); }
std::int64_t weekday(const Civil& civil) { return weekday_of(days_of(civil)); }
std::int64_t week(const Civil& civil) { return iso_week_of(civil).week; }

template <std::int64_t (*part)(const Civil&)>
void add_calendar(Rows& rows, std::string_view usage, std::string_view summary,
                  std::vector<Example> examples) {
  rows.add(usage, "integer", 1, 2, with_parts<ZonePart, of_calendar<part>>, summary,
           std::move(examples))
      .prepare = prepare_parts<ZonePart, 1>;
}

void add_calendar_rows(Rows& rows) {
  add_calendar<year>(rows, "year(t[, zone])", "the year of a time",
                     {{"year('2026-01-31T10:00:00Z')", "2026"},
                      {"year('2026-12-31T23:30:00Z', 'Europe/Paris')", "2027"}});
  add_calendar<month>(rows, "month(t[, zone])", "the month of a time, 1 to 12",
                      {{"month(@2026-01-31)", "1"}});
  add_calendar<day>(rows, "day(t[, zone])", "the day of the month, 1 to 31",
                    {{"day(@2026-01-31)", "31"}});
  add_calendar<hour>(rows, "hour(t[, zone])", "the hour of the day, 0 to 23",
                     {{"hour('2026-07-31T10:00:00Z', 'Europe/Paris')", "12"},
                      {"hour(1769853600)", "10"},
                      {"hour('noon')", ""},
                      {"hour(null)", "null"}});
  add_calendar<minute>(rows, "minute(t[, zone])", "the minute of the hour, 0 to 59",
                       {{"minute('2026-01-31T10:42:07Z')", "42"}});
  add_calendar<second>(rows, "second(t[, zone])", "the second of the minute, 0 to 59",
                       {{"second('2026-01-31T10:42:07.9Z')", "7"}});
  add_calendar<weekday>(rows, "weekday(t[, zone])", "the day of the week: 1 is Monday, 7 Sunday",
                        {{"weekday('2026-01-31')", "6"}, {"weekday('1969-12-29')", "1"}});
  add_calendar<yearday>(rows, "yearday(t[, zone])", "the day of the year, 1 to 366",
                        {{"yearday('2024-12-31')", "366"}});
  add_calendar<week>(
      rows, "week(t[, zone])",
      "the week of the year by ISO 8601, 1 to 53: week 1 has the year's first Thursday",
      {{"week('2026-01-01')", "1"}, {"week('2021-01-03')", "53"}, {"week('2024-12-30')", "1"}});
}

}  // namespace

std::vector<Function> time_functions() {
  Rows rows("time");
  rows.add("now()", "time", 0, 0, now,
           "the time at which the run began, or --now; one value per run",
           {{"now() == now()", "true"}});
  Function& time = rows.add("time(x[, unit])", "time", 1, 2, with_parts<UnitPart, time_in_unit>,
                            "a text, or a number of seconds (or of unit: s, ms, us, ns) since "
                            "1970, as a time; a text of digits is a number where the unit is named",
                            {{"time('2026-01-31 10:00:00')", R"("2026-01-31T10:00:00Z")"},
                             {"time(1769853600.123)", R"("2026-01-31T10:00:00.123Z")"},
                             {"time(1769853600123, 'ms')", R"("2026-01-31T10:00:00.123Z")"},
                             {"time('1769853600123', 'ms')", R"("2026-01-31T10:00:00.123Z")"},
                             {"time('20260131T100000Z')", R"("2026-01-31T10:00:00Z")"},
                             {"time('2025-02-29')", ""}});
  time.prepare = prepare_parts<UnitPart, 1>;
  rows.add("duration(x)", "duration", 1, 1, duration,
           "a number of seconds, or a text like 1h30m, 5.4ms, 167µs, PT26.481S or 00:01:30, as a "
           "duration; digits beyond a nanosecond are rounded",
           {{"duration('1h30m')", "5400"},
            {"duration('5.4ms')", "0.0054"},
            {"duration('PT1M26.5S')", "86.5"},
            {"duration('00:01:30')", "90"},
            {"duration(0.25)", "0.25"},
            {"duration('-5s')", "-5"},
            {"duration('soon')", ""}});
  Function& buckets = rows.add(
      "bucket(t, size[, zone])", "time", 2, 3, with_parts<BucketParts, bucket>,
      "the start of the span of time that t lies in: spans of 5m, 1h, 1d, 1w (from Monday), 1mo, "
      "1y, days and longer ones by the zone's calendar",
      {{"bucket('2026-01-31T10:42:07Z', 5m)", R"("2026-01-31T10:40:00Z")"},
       {"bucket('2026-01-31T10:42:07Z', 1w)", R"("2026-01-26T00:00:00Z")"},
       {"bucket('2026-01-31T10:42:07Z', 1mo)", R"("2026-01-01T00:00:00Z")"},
       {"bucket('2026-01-31T23:30:00Z', 1d, 'Europe/Paris')", R"("2026-01-31T23:00:00Z")"}});
  buckets.prepare = prepare_parts<BucketParts, 1>;
  buckets.calendar_argument = 1;
  rows.add(
          "format_time(t, pattern[, zone])", "text", 2, 3, with_parts<PatternParts, format_time>,
          "a time as text by a pattern of strftime: years %Y, %C %y, of ISO weeks %G %g; months %m "
          "%b %B %h; days %d %e, of the year %j, of the week %a %A %u (1 is Monday) %w (0 is "
          "Sunday); weeks %V (ISO), %U %W (from Sunday, Monday); hours %H %k, %I %l with %p; "
          "minutes %M; seconds %S; milli-, micro- and nanoseconds %L %f %N; seconds since 1970 %s; "
          "offsets %z (+0200) and %:z (+02:00), zones %Z; and %F %T %R %D %r %c %x %X %n %t %%",
          {{"format_time('2026-01-31T10:42:07Z', '%d/%b/%Y %H:%M')", R"("31/Jan/2026 10:42")"},
           {"format_time(1769853600.25, '%H:%M:%S.%L', 'Europe/Paris')", R"("11:00:00.250")"},
           {"format_time('2026-01-31T10:42:07Z', '%G-W%V-%u')", R"("2026-W05-6")"},
           {"format_time('2026-07-31T10:42:07Z', '%F %T%:z %Z', 'Europe/Paris')",
            R"("2026-07-31 12:42:07+02:00 CEST")"}})
      .prepare = prepare_parts<PatternParts, 1>;
  rows.add("parse_time(text, pattern[, zone])", "time", 2, 3,
           with_parts<ReadablePatternParts, parse_time_text>,
           "a text as a time by a pattern as in format_time, which it reads back; the zone is that "
           "of texts without an offset. %Y is four digits; %f, %L and %N are one to nine; %z is Z, "
           "+02, +0200 or +02:00; %Z is UTC, GMT, an abbreviation of the zone or one with a single "
           "meaning (EST, CET), or a name (Europe/Paris). A text that contradicts itself (a "
           "weekday that is not the date's) is none",
           {{"parse_time('31/Jan/2026:10:42:07 +0200', '%d/%b/%Y:%H:%M:%S %z')",
             R"("2026-01-31T08:42:07Z")"},
            {"parse_time('31.01.2026', '%d.%m.%Y', 'Europe/Paris')", R"("2026-01-30T23:00:00Z")"},
            {"parse_time('20260131104207', '%Y%m%d%H%M%S')", R"("2026-01-31T10:42:07Z")"},
            {"parse_time('2026-W05-6', '%G-W%V-%u')", R"("2026-01-31T00:00:00Z")"},
            {"parse_time('2026-01-31 10:42:07 EST', '%F %T %Z')", R"("2026-01-31T15:42:07Z")"},
            {"parse_time('Mon 2026-01-31', '%a %F')", ""},
            {"parse_time('yesterday', '%Y')", ""}})
      .prepare = prepare_parts<ReadablePatternParts, 1>;
  add_calendar_rows(rows);
  rows.add("epoch(t[, unit])", "number", 1, 2, with_parts<UnitPart, epoch_in_unit>,
           "the seconds (or units: s, ms, us, ns) from 1970 to a time",
           {{"epoch('2026-01-31T10:00:00Z')", "1769853600"},
            {"epoch('2026-01-31T10:00:00.5Z')", "1769853600.5"},
            {"epoch('2026-01-31T10:00:00.5Z', 'ms')", "1769853600500"}})
      .prepare = prepare_parts<UnitPart, 1>;
  return rows.take();
}

}  // namespace riffle
