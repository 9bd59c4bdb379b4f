#include "values/order.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <deque>
#include <random>
#include <string>
#include <vector>

using namespace riffle;

namespace {

Value cell(std::string_view text, std::uint8_t flags = 0) {
  Value v = text_value(text);
  v.kind = Kind::cell;
  v.delimiter = ',';
  v.flags = flags;
  return v;
}

bool are_equal(const Value& a, const Value& b) {
  Memory scratch;
  const bool result = equal(a, b, scratch);
  CHECK(equal(b, a, scratch) == result);
  return result;
}

}  // namespace

TEST_CASE("the total order of kinds") {
  Memory scratch;
  const std::vector<Value> ascending = {boolean_value(false),
                                        boolean_value(true),
                                        json_value("-1e400"),
                                        json_value("-5"),
                                        real_value(-4.5),
                                        integer_value(3),
                                        json_value("18446744073709551615"),
                                        real_value(std::nan("")),
                                        time_value(-5),
                                        time_value(7),
                                        duration_value(1),
                                        text_value(""),
                                        json_value("\"B\""),
                                        json_value("\"a\\u0062\""),
                                        text_value("b"),
                                        text_value("\xc3\xa9"),
                                        json_value("[]"),
                                        json_value("[1]"),
                                        json_value("[1,2]"),
                                        json_value("[2]"),
                                        json_value("{}"),
                                        json_value("{\"a\":1}"),
                                        json_value("{\"a\":2}"),
                                        json_value("{\"b\":0}"),
                                        json_value("null"),
                                        Value{}};
  for (std::size_t i = 0; i < ascending.size(); i++)
    for (std::size_t j = 0; j < ascending.size(); j++) {
      INFO(i << " and " << j);
      const auto o = order(ascending[i], ascending[j], scratch);
      CHECK((o < 0) == (i < j));
      CHECK((o == 0) == (i == j));
    }
}

TEST_CASE("null and missing are last in both directions") {
  Memory scratch;
  for (const bool descending : {false, true}) {
    CHECK((order_for_sort(integer_value(1), null_value(), descending, scratch) < 0));
    CHECK((order_for_sort(null_value(), Value{}, descending, scratch) < 0));
  }
  CHECK((order_for_sort(integer_value(1), integer_value(2), true, scratch) > 0));
}

TEST_CASE("equality with an untouched cell takes the kind of the other side") {
  CHECK(are_equal(cell("123"), text_value("123")));
  CHECK(are_equal(cell("123"), integer_value(123)));
  CHECK(are_equal(cell("\"123\"", Value::quoted), integer_value(123)));
  CHECK(are_equal(cell("007"), text_value("007")));
  CHECK_FALSE(are_equal(cell("007"), integer_value(7)));
  CHECK(are_equal(cell("true"), boolean_value(true)));
  CHECK(are_equal(cell("true"), text_value("true")));
  CHECK_FALSE(are_equal(cell("\"true\"", Value::quoted), boolean_value(true)));
}

TEST_CASE("two untouched cells: as numbers when both are, else as texts") {
  CHECK(are_equal(cell("1.0"), cell("1")));
  CHECK(are_equal(cell("1.0"), cell("\"1\"", Value::quoted)));
  CHECK_FALSE(are_equal(cell("1.0", Value::all_text), cell("1", Value::all_text)));
  CHECK(are_equal(cell("a"), cell("\"a\"", Value::quoted)));
  CHECK_FALSE(are_equal(cell("01"), cell("1")));
}

TEST_CASE("null equals null, missing included, and nothing else") {
  CHECK(are_equal(null_value(), Value{}));
  CHECK(are_equal(json_value("null"), cell("")));
  CHECK_FALSE(are_equal(cell("\"\"", Value::quoted), null_value()));
  CHECK_FALSE(are_equal(null_value(), integer_value(5)));
}

TEST_CASE("equal() compares values, whatever their spelling") {
  CHECK(are_equal(json_value("1.0"), json_value("1")));
  CHECK_FALSE(are_equal(json_value("\"1\""), json_value("1")));
  CHECK(are_equal(json_value("\"caf\\u00e9\""), text_value("caf\xc3\xa9")));
  CHECK(are_equal(json_value("[1, 2.0]"), json_value("[1.0,2]")));
  CHECK(are_equal(json_value("{\"a\":1,\"b\":[2]}"), json_value("{\"b\":[2],\"a\":1}")));
  CHECK_FALSE(are_equal(json_value("{\"a\":1}"), json_value("{\"a\":1,\"b\":2}")));
}

TEST_CASE("law: the order is total over values of all kinds") {
  const std::vector<std::string> texts = {"0",
                                          "-0.0",
                                          "1",
                                          "1.0",
                                          "1e0",
                                          "9007199254740993",
                                          "9007199254740992.0",
                                          "18446744073709551615",
                                          "-1e999",
                                          "1e999",
                                          "0.1",
                                          "\"\"",
                                          "\"1\"",
                                          "\"\\u0031\"",
                                          "\"a\"",
                                          "1.8446744073709552e19",
                                          "true",
                                          "false",
                                          "null",
                                          "-1",
                                          "\"\u00e9\"",
                                          "\"\\u00e9\"",
                                          "\"\\ud83d\\ude00\"",
                                          "\"\\uffff\""};
  std::mt19937 random(11);
  const auto any_text = [&](const auto& self, int depth) -> std::string {
    const auto kind = random() % (depth > 0 ? 6 : 4);
    if (kind < 4) return texts[random() % texts.size()];
    std::string out = kind == 4 ? "[" : "{";
    for (std::size_t i = 0, count = random() % 3; i < count; i++) {
      if (i > 0) out += ", ";
      if (kind == 5)
        out.append("\"").append(1, static_cast<char>('a' + i + random() % 2)).append("\": ");
      out += self(self, depth - 1);
    }
    return out + (kind == 4 ? "]" : "}");
  };
  std::deque<std::string> kept;
  std::vector<Value> values = {Value{},
                               null_value(),
                               real_value(std::nan("")),
                               real_value(1.5),
                               integer_value(5),
                               boolean_value(true),
                               time_value(-1),
                               time_value(5),
                               duration_value(5),
                               cell("5"),
                               cell("\"5\"", Value::quoted),
                               cell("5", Value::all_text),
                               cell(""),
                               cell("true"),
                               cell("\"true\"", Value::quoted),
                               cell("007")};
  while (values.size() < 60) values.push_back(json_value(kept.emplace_back(any_text(any_text, 2))));
  Memory scratch;
  const std::size_t count = values.size();
  std::vector<std::vector<int>> signs(count, std::vector<int>(count));
  for (std::size_t i = 0; i < count; i++)
    for (std::size_t j = 0; j < count; j++) {
      const auto o = order(values[i], values[j], scratch);
      signs[i][j] = o < 0 ? -1 : o > 0;
    }
  std::size_t broken = 0;
  for (std::size_t i = 0; i < count; i++) {
    CHECK(signs[i][i] == 0);
    for (std::size_t j = 0; j < count; j++) {
      if (signs[i][j] != -signs[j][i]) broken++;
      for (std::size_t k = 0; k < count; k++)
        if (signs[i][j] <= 0 && signs[j][k] <= 0 &&
            signs[i][k] != std::min(signs[i][j], signs[j][k]))
          broken++;
    }
  }
  CHECK(broken == 0);
}
