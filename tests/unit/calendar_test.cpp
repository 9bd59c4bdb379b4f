#include "values/calendar.h"

#include <catch2/catch.hpp>

using namespace riffle;

namespace {

std::string text(std::int64_t nanoseconds) { return time_text(nanoseconds); }

constexpr std::int64_t second = 1000000000;

}  // namespace

TEST_CASE("a time has 0, 3, 6 or 9 fraction digits, as needed") {
  CHECK(text(0) == "1970-01-01T00:00:00Z");
  CHECK(text(second / 2) == "1970-01-01T00:00:00.500Z");
  CHECK(text(second / 1000000) == "1970-01-01T00:00:00.000001Z");
  CHECK(text(1) == "1970-01-01T00:00:00.000000001Z");
  CHECK(text(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(text(1769853600 * second) == "2026-01-31T10:00:00Z");
}

TEST_CASE("times print to the ends of their range") {
  CHECK(text(INT64_MAX) == "2262-04-11T23:47:16.854775807Z");
  CHECK(text(INT64_MIN) == "1677-09-21T00:12:43.145224192Z");
}

TEST_CASE("a zone's offset is printed in place of Z") {
  print_times_in([](std::int64_t) { return 3600 + 1800; });
  CHECK(text(0) == "1970-01-01T01:30:00+01:30");
  print_times_in([](std::int64_t) { return -5 * 3600; });
  CHECK(text(0) == "1969-12-31T19:00:00-05:00");
  print_times_in(nullptr);
}

TEST_CASE("days and the calendar agree, leap years included") {
  for (std::int64_t day = days_from_civil(1678, 1, 1); day < days_from_civil(2262, 1, 1); day++) {
    const Civil civil = civil_from_time(day * 86400 * second);
    REQUIRE(days_from_civil(civil.year, civil.month, civil.day) == day);
  }
  CHECK(days_from_civil(-1, 3, 1) == -719468 - 366);
  CHECK(days_from_civil(-400000, 3, 1) == -719468 - 1000 * 146097);
  CHECK(days_from_civil(2000, 2, 29) + 1 == days_from_civil(2000, 3, 1));
  CHECK(days_from_civil(1900, 2, 28) + 1 == days_from_civil(1900, 3, 1));
}
