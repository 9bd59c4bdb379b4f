// The numbers by which sort and top compare say what order() says.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "state/sort_key.h"

using namespace riffle;

namespace {

// Neighbours at all the places where a number of 59 bits could get it wrong.
std::vector<Value> difficult_values() {
  std::vector<Value> values = {Value(), null_value(), boolean_value(false), boolean_value(true)};
  for (const std::int64_t n :
       {INT64_MIN, INT64_MIN + 1, -(std::int64_t{1} << 53) - 1, -(std::int64_t{1} << 53),
        std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, std::int64_t{2},
        (std::int64_t{1} << 53), (std::int64_t{1} << 53) + 1, INT64_MAX - 1, INT64_MAX})
    values.push_back(integer_value(n));
  values.push_back(natural_value(UINT64_MAX - 1));
  values.push_back(natural_value(UINT64_MAX));
  for (const double d : {-0.0,       0.0,    0.1,    0.5,      1.0,     1.5,     0x1p53,
                         0x1p53 + 2, 0x1p63, 0x1p64, 0x1.8p63, -0x1p64, 0x1p-64, -0x1p-64,
                         0x1.8p-65,  -0.1,   1e300,  -1e300,   5e-324,  -5e-324}) {
    values.push_back(real_value(d));
    values.push_back(real_value(std::nextafter(d, 1e308)));
    values.push_back(real_value(std::nextafter(d, -1e308)));
  }
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double d : {infinity, -infinity, std::nan("")}) values.push_back(real_value(d));
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{1}, std::int64_t{31}, std::int64_t{32},
                               INT64_MAX, INT64_MIN}) {
    values.push_back(time_value(n));
    values.push_back(duration_value(n));
  }
  for (const std::string_view text :
       {std::string_view(""), std::string_view("\0", 1), std::string_view("a"),
        std::string_view("a\0", 2), std::string_view("ab"), std::string_view("abcdef"),
        std::string_view("abcdefg"), std::string_view("abcdefg\0", 8), std::string_view("abcdefgh"),
        std::string_view("abcdefgi"), std::string_view("é"), std::string_view("\xf0\x9f\x98\x80")})
    values.push_back(text_value(text));
  static const Value items[] = {integer_value(1), integer_value(2)};
  values.push_back(list_value({items, 1}));
  values.push_back(list_value({items, 2}));
  static const Member members[] = {{"a", integer_value(1)}};
  values.push_back(map_value({members, 0}));
  values.push_back(map_value({members, 1}));
  return values;
}

}  // namespace

TEST_CASE("two values are in the order of their sort numbers, where these tell") {
  const std::vector<Value> values = difficult_values();
  Memory scratch;
  for (const bool descending : {false, true}) {
    for (std::size_t i = 0; i < values.size(); i++) {
      for (std::size_t j = 0; j < values.size(); j++) {
        INFO(i << " and " << j << (descending ? " descending" : ""));
        const auto found =
            order_by_number(sort_number(values[i], descending), values[i],
                            sort_number(values[j], descending), values[j], descending, scratch);
        CHECK((found == order_for_sort(values[i], values[j], descending, scratch)));
      }
    }
  }
}

TEST_CASE("most pairs need no look at the values") {
  for (int n = -1000; n < 1000; n++) CHECK((sort_number(integer_value(n), false) & 1) == 0);
  CHECK((sort_number(text_value("seven b"), false) & 1) == 0);
  CHECK((sort_number(time_value(1'700'000'000'000'000'000), false) & 1) == 0);
  CHECK(sort_number(real_value(0.1), false) < sort_number(real_value(0.2), false));
}

TEST_CASE("random reals keep their order as sort numbers") {
  std::mt19937_64 random(3);
  Memory scratch;
  for (int i = 0; i < 20000; i++) {
    const Value a = real_value(std::bit_cast<double>(random())),
                b = real_value(std::bit_cast<double>(random()));
    const bool descending = i % 2;
    const auto found = order_by_number(sort_number(a, descending), a, sort_number(b, descending), b,
                                       descending, scratch);
    CHECK((found == order_for_sort(a, b, descending, scratch)));
  }
}
