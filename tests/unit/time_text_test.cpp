#include <catch2/catch.hpp>
#include <string>

#include "time/text.h"
#include "values/calendar.h"

using namespace riffle;

namespace {

constexpr std::int64_t second = 1000000000;

std::optional<std::int64_t> utc(std::string_view text) { return parse_time(text, Zone()); }

std::string printed(std::optional<std::int64_t> time) { return time ? time_text(*time) : ""; }

}  // namespace

TEST_CASE("RFC 3339 texts are times") {
  CHECK(utc("1970-01-01T00:00:00Z") == 0);
  CHECK(utc("2026-01-31T10:00:00Z") == 1769853600 * second);
  CHECK(utc("2026-01-31t10:00:00z") == 1769853600 * second);
  CHECK(utc("2026-01-31 10:00:00Z") == 1769853600 * second);
  CHECK(utc("2026-01-31T10:00Z") == 1769853600 * second);
  CHECK(utc("2026-01-31") == 1769817600 * second);
  CHECK(utc("1969-12-31T23:59:59Z") == -second);
}

TEST_CASE("a time's fraction has up to nine digits") {
  CHECK(utc("1970-01-01T00:00:00.5Z") == second / 2);
  CHECK(utc("1970-01-01T00:00:00,5Z") == second / 2);
  CHECK(utc("1970-01-01T00:00:00.000000001Z") == 1);
  CHECK(utc("1970-01-01T00:00:00.123456789Z") == 123456789);
  CHECK(utc("1969-12-31T23:59:59.999999999Z") == -1);
  CHECK_FALSE(utc("1970-01-01T00:00:00.1234567890Z"));
  CHECK_FALSE(utc("1970-01-01T00:00:00.Z"));
  CHECK_FALSE(utc("1970-01-01T00:00:00."));
  CHECK_FALSE(utc("1970-01-01T00:00.5Z"));
}

TEST_CASE("a time's offset is taken off") {
  CHECK(printed(utc("2026-01-31T10:00:00+02:00")) == "2026-01-31T08:00:00Z");
  CHECK(printed(utc("2026-01-31T10:00:00-0530")) == "2026-01-31T15:30:00Z");
  CHECK(printed(utc("2026-01-31T10:00:00+02")) == "2026-01-31T08:00:00Z");
  CHECK(printed(utc("2026-01-31T10:00:00.250-00:00")) == "2026-01-31T10:00:00.250Z");
  for (const char* wrong :
       {"+2", "+2:00", "+24:00", "+02:60", "+02:", "+020", "+02:000", "Zulu", "Z ", " Z", "+"})
    CHECK_FALSE(utc(std::string("2026-01-31T10:00:00") + wrong));
}

TEST_CASE("a time without an offset is local time") {
  const Zone paris = *Zone::named("Europe/Paris");
  CHECK(printed(parse_time("2026-01-31T10:00:00", paris)) == "2026-01-31T09:00:00Z");
  CHECK(printed(parse_time("2026-07-31", paris)) == "2026-07-30T22:00:00Z");
  CHECK(printed(parse_time("2026-01-31T10:00:00Z", paris)) == "2026-01-31T10:00:00Z");
}

TEST_CASE("what is no date or no time of day is no time") {
  for (const char* wrong : {"",
                            "2026",
                            "2026-01",
                            "2026-1-31",
                            "2026-13-01",
                            "2026-00-01",
                            "2026-01-00",
                            "2026-01-32",
                            "2026-04-31",
                            "2025-02-29",
                            "1900-02-29",
                            "2026-01-31T",
                            "2026-01-31T10",
                            "2026-01-31T10:0",
                            "2026-01-31T24:00:00Z",
                            "2026-01-31T10:60:00Z",
                            "2026-01-31T10:00:60Z",
                            "2016-12-31T23:59:60Z",
                            "2026-01-31T10:00:0Z",
                            "2026-01-31T10:00:",
                            "2026-01-31T10:00:00:00",
                            "2026-01-31_10:00:00",
                            "2026/01/31",
                            "20260131",
                            "+2026-01-31",
                            " 2026-01-31",
                            "2026-01-31 ",
                            "2026-01-31Z",
                            "2o26-01-31",
                            "2026-01-31T1a:00:00Z",
                            "1769853600"})
    CHECK_FALSE(utc(wrong));
  CHECK(utc("2024-02-29"));
  CHECK(utc("2000-02-29"));
}

TEST_CASE("every character of a time counts") {
  const std::string whole = "2026-01-11T10:00:00Z";
  const std::int64_t time = *utc(whole);
  const auto days = [](int year, int month, int day) {
    return days_from_civil(year, month, day) * 86400;
  };
  const std::int64_t elsewhere = INT64_MIN;
  for (std::size_t at = 0; at < whole.size(); at++) {
    for (int c = 0; c < 256; c++) {
      std::string text = whole;
      text[at] = static_cast<char>(c);
      const int d = c - '0';
      const bool is_digit = c >= '0' && c <= '9';
      std::int64_t seconds = elsewhere;
      switch (at) {
        case 0:
          if (d == 2) seconds = time / second;
          break;  // others are out of range
        case 1:
          if (d >= 0 && d < 3) seconds = days(2026 + d * 100, 1, 11) + 36000;
          break;
        case 2:
          if (is_digit) seconds = days(2006 + d * 10, 1, 11) + 36000;
          break;
        case 3:
          if (is_digit) seconds = days(2020 + d, 1, 11) + 36000;
          break;
        case 5:
          if (d == 0 || d == 1) seconds = days(2026, d * 10 + 1, 11) + 36000;
          break;
        case 6:
          if (is_digit && d > 0) seconds = days(2026, d, 11) + 36000;
          break;
        case 8:
          if (is_digit && d < 4) seconds = days(2026, 1, d * 10 + 1) + 36000;
          break;
        case 9:
          if (is_digit) seconds = days(2026, 1, 10 + d) + 36000;
          break;
        case 10:
          if (c == 'T' || c == 't' || c == ' ') seconds = time / second;
          break;
        case 11:
          if (is_digit && d < 3) seconds = days(2026, 1, 11) + d * 36000;
          break;
        case 12:
          if (is_digit) seconds = days(2026, 1, 11) + (10 + d) * 3600;
          break;
        case 14:
          if (is_digit && d < 6) seconds = days(2026, 1, 11) + 36000 + d * 600;
          break;
        case 15:
          if (is_digit) seconds = days(2026, 1, 11) + 36000 + d * 60;
          break;
        case 17:
          if (is_digit && d < 6) seconds = days(2026, 1, 11) + 36000 + d * 10;
          break;
        case 18:
          if (is_digit) seconds = days(2026, 1, 11) + 36000 + d;
          break;
        case 19:
          if (c == 'Z' || c == 'z') seconds = time / second;
          break;
        default:
          if (text == whole) seconds = time / second;
          break;
      }
      INFO(text);
      REQUIRE(utc(text) == (seconds == elsewhere ? std::nullopt : std::optional(seconds * second)));
    }
  }
}

TEST_CASE(
    "every prefix of a time that is longer than a date and shorter than its minutes is none") {
  const std::string whole = "2026-01-31T10:00:00.123456789+02:00";
  for (std::size_t size = 0; size < 16; size++)
    CHECK(utc(whole.substr(0, size)).has_value() == (size == 10));
}

TEST_CASE("times end where 64 bits of nanoseconds do") {
  CHECK(utc("1677-09-22T00:00:00Z") == least_time);
  CHECK_FALSE(utc("1677-09-21T23:59:59.999999999Z"));
  CHECK(utc("2262-04-11T23:47:16.854775807Z") == greatest_time);
  CHECK_FALSE(utc("2262-04-11T23:47:16.854775808Z"));
  CHECK_FALSE(utc("2262-04-11T23:47:17Z"));
  CHECK_FALSE(utc("1677-09-22T00:00:00+02:00"));
  CHECK_FALSE(utc("0000-01-01"));
  CHECK_FALSE(utc("9999-12-31"));
  CHECK_FALSE(parse_time("1677-09-22T00:00:00", *Zone::named("Asia/Tokyo")));
}

TEST_CASE("what is printed reads back") {
  for (const std::int64_t time : {least_time, std::int64_t{-1}, std::int64_t{0},
                                  std::int64_t{951782400123456789}, greatest_time})
    CHECK(utc(printed(time)) == time);
}

TEST_CASE("numbers become times by their unit") {
  CHECK(nanoseconds_in("s") == second);
  CHECK(nanoseconds_in("ms") == 1000000);
  CHECK(nanoseconds_in("us") == 1000);
  CHECK(nanoseconds_in("ns") == 1);
  CHECK(nanoseconds_in("m") == 0);
  CHECK(nanoseconds_in("") == 0);
  CHECK(time_from_number(std::int64_t{1769853600}, second) == 1769853600 * second);
  CHECK(time_from_number(std::int64_t{-1}, second) == -second);
  CHECK(time_from_number(std::int64_t{9223372036}, second) == 9223372036 * second);
  CHECK_FALSE(time_from_number(std::int64_t{9223372037}, second));
  CHECK_FALSE(time_from_number(std::int64_t{1769853600123}, second));
  CHECK(time_from_number(std::int64_t{1769853600123}, 1000000) == 1769853600123000000);
  CHECK_FALSE(time_from_number(INT64_MIN, 1));
}

TEST_CASE("a real number of seconds is the decimal number that it prints as") {
  CHECK(time_from_number(1769853600.123, second) == 1769853600123000000);
  CHECK(time_from_number(1769853600.123456, second) == 1769853600123456000);
  CHECK(time_from_number(-1769853600.123, second) == -1769853600123000000);
  CHECK(time_from_number(0.1, second) == second / 10);
  CHECK(time_from_number(1.123456789, second) == 1123456789);
  CHECK(time_from_number(-1.123456789, second) == -1123456789);
  CHECK(time_from_number(1e-9, second) == 1);
  CHECK(time_from_number(1e-300, second) == 0);
  CHECK(time_from_number(1769853600123.5, 1000000) == 1769853600123500000);
  CHECK(time_from_number(1.7e9, second) == 1700000000 * second);
  CHECK_FALSE(time_from_number(1e300, second));
  CHECK_FALSE(time_from_number(9223372037.0, second));
  CHECK_FALSE(time_from_number(-9223372036.0, second));
  CHECK_FALSE(time_from_number(std::numeric_limits<double>::quiet_NaN(), second));
  CHECK_FALSE(time_from_number(std::numeric_limits<double>::infinity(), second));
}

TEST_CASE("durations are numbers with units, largest first") {
  CHECK(parse_duration("250ms") == 250000000);
  CHECK(parse_duration("1h30m") == 5400 * second);
  CHECK(parse_duration("2d") == 172800 * second);
  CHECK(parse_duration("1w") == 604800 * second);
  CHECK(parse_duration("1w2d3h4m5s6ms7us8ns") ==
        (604800 + 172800 + 10800 + 240 + 5) * second + 6007008);
  CHECK(parse_duration("0s") == 0);
  CHECK(parse_duration("010s") == 10 * second);
  CHECK(parse_duration("9223372036854775807ns") == INT64_MAX);
  for (const char* wrong :
       {"", "5", "s", "1.5h", "-5s", "5 s", "30m1h", "5s5s", "1mo", "1y", "5S", "1h30",
        "9223372036854775808ns", "15251w", "9223372036s999ms", "99999999999999999999s", "1h 30m"})
    CHECK_FALSE(parse_duration(wrong));
}

TEST_CASE("the basic form is a time with its T alone") {
  CHECK(printed(utc("20260131T100000Z")) == "2026-01-31T10:00:00Z");
  CHECK(printed(utc("20260131t100000.25")) == "2026-01-31T10:00:00.250Z");
  CHECK(printed(utc("20260131T1000")) == "2026-01-31T10:00:00Z");
  CHECK(printed(utc("20260131T1000+0200")) == "2026-01-31T08:00:00Z");
  CHECK(printed(utc("20260131T100000.123456789+02:00")) == "2026-01-31T08:00:00.123456789Z");
  CHECK(printed(parse_time("20260131T100000", *Zone::named("Europe/Paris"))) ==
        "2026-01-31T09:00:00Z");
  for (const char* wrong :
       {"20260131", "20260131 100000", "20260131T", "20260131T10", "20260131T100", "20260131T10000",
        "20260230T1000", "20260131T2400", "20260131T100060", "20260131T1000.5", "2026131T100000",
        "20260131TT1000", "202601TTT1000", "20260131T10:00:00", "20260131T100000.1234567890",
        "20260131T100000.123456789+02:00x"})
    CHECK_FALSE(utc(wrong));
}

TEST_CASE("a text of digits is so many units, exactly") {
  CHECK(nanoseconds_from_text("1714500411.123456789", second) == 1714500411123456789);
  CHECK(nanoseconds_from_text("1534860261221373", 1000) == 1534860261221373000);
  CHECK(nanoseconds_from_text("9223372036854775807", 1) == INT64_MAX);
  CHECK(nanoseconds_from_text("-1.5", second) == -1500000000);
  CHECK(nanoseconds_from_text("0.0000000005", second) == 1);
  CHECK(nanoseconds_from_text("-0.0000000005", second) == -1);
  CHECK(nanoseconds_from_text("0.00000000049999999999999", second) == 0);
  for (const char* wrong : {"", "-", "1.", ".5", "1e9", "1,5", " 1", "1 ", "+1",
                            "9223372036854775808", "99999999999999999999"})
    CHECK_FALSE(nanoseconds_from_text(wrong, 1));
}

TEST_CASE("durations are read as programs write them") {
  CHECK(read_duration("5.4ms") == 5400000);
  CHECK(read_duration("167\u00b5s") == 167000);
  CHECK(read_duration("167\u03bcs") == 167000);
  CHECK(read_duration("1h2m3.5s") == 3723500000000);
  CHECK(read_duration("1w 2d 3h 4m 5s 6ms 7us 8ns") == parse_duration("1w2d3h4m5s6ms7us8ns"));
  CHECK(read_duration("1.5h30m") == 7200 * second);
  CHECK(read_duration("-1h30m") == -5400 * second);
  CHECK(read_duration("+5s") == 5 * second);
  CHECK(read_duration("PT26.481S") == 26481000000);
  CHECK(read_duration("PT0,5S") == second / 2);
  CHECK(read_duration("P1DT2H") == 93600 * second);
  CHECK(read_duration("P2W") == 14 * 86400 * second);
  CHECK(read_duration("-PT1M") == -60 * second);
  CHECK(read_duration("PT-1M-30S") == -90 * second);
  CHECK(read_duration("00:01:30") == 90 * second);
  CHECK(read_duration("100:00:00.25") == 360000 * second + second / 4);
  CHECK(read_duration("-00:00:01,5") == -1500000000);
  for (const char* wrong : {"",         "5",       "s",         "-",
                            "1.s",      ".5s",     "1,5s",      "30m1h",
                            "5s5s",     "5min",    "5S",        "1mo",
                            "1y",       "1h30",    "5s soon",   "P",
                            "PT",       "P1M",     "P1Y",       "P1H",
                            "PT1D",     "P1DT",    "PT1S1M",    "PT1.5M30S",
                            "pt1s",     "01:30",   "1:2:3",     "00:60:00",
                            "00:00:60", "00:00:0", "1.5:00:00", "99999999999999999999s",
                            "15251w",   "--5s",    "PT1,234,5S"})
    CHECK_FALSE(read_duration(wrong));
}
