#include <catch2/catch.hpp>

#include "formats/display/digits.h"
#include "formats/display/json_painter.h"
#include "formats/display/table_layout.h"

namespace riffle {
namespace {

TEST_CASE("numbers are rounded to significant digits, whole parts never") {
  CHECK(rounded("17.099999999999998", 6) == "17.1");
  CHECK(rounded("302.91861234714213", 6) == "302.919");
  CHECK(rounded("1234567.89", 6) == "1234568");
  CHECK(rounded("999999.5", 6) == "1000000");
  CHECK(rounded("9.9999999", 6) == "10");
  CHECK(rounded("-0.000123456789", 6) == "-0.000123457");
  CHECK(rounded("1.23456789e-9", 6) == "1.23457e-9");
  CHECK(rounded("0.5", 6) == "0.5");
  CHECK(rounded("1.50", 6) == "1.50");
  CHECK(rounded("12345678901234567890", 6) == "12345678901234567890");
  CHECK(rounded("1e400", 6) == "1e400");
  CHECK(rounded("3.14159", 3) == "3.14");
  CHECK(rounded("3.14159", 0) == "3.14159");
  CHECK(rounded("-0.0000000", 6) == "-0.0000000");
  CHECK(rounded("", 6).empty());
}

TEST_CASE("durations are spelled with their units") {
  constexpr std::int64_t second = 1000000000;
  CHECK(duration_for_people(0, 6) == "0s");
  CHECK(duration_for_people(5400 * second, 6) == "1h30m");
  CHECK(duration_for_people(-5400 * second, 6) == "-1h30m");
  CHECK(duration_for_people(31 * 86400 * second, 6) == "31d");
  CHECK(duration_for_people(5400000, 6) == "5.4ms");
  CHECK(duration_for_people(167000, 6) == "167us");
  CHECK(duration_for_people(12, 6) == "12ns");
  CHECK(duration_for_people(125250000000, 6) == "2m5.25s");
  CHECK(duration_for_people(5412333333333, 6) == "1h30m12.33s");
  CHECK(duration_for_people(5412333333333, 0) == "1h30m12.333333333s");
  CHECK(duration_for_people(59999999999, 6) == "1m");
  CHECK(duration_for_people(INT64_MIN, 6) == "-106751d23h47m17s");
}

TEST_CASE("a text is cut by its width on a terminal") {
  CHECK(cut_to("abcdef", 6) == "abcdef");
  CHECK(cut_to("abcdef", 5) == "abcd…");
  CHECK(cut_to("日本語", 5) == "日本…");
  CHECK(cut_to("日本語", 4) == "日…");
}

TEST_CASE("columns give way from the widest, and are hidden when that is not enough") {
  std::vector<ColumnLayout> columns(3);
  columns[0].width = 10, columns[1].width = 60, columns[2].width = 20;
  const std::vector<std::size_t> least = {8, 8, 20};
  fit(columns, least, 50);
  CHECK(columns[0].width == 10);
  CHECK(columns[1].width == 16);
  CHECK(columns[2].width == 20);
  fit(columns, least, 33);
  CHECK(columns[1].hidden);
  CHECK(!columns[2].hidden);
}

TEST_CASE("JSON is coloured alike in pieces of any size") {
  const std::string json = "[{\"a\\\"b\":[1,-2.5e3,\"t\"],\"c\":{\"d\":true}},null]\n{\"e\":false}";
  JsonPainter whole;
  const std::string expected = whole.painted(json);
  CHECK(expected.find("\x1b[34m\"a\\\"b\"\x1b[0m:[\x1b[36m1\x1b[0m,\x1b[36m-2.5e3\x1b[0m,"
                      "\x1b[32m\"t\"\x1b[0m]") != std::string::npos);
  CHECK(expected.find("\x1b[34m\"d\"\x1b[0m:\x1b[33mtrue\x1b[0m}") != std::string::npos);
  CHECK(expected.find("\x1b[90mnull\x1b[0m]\n{\x1b[34m\"e\"\x1b[0m") != std::string::npos);
  JsonPainter piecewise;
  std::string painted;
  for (const char c : json) painted += piecewise.painted({&c, 1});
  CHECK(painted == expected);
}

}  // namespace
}  // namespace riffle
