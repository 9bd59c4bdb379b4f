#include "values/number.h"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace riffle;

namespace {

std::string real_text(double d) {
  char text[number_room];
  return {text, write_real(d, text)};
}

std::string duration_text(std::int64_t nanoseconds) {
  char text[number_room];
  return {text, write_duration(nanoseconds, text)};
}

}  // namespace

TEST_CASE("a number is exactly what JSON's grammar says") {
  for (const char* const good :
       {"0", "-0", "12", "-3.5", "1e9", "1E+9", "1e-9", "0.5", "123456789012345678901234567890"})
    CHECK_FALSE(parse_number(good).is_missing());
  for (const char* const bad : {"", "-", "007", "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1 ",
                                " 1", "NaN", "1_000", "--1"})
    CHECK(parse_number(bad).is_missing());
}

TEST_CASE("integers are exact to the ends of 64 bits, reals beyond") {
  CHECK(parse_number("9223372036854775807").integer == INT64_MAX);
  CHECK(parse_number("-9223372036854775808").integer == INT64_MIN);
  CHECK(parse_number("9223372036854775808").kind == Kind::natural);
  CHECK(parse_number("18446744073709551615").natural == UINT64_MAX);
  CHECK(parse_number("18446744073709551616").kind == Kind::real);
  CHECK(parse_number("-9223372036854775809").kind == Kind::real);
  CHECK(parse_number("5.0").kind == Kind::real);
  CHECK(parse_number("1e400").real == std::numeric_limits<double>::infinity());
  CHECK(parse_number("-1e400").real == -std::numeric_limits<double>::infinity());
  CHECK(parse_number("1e-400").real == 0);
}

TEST_CASE("reals are rounded correctly however many digits they have") {
  CHECK(parse_number("3.1415926535897932384").real == 3.141592653589793);
  CHECK(parse_number("123456789012345678.25").real == 123456789012345680.0);
  CHECK(parse_number("0.1234567890123456789012345").real == 0.12345678901234568);
  CHECK(parse_number("2.2250738585072011e-308").real == 2.2250738585072011e-308);
  CHECK(parse_number("9007199254740993.0").real == 9007199254740992.0);
}

TEST_CASE("reals are written as ECMAScript writes them") {
  CHECK(real_text(1) == "1");
  CHECK(real_text(-2.5) == "-2.5");
  CHECK(real_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(real_text(1e15) == "1000000000000000");
  CHECK(real_text(1e16) == "10000000000000000");
  CHECK(real_text(123456789012345680000.0) == "123456789012345680000");
  CHECK(real_text(1e21) == "1e+21");
  CHECK(real_text(1.5e300) == "1.5e+300");
  CHECK(real_text(0.000001) == "0.000001");
  CHECK(real_text(0.0000015) == "0.0000015");
  CHECK(real_text(1e-7) == "1e-7");
  CHECK(real_text(-1.25e-9) == "-1.25e-9");
  CHECK(real_text(-0.0) == "0");
  CHECK(real_text(std::nan("")) == "null");
  CHECK(real_text(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("a real that is written reads back as itself") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; i++) {
    const double d = std::bit_cast<double>(random());
    if (!std::isfinite(d)) continue;
    CHECK(as_real(parse_number(real_text(d))) == d);
  }
}

TEST_CASE("numbers of different kinds compare exactly") {
  const auto compare = [](const char* a, const char* b) {
    return compare_numbers(parse_number(a), parse_number(b));
  };
  CHECK((compare("9007199254740993", "9007199254740992.0") == std::partial_ordering::greater));
  CHECK((compare("9223372036854775807", "9223372036854775808.0") == std::partial_ordering::less));
  CHECK((compare("18446744073709551615", "18446744073709551616.0") == std::partial_ordering::less));
  CHECK((compare("18446744073709551615", "9223372036854775807") == std::partial_ordering::greater));
  CHECK((compare("-1", "18446744073709551615") == std::partial_ordering::less));
  CHECK((compare("1.0", "1") == std::partial_ordering::equivalent));
  CHECK((compare("-1", "-1.5") == std::partial_ordering::greater));
  CHECK((compare("-2", "-1.5") == std::partial_ordering::less));
  CHECK((compare("5", "1e400") == std::partial_ordering::less));
  CHECK((compare_numbers(integer_value(1), real_value(std::nan(""))) ==
         std::partial_ordering::unordered));
}

TEST_CASE("a duration is its seconds, exactly") {
  CHECK(duration_text(90000000000) == "90");
  CHECK(duration_text(250000000) == "0.25");
  CHECK(duration_text(-1) == "-0.000000001");
  CHECK(duration_text(INT64_MIN) == "-9223372036.854775808");
}
