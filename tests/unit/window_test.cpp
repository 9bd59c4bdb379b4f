#include "time/window.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "time/text.h"

using namespace riffle;

namespace {

using List = std::vector<Bounds>;

List windows(const Windows& of, std::int64_t time) {
  List list;
  of.assign(time, list);
  return list;
}

Windows fixed(std::int64_t size, std::int64_t every, std::int64_t offset = 0) {
  return {{Span::Unit::nanosecond, size}, {Span::Unit::nanosecond, every}, offset, Zone()};
}

std::int64_t utc(std::string_view text) { return *parse_time(text, Zone()); }

std::string printed(const List& list) {
  std::string out;
  for (const Bounds& window : list) {
    out += out.empty() ? "" : " ";
    out += time_text(window.start) + '/' + time_text(window.end);
  }
  return out;
}

// As the words of a command; `every` and `offset` may be empty.
Windows parsed(std::string_view size, std::string_view every, std::string_view offset,
               const Zone& zone, bool cumulate = false) {
  const bool is_negative = offset.starts_with('-');
  const std::int64_t moved =
      offset.empty() ? 0 : *parse_duration(offset.substr(is_negative ? 1 : 0));
  const Span length = *parse_window_size(size),
             step = every.empty() ? length : *parse_window_size(every);
  if (cumulate) return Windows::cumulating(length, step, is_negative ? -moved : moved, zone);
  return {length, step, is_negative ? -moved : moved, zone};
}

std::string of(std::string_view size, std::string_view every, std::string_view offset,
               std::string_view zone, std::string_view time) {
  return printed(windows(parsed(size, every, offset, *Zone::named(zone)), utc(time)));
}

std::string refusal(std::string_view size, std::string_view every = {},
                    std::string_view offset = {}, std::string_view zone = "UTC") {
  try {
    parsed(size, every, offset, *Zone::named(zone));
  } catch (const std::invalid_argument& reason) {
    return reason.what();
  }
  return "";
}

}  // namespace

TEST_CASE("tumbling windows begin at multiples of their size") {
  const Windows w = fixed(5000, 5000);
  CHECK(windows(w, 0) == List{{0, 5000}});
  CHECK(windows(w, 4999) == List{{0, 5000}});
  CHECK(windows(w, 5000) == List{{5000, 10000}});
  CHECK(windows(w, -1) == List{{-5000, 0}});
  CHECK(windows(w, -5000) == List{{-5000, 0}});
  CHECK(windows(w, -5001) == List{{-10000, -5000}});
}

TEST_CASE("an offset moves windows either way") {
  CHECK(windows(fixed(5000, 5000, 100), 100) == List{{100, 5100}});
  CHECK(windows(fixed(5000, 5000, 100), 5099) == List{{100, 5100}});
  CHECK(windows(fixed(5000, 5000, 100), 99) == List{{-4900, 100}});
  CHECK(windows(fixed(5000, 5000, -100), 0) == List{{-100, 4900}});
  CHECK(windows(fixed(5000, 5000, -100), 4899) == List{{-100, 4900}});
  CHECK(windows(fixed(5000, 5000, -100), 4900) == List{{4900, 9900}});
}

TEST_CASE("sliding windows are assigned oldest first, before 1970 too") {
  CHECK(windows(fixed(10, 5), 0) == List{{-5, 5}, {0, 10}});
  CHECK(windows(fixed(10, 5), 4) == List{{-5, 5}, {0, 10}});
  CHECK(windows(fixed(10, 5), 5) == List{{0, 10}, {5, 15}});
  CHECK(windows(fixed(10, 4), 4) == List{{-4, 6}, {0, 10}, {4, 14}});
  CHECK(windows(fixed(10, 4), 6) == List{{0, 10}, {4, 14}});
  CHECK(windows(fixed(10, 5, 1), 0) == List{{-9, 1}, {-4, 6}});
  CHECK(fixed(10, 5).last(4) == Bounds{0, 10});
}

TEST_CASE("every time lies in its windows, and in no other") {
  for (const std::int64_t size : {1, 3, 7, 10})
    for (const std::int64_t every : {1, 2, 3, 7})
      for (const std::int64_t offset : {-1, 0, 1, 2})
        for (std::int64_t time = -30; time < 30; time++) {
          if (every > size || offset >= every || -offset >= every) continue;
          List expected;
          for (std::int64_t start = -840 + offset; start <= time; start += every)
            if (start + size > time) expected.push_back({start, start + size});
          REQUIRE(windows(fixed(size, every, offset), time) == expected);
        }
}

TEST_CASE("a window that leaves the range of times is none") {
  CHECK(windows(fixed(5000, 5000), least_time).size() == 1);
  CHECK(windows(fixed(7000, 7000), least_time).empty());
  CHECK(windows(fixed(5000, 5000), greatest_time).empty());
  CHECK(windows(fixed(10, 5), least_time).empty());
  CHECK(windows(fixed(10, 5), greatest_time).empty());
  CHECK_FALSE(fixed(5000, 5000).last(greatest_time));
  CHECK(of("1mo", "", "", "UTC", "2262-04-11T00:00:00Z").empty());
  CHECK(of("1y", "", "", "UTC", "1677-12-01T00:00:00Z").empty());
  CHECK(of("1d", "", "", "Europe/Paris", "2262-04-11T23:00:00Z").empty());
  CHECK(of("1d", "", "", "America/New_York", "1677-09-22T01:00:00Z").empty());
}

TEST_CASE("weeks start on Monday") {
  CHECK(of("1w", "", "", "UTC", "1970-01-01T00:00:00Z") ==
        "1969-12-29T00:00:00Z/1970-01-05T00:00:00Z");
  CHECK(of("1w", "", "", "UTC", "2026-02-01T23:59:59Z") ==
        "2026-01-26T00:00:00Z/2026-02-02T00:00:00Z");
  CHECK(of("7d", "", "", "UTC", "2026-02-01T23:59:59Z") ==
        "2026-01-26T00:00:00Z/2026-02-02T00:00:00Z");
  CHECK(of("1w", "", "-1d", "UTC", "2026-02-01T00:00:00Z") ==
        "2026-02-01T00:00:00Z/2026-02-08T00:00:00Z");
  CHECK(of("1w", "", "", "Europe/Paris", "2026-02-01T23:00:00Z") ==
        "2026-02-01T23:00:00Z/2026-02-08T23:00:00Z");
}

TEST_CASE("a day in a zone has 23, 24 or 25 hours") {
  CHECK(of("1d", "", "", "Europe/Paris", "2026-01-31T22:59:59Z") ==
        "2026-01-30T23:00:00Z/2026-01-31T23:00:00Z");
  CHECK(of("1d", "", "", "Europe/Paris", "2026-03-29T10:00:00Z") ==
        "2026-03-28T23:00:00Z/2026-03-29T22:00:00Z");
  CHECK(of("1d", "", "", "Europe/Paris", "2026-10-25T10:00:00Z") ==
        "2026-10-24T22:00:00Z/2026-10-25T23:00:00Z");
  CHECK(of("1d", "", "6h", "Europe/Paris", "2026-03-29T03:59:59Z") ==
        "2026-03-28T05:00:00Z/2026-03-29T04:00:00Z");
  CHECK(of("1d", "", "-6h", "Europe/Paris", "2026-03-28T17:00:00Z") ==
        "2026-03-28T17:00:00Z/2026-03-29T16:00:00Z");
  CHECK(of("2d", "1d", "", "Europe/Paris", "2026-03-29T10:00:00Z") ==
        "2026-03-27T23:00:00Z/2026-03-29T22:00:00Z 2026-03-28T23:00:00Z/2026-03-30T22:00:00Z");
}

TEST_CASE(
    "a day without its midnight begins when the clock does, and a skipped day holds nothing") {
  CHECK(of("1d", "", "", "America/Sao_Paulo", "2018-11-04T12:00:00Z") ==
        "2018-11-04T03:00:00Z/2018-11-05T02:00:00Z");
  CHECK(of("1d", "", "", "Pacific/Apia", "2011-12-30T10:00:00Z") ==
        "2011-12-30T10:00:00Z/2011-12-31T10:00:00Z");
}

TEST_CASE("days in a zone follow each other without gaps") {
  for (const char* name : {"Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "America/St_Johns",
                           "Australia/Lord_Howe"}) {
    const Windows days = parsed("1d", "", "30m", *Zone::named(name));
    const std::int64_t hour = 3600 * std::int64_t{1000000000};
    std::optional<Bounds> before;
    for (std::int64_t time = utc("2005-01-01"); time < utc("2019-01-01"); time += hour) {
      const auto day = days.last(time);
      REQUIRE(day);
      REQUIRE(day->start <= time);
      REQUIRE(time < day->end);
      REQUIRE((!before || *before == *day || before->end == day->start));
      before = day;
    }
  }
}

TEST_CASE("hours are the same in every zone") {
  CHECK(of("6h", "", "", "Asia/Kolkata", "2026-01-31T10:00:00Z") ==
        "2026-01-31T06:00:00Z/2026-01-31T12:00:00Z");
}

TEST_CASE("months and years follow the calendar") {
  CHECK(of("1mo", "", "", "UTC", "2024-02-29T23:59:59Z") ==
        "2024-02-01T00:00:00Z/2024-03-01T00:00:00Z");
  CHECK(of("1mo", "", "", "UTC", "1969-12-31T23:59:59Z") ==
        "1969-12-01T00:00:00Z/1970-01-01T00:00:00Z");
  CHECK(of("3mo", "", "", "UTC", "2026-05-10T00:00:00Z") ==
        "2026-04-01T00:00:00Z/2026-07-01T00:00:00Z");
  CHECK(of("1y", "", "", "UTC", "2026-05-10T00:00:00Z") ==
        "2026-01-01T00:00:00Z/2027-01-01T00:00:00Z");
  CHECK(of("1mo", "", "", "Europe/Paris", "2026-03-31T22:00:00Z") ==
        "2026-03-31T22:00:00Z/2026-04-30T22:00:00Z");
  CHECK(of("1mo", "", "10d", "UTC", "2026-03-05T00:00:00Z") ==
        "2026-02-11T00:00:00Z/2026-03-11T00:00:00Z");
  CHECK(of("1mo", "", "-10d", "UTC", "2026-03-25T00:00:00Z") ==
        "2026-03-22T00:00:00Z/2026-04-21T00:00:00Z");
  CHECK(of("3mo", "1mo", "", "UTC", "2026-03-05T00:00:00Z") ==
        "2026-01-01T00:00:00Z/2026-04-01T00:00:00Z 2026-02-01T00:00:00Z/2026-05-01T00:00:00Z "
        "2026-03-01T00:00:00Z/2026-06-01T00:00:00Z");
}

TEST_CASE("lengths are recognised by their value") {
  CHECK(parse_window_size("30s") == Span{Span::Unit::nanosecond, 30000000000});
  CHECK(parse_window_size("24h") == Span{Span::Unit::day, 1});
  CHECK(parse_window_size("14d") == Span{Span::Unit::week, 2});
  CHECK(parse_window_size("36h") == Span{Span::Unit::nanosecond, 129600000000000});
  CHECK(parse_window_size("2mo") == Span{Span::Unit::month, 2});
  CHECK(parse_window_size("2y") == Span{Span::Unit::month, 24});
  for (const char* wrong : {"", "5", "mo", "y", "-1mo", "1mo2d", "1y1mo", "1 mo",
                            "99999999999999999999y", "1000000000000000000y", "x"})
    CHECK_FALSE(parse_window_size(wrong));
}

TEST_CASE("cumulating windows begin together and end one after the other") {
  const auto cumulating = [](std::string_view size, std::string_view every, std::string_view offset,
                             std::string_view zone, std::string_view time) {
    return printed(windows(parsed(size, every, offset, *Zone::named(zone), true), utc(time)));
  };
  CHECK(cumulating("3h", "1h", "", "UTC", "2026-01-31T10:30:00Z") ==
        "2026-01-31T09:00:00Z/2026-01-31T11:00:00Z 2026-01-31T09:00:00Z/2026-01-31T12:00:00Z");
  CHECK(cumulating("3h", "1h", "", "UTC", "2026-01-31T11:00:00Z") ==
        "2026-01-31T09:00:00Z/2026-01-31T12:00:00Z");
  CHECK(cumulating("3h", "1h", "15m", "UTC", "2026-01-31T09:10:00Z") ==
        "2026-01-31T06:15:00Z/2026-01-31T09:15:00Z");
  CHECK(cumulating("2s", "1s", "", "UTC", "1969-12-31T23:59:58.5Z") ==
        "1969-12-31T23:59:58Z/1969-12-31T23:59:59Z 1969-12-31T23:59:58Z/1970-01-01T00:00:00Z");
  CHECK(cumulating("1m", "1m", "", "UTC", "2026-01-31T10:30:10Z") ==
        "2026-01-31T10:30:00Z/2026-01-31T10:31:00Z");
  // The day on which summer time begins has 23 hours.
  CHECK(cumulating("1d", "12h", "", "Europe/Paris", "2026-03-29T08:00:00Z") ==
        "2026-03-28T23:00:00Z/2026-03-29T11:00:00Z 2026-03-28T23:00:00Z/2026-03-29T22:00:00Z");
  CHECK(cumulating("1w", "1d", "", "Europe/Paris", "2026-03-28T12:00:00Z") ==
        "2026-03-22T23:00:00Z/2026-03-28T23:00:00Z 2026-03-22T23:00:00Z/2026-03-29T22:00:00Z");
  CHECK(cumulating("1mo", "1d", "", "UTC", "2026-02-27T12:00:00Z") ==
        "2026-02-01T00:00:00Z/2026-02-28T00:00:00Z 2026-02-01T00:00:00Z/2026-03-01T00:00:00Z");
  CHECK(cumulating("1y", "6mo", "", "UTC", "2026-02-27T12:00:00Z") ==
        "2026-01-01T00:00:00Z/2026-07-01T00:00:00Z 2026-01-01T00:00:00Z/2027-01-01T00:00:00Z");
  const auto refused = [](std::string_view size, std::string_view every) -> std::string {
    try {
      parsed(size, every, "", Zone(), true);
      return "";
    } catch (const std::invalid_argument& reason) {
      return reason.what();
    }
  };
  CHECK(refused("1h", "7m").find("must divide") != std::string::npos);
  CHECK(refused("1m", "1h").find("must divide") != std::string::npos);
  CHECK(refused("1mo", "2d").find("must divide") != std::string::npos);
  CHECK(refused("1w", "1mo").find("longer than a window") != std::string::npos);
  CHECK(refused("1h", "0s").find("more than zero") != std::string::npos);
  CHECK(refused("1d", "1us").find("1,000,000") != std::string::npos);
}

TEST_CASE("windows that make no sense are refused with a reason") {
  CHECK(refusal("1m") == "");
  CHECK(refusal("0s").find("more than zero") != std::string::npos);
  CHECK(refusal("0mo").find("more than zero") != std::string::npos);
  CHECK(refusal("5m", "0s").find("more than zero") != std::string::npos);
  CHECK(refusal("5s", "", "5s").find("offset must be less") != std::string::npos);
  CHECK(refusal("5s", "", "-5s").find("offset must be less") != std::string::npos);
  CHECK(refusal("5s", "1s", "1s").find("offset must be less") != std::string::npos);
  CHECK(refusal("1mo", "", "28d").find("offset must be less") != std::string::npos);
  CHECK(refusal("1d", "", "24h", "Europe/Paris").find("offset must be less") != std::string::npos);
  CHECK(refusal("5s", "6s").find("would be lost") != std::string::npos);
  CHECK(refusal("1mo", "1d").find("months") != std::string::npos);
  CHECK(refusal("5d", "1mo").find("months") != std::string::npos);
  CHECK(refusal("1h", "1us").find("1,000,000") != std::string::npos);
  CHECK(refusal("9999y").find("whole range") != std::string::npos);
  CHECK_THROWS_AS(Windows({Span::Unit::day, INT64_MAX}, {Span::Unit::day, 1}, 0, Zone()),
                  std::invalid_argument);
  CHECK_THROWS_AS(Windows({Span::Unit::week, INT64_MAX}, {Span::Unit::week, 1}, 0,
                          *Zone::named("Europe/Paris")),
                  std::invalid_argument);
}

namespace {

// Every moment of a stretch of time against its windows: a slice is where they are the same, and
// after() goes through them all.
void check_slices(const Windows& of, std::int64_t from, std::int64_t to, std::int64_t step) {
  List all;
  Bounds last{from, from};
  for (std::int64_t time = from; time < to; time += step) {
    const List here = windows(of, time);
    const auto slice = of.slice(time);
    REQUIRE(slice);
    CHECK((slice->start <= time && time < slice->end));
    CHECK((windows(of, slice->start) == here && windows(of, slice->end - 1) == here));
    CHECK((windows(of, slice->start - 1) != here && windows(of, slice->end) != here));
    for (const Bounds& window : here)
      if (window.end > last.end) all.push_back(last = window);
  }
  for (std::size_t i = 0; i + 1 < all.size(); i++) CHECK(of.after(all[i]) == all[i + 1]);
}

}  // namespace

TEST_CASE("a slice is the longest span whose moments are in the same windows") {
  for (const std::int64_t size : {6, 7, 10})
    for (const std::int64_t every : {1, 2, 3, 6})
      for (const std::int64_t offset : {0, 1, -1})
        if (offset > -every && offset < every) check_slices(fixed(size, every, offset), -25, 25, 1);
  const Zone paris = *Zone::named("Europe/Paris");
  const std::int64_t from = utc("2026-03-20T00:00:00Z"), to = utc("2026-04-08T00:00:00Z"),
                     hour = 3600000000000;
  check_slices(parsed("3d", "2d", "", paris), from, to, hour);
  check_slices(parsed("1w", "1d", "2h", paris), from, to, hour);
  check_slices(parsed("3mo", "2mo", "", paris), from, to, 24 * hour);
  check_slices(parsed("1w", "1d", "", paris, true), from, to, hour);
  check_slices(parsed("3h", "1h", "15m", paris, true), from, to, hour / 4);
  check_slices(parsed("1mo", "1d", "", Zone(), true), from, to, hour);
}

TEST_CASE("after a day that a zone skipped comes the next one") {
  const Zone apia = *Zone::named("Pacific/Apia");
  const std::int64_t from = utc("2011-12-26T00:00:00Z"), to = utc("2012-01-06T00:00:00Z"),
                     hour = 3600000000000;
  for (const char* const size : {"1d", "2d", "3d"})
    check_slices(parsed(size, size, "", apia), from, to, hour);
  const Windows days = parsed("1d", "1d", "", apia);
  const std::int64_t skipped = utc("2011-12-30T10:00:00Z");
  CHECK(days.after({skipped - 24 * hour, skipped}) == Bounds{skipped, skipped + 24 * hour});
}

TEST_CASE("the first and the last moments of all times are in no slice that leaves them") {
  CHECK(!fixed(10, 2).slice(INT64_MAX - 1));
  CHECK(!fixed(10, 2).after({INT64_MAX - 11, INT64_MAX - 1}));
}
