#include <catch2/catch.hpp>
#include <cmath>
#include <deque>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>

#include "aggregates/aggregate.h"
#include "gathered.h"
#include "stage_running.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/number.h"

using namespace riffle;

namespace {

std::string result_of(std::string_view name, std::string_view list) {
  Gathered gathered(made(name));
  const auto values = elements_of(list);
  gathered.add(values);
  return gathered.text();
}

// Calls of every row of the table, for the laws.
std::vector<std::shared_ptr<const Aggregate>> all_calls() {
  const std::map<std::string_view, Value> constants = {{"quantile", real_value(0.3)},
                                                       {"approx_quantile", real_value(0.3)},
                                                       {"top_values", integer_value(5)},
                                                       {"histogram", integer_value(3)},
                                                       {"join_text", text_value(";")}};
  std::vector<std::shared_ptr<const Aggregate>> calls;
  for (const AggregateFunction& function : aggregate_functions()) {
    INFO(function.name);
    if (function.constants == 0) {
      calls.push_back(made(function.name == "pNN" ? "p99_9" : function.name));
    } else {
      REQUIRE(constants.contains(function.name));
      calls.push_back(made(function.name, {constants.at(function.name)}));
    }
  }
  return calls;
}

// Lists of many kinds, as JSON texts that outlive their values.
std::vector<std::string> random_texts(std::mt19937& random, std::size_t count) {
  static const std::vector<std::string> scalars = {"1",
                                                   "-7",
                                                   "2.5",
                                                   "1e300",
                                                   "18446744073709551615",
                                                   "0.1",
                                                   "null",
                                                   "\"text\"",
                                                   "\"\"",
                                                   "true",
                                                   "9007199254740993",
                                                   "3.0",
                                                   "\"\\u00e9 a longer text\"",
                                                   "[1,2]",
                                                   "{\"a\":1}",
                                                   "-9223372036854775808"};
  const std::size_t kinds = random() % 3 == 0 ? scalars.size() : 3;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; i++) texts.push_back(scalars[random() % kinds]);
  return texts;
}

// Equal, or numbers that are so apart from the rounding of their last digits.
bool are_close(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const Value x = parse_number(a), y = parse_number(b);
  if (x.is_missing() || y.is_missing()) return false;
  return std::abs(as_real(x) - as_real(y)) <= 1e-12 * std::max(std::abs(as_real(x)), 1.0);
}

}  // namespace

TEST_CASE("every example of every aggregate holds") {
  for (const AggregateFunction& function : aggregate_functions()) {
    CHECK(function.examples.empty() == function.of_record);
    for (const AggregateExample& example : function.examples) {
      INFO(example.call << " of " << example.values);
      std::string input;
      for (const Value& value : elements_of(example.values))
        input.append("{\"x\":").append(value.view()).append("}\n");
      const StageRun run = run_stages("aggregate 'r = " + std::string(example.call) + "'", input);
      CHECK(run.output == "{\"r\":" + std::string(example.result) + "}\n");
      CHECK(run.errors == 0);
    }
  }
}

TEST_CASE("aggregates are found by name, percentiles by pattern") {
  for (const std::string_view name : {"p50", "p99", "p99_9", "p0", "p100"})
    CHECK(find_aggregate(name) != nullptr);
  for (const std::string_view name : {"p", "p_9", "p9_", "p9_9_9", "px", "total", "pNN"})
    CHECK(find_aggregate(name) == nullptr);
  CHECK_THROWS_AS(made("p101"), std::invalid_argument);
  CHECK_THROWS_AS(made("quantile", {real_value(1.5)}), std::invalid_argument);
  CHECK_THROWS_AS(made("quantile", {text_value("x")}), std::invalid_argument);
}

TEST_CASE("merge(gather(a), gather(b)) is gather(a + b)") {
  std::mt19937 random(5);
  for (const auto& call : all_calls()) {
    for (int round = 0; round < 60; round++) {
      const auto texts = random_texts(random, random() % 12);
      std::vector<Value> values;
      for (const std::string& text : texts) values.push_back(json_value(text));
      std::vector<Value> others = values;
      std::shuffle(others.begin(), others.end(), random);
      const std::size_t cut = values.empty() ? 0 : random() % (values.size() + 1);
      Gathered whole(call), first(call), second(call);
      whole.add(values, others);
      first.add(std::span(values).first(cut), std::span(others).first(cut));
      second.add(std::span(values).subspan(cut), std::span(others).subspan(cut));
      first.merge(second);
      INFO(first.text() << " or " << whole.text());
      CHECK(are_close(first.text(), whole.text()));
      CHECK(first.failed == whole.failed);
    }
  }
}

TEST_CASE("load(save(x)) is x, and can go on") {
  std::mt19937 random(6);
  for (const auto& call : all_calls()) {
    for (int round = 0; round < 40; round++) {
      const auto texts = random_texts(random, random() % 12), more_texts = random_texts(random, 3);
      std::vector<Value> values, more;
      for (const std::string& text : texts) values.push_back(json_value(text));
      for (const std::string& text : more_texts) more.push_back(json_value(text));
      Gathered original(call), copy(call);
      original.add(values);
      const std::string bytes = original.saved();
      REQUIRE(copy.load(bytes));
      CHECK(copy.saved() == bytes);
      CHECK(copy.text() == original.text());
      original.add(more);
      copy.add(more);
      CHECK(copy.text() == original.text());
    }
  }
}

TEST_CASE("load refuses less than save wrote, and more") {
  for (const auto& call : all_calls()) {
    for (const char* const list : {"[]", "[1, 2.5, 18446744073709551615]", "[\"a\", true, {}]"}) {
      Gathered original(call);
      const auto values = elements_of(list);
      original.add(values);
      const std::string bytes = original.saved();
      for (std::size_t size = 0; size < bytes.size(); size++)
        CHECK_FALSE(Gathered(call).load(std::string_view(bytes).substr(0, size)));
      CHECK_FALSE(Gathered(call).load(bytes + '\0'));
      CHECK_FALSE(Gathered(call).load(bytes + bytes));
      CHECK(Gathered(call).load(bytes));
    }
  }
}

TEST_CASE("load refuses a count that the bytes cannot hold") {
  for (const auto& call : all_calls()) {
    Gathered original(call);
    const auto values = elements_of("[1, 2.5, 18446744073709551615]");
    original.add(values);
    const std::string bytes = original.saved();
    for (std::size_t at = 0; at + 8 <= bytes.size(); at++) {
      std::string damaged = bytes;
      damaged.replace(at, 8, 8, '\x7f');
      Gathered copy(call);
      copy.load(damaged);  // whether it can be told or not: nothing is allocated for it
    }
  }
}

TEST_CASE("sums are exact where they can be") {
  CHECK(result_of("sum", "[9223372036854775807, 1]") == "9223372036854775808");
  CHECK(result_of("sum", "[18446744073709551615, -1]") == "18446744073709551614");
  CHECK(result_of("sum", "[-9223372036854775808, 18446744073709551615]") == "9223372036854775807");
  CHECK(result_of("sum", "[0.1, 0.2, 0.3, -0.6]") == "2.7755575615628914e-17");
  CHECK(result_of("sum", "[1e16, 1, -1e16]") == "1");
  CHECK(result_of("sum", "[1, 0.5]") == "1.5");
  CHECK(result_of("sum", "[1e308, 1e308]") == "null");
  CHECK(result_of("avg", "[9223372036854775807, 9223372036854775807]") == "9223372036854775807");
  CHECK(result_of("avg", "[18446744073709551615, 18446744073709551615]") == "18446744073709551615");
  CHECK(result_of("avg", "[1, 2]") == "1.5");
  CHECK(result_of("avg", "[-1, -2]") == "-1.5");
}

TEST_CASE("a sum that 64 bits do not hold is an overflow, until it fits again") {
  Gathered sum(made("sum"));
  const auto large = elements_of("[18446744073709551615, 1]");
  sum.add(large);
  CHECK(sum.text() == "null");
  CHECK(sum.failed);
  const auto back = elements_of("[-1]");
  sum.add(back);
  CHECK(sum.text() == "18446744073709551615");
  CHECK_FALSE(sum.failed);
}

TEST_CASE("what an aggregate cannot take is named, and not added") {
  const auto values = elements_of("[1, \"x\", null, 2, true]");
  for (const std::string_view name :
       {"sum", "avg", "median", "stddev", "var", "covar", "corr", "slope"}) {
    INFO(name);
    Gathered gathered(made(name));
    CHECK(gathered.add(values) == std::vector<Row>{1, 4});
  }
  for (const std::string_view name : {"count", "min", "max", "first", "last", "distinct", "list",
                                      "set", "mode", "entropy", "approx_distinct"}) {
    INFO(name);
    Gathered gathered(made(name));
    CHECK(gathered.add(values).empty());
  }
}

TEST_CASE("durations and times") {
  const Value durations[] = {duration_value(1'000'000'000), duration_value(2'500'000'000),
                             null_value()};
  const auto of = [](std::string_view name, std::span<const Value> values) {
    Gathered gathered(made(name));
    gathered.add(values);
    return gathered.result();
  };
  CHECK(of("sum", durations).kind == Kind::duration);
  CHECK(json_text(of("sum", durations)) == "3.5");
  CHECK(json_text(of("avg", durations)) == "1.75");
  CHECK(json_text(of("median", durations)) == "1.75");
  const Value times[] = {time_value(0), time_value(10'000'000'000)};
  CHECK(json_text(of("median", times)) == "\"1970-01-01T00:00:05Z\"");
  CHECK(json_text(of("max", times)) == "\"1970-01-01T00:00:10Z\"");
  const Value mixed[] = {integer_value(1), duration_value(1)};
  Gathered sum(made("sum"));
  CHECK(sum.add(mixed) == std::vector<Row>{1});
}

TEST_CASE("extremes are in the order of sort, and stay as they were written") {
  CHECK(result_of("min", "[2, 1.10, \"0\"]") == "1.10");
  CHECK(result_of("max", "[2, true, \"0\", \"\\u0030a\"]") == "\"\\u0030a\"");
  CHECK(result_of("max", "[18446744073709551615, 1.8e19, 18446744073709551614]") ==
        "18446744073709551615");
  CHECK(result_of("min", "[1.0, 1]") == "1.0");  // of equals the first
  CHECK(result_of("max", "[1.0, 1]") == "1.0");
  CHECK(result_of("max", "[[1,2],[1,3],[1]]") == "[1,3]");
  CHECK(result_of("first", "[null, {\"a\": 1}, 2]") == "{\"a\": 1}");
  CHECK(result_of("last", "[2, \"\\u00e9\", null]") == "\"\\u00e9\"");
}

TEST_CASE("quantiles interpolate linearly and keep large integers") {
  Gathered quartile(made("quantile", {real_value(0.25)}));
  const auto values = elements_of("[15, 20, 35, 40, 50]");
  quartile.add(values);
  CHECK(quartile.text() == "20");
  CHECK(result_of("p40", "[15, 20, 35, 40, 50]") == "29");
  CHECK(result_of("p90", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]") == "9.1");
  CHECK(result_of("p99_9", "[0, 1000]") == "999");
  CHECK(result_of("p50", "[9007199254740993, 1, 9007199254740995]") == "9007199254740993");
  CHECK(result_of("p100", "[18446744073709551615, 0.5]") == "18446744073709551615");
  CHECK(result_of("median", "[1.5, 1.5, 1.5]") == "1.5");
}

TEST_CASE("quantiles of merged samples are those of all their values") {
  std::mt19937 random(9);
  for (int round = 0; round < 300; round++) {
    const char* const name =
        std::vector{"p0", "p1", "median", "p90", "p97", "p99_9", "p100"}[random() % 7];
    std::vector<Value> all;
    std::deque<Gathered> slices;
    for (std::size_t i = 0, count = 1 + random() % 20; i < count; i++)
      slices.emplace_back(made(name));
    const auto add = [&](Gathered& to) {
      std::vector<Value> values;
      for (std::size_t i = 0, count = random() % 30; i < count; i++)
        values.push_back(real_value(static_cast<double>(random() % 200) / 8));
      if (random() % 200 == 0) values.push_back(integer_value(INT64_MAX - 1));
      all.insert(all.end(), values.begin(), values.end());
      to.add(values);
    };
    for (Gathered& slice : slices) add(slice);
    // A slice is merged more than once, and gets more in between.
    for (int windows = 0; windows < 3; windows++) {
      Gathered merged(made(name)), whole(made(name));
      for (const Gathered& slice : slices) merged.merge(slice);
      whole.add(all);
      REQUIRE(merged.text() == whole.text());
      add(slices[random() % slices.size()]);
    }
  }
}

TEST_CASE("quantiles against a sort") {
  std::mt19937 random(8);
  for (int round = 0; round < 50; round++) {
    std::vector<double> numbers;
    std::vector<Value> values;
    for (std::size_t i = 0; i <= random() % 40; i++)
      numbers.push_back(static_cast<double>(random() % 1000) / 8);
    for (const double d : numbers) values.push_back(real_value(d));
    const double q = static_cast<double>(random() % 101) / 100;
    Gathered gathered(made("quantile", {real_value(q)}));
    gathered.add(values);
    std::sort(numbers.begin(), numbers.end());
    const double place = q * static_cast<double>(numbers.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const double high = numbers[std::min(low + 1, numbers.size() - 1)];
    CHECK(as_real(gathered.result()) ==
          Approx(numbers[low] + (high - numbers[low]) * (place - std::floor(place))));
  }
}

TEST_CASE("the variance of large numbers that are close together") {
  CHECK(as_real(parse_number(
            result_of("var", "[1000000004, 1000000007, 1000000013, 1000000016]"))) == Approx(30));
  CHECK(result_of("var", "[5]") == "null");
  CHECK(result_of("stddev", "[]") == "null");
  CHECK(result_of("stddev", "[3, 3]") == "0");
}

TEST_CASE("distinct counts texts") {
  CHECK(result_of("distinct", "[1, \"1\", 1.0, \"caf\\u00e9\", \"café\", null, true, \"true\"]") ==
        "4");
  CHECK(result_of("count", "[1, null, false]") == "2");
}

TEST_CASE("covariance, correlation and slope of large numbers that are close together") {
  std::mt19937 random(9);
  std::normal_distribution<double> normal(0, 1);
  std::vector<Value> xs, ys;
  std::vector<double> small_xs, small_ys;
  for (int i = 0; i < 1000; i++) {
    small_xs.push_back(std::round(normal(random) * 1024) / 1024);  // exact beside the offset
    small_ys.push_back(2 * small_xs.back() + std::round(normal(random) * 1024) / 1024);
    xs.push_back(real_value(1e9 + small_xs.back()));
    ys.push_back(real_value(-3e9 + small_ys.back()));
  }
  const double count = static_cast<double>(xs.size());
  const double mean_x = std::accumulate(small_xs.begin(), small_xs.end(), 0.0) / count;
  const double mean_y = std::accumulate(small_ys.begin(), small_ys.end(), 0.0) / count;
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < xs.size(); i++) {
    xx += (small_xs[i] - mean_x) * (small_xs[i] - mean_x);
    yy += (small_ys[i] - mean_y) * (small_ys[i] - mean_y);
    xy += (small_xs[i] - mean_x) * (small_ys[i] - mean_y);
  }
  const auto of = [](std::string_view name, const std::vector<Value>& first,
                     const std::vector<Value>& second) {
    Gathered head(made(name)), tail(made(name));
    head.add(std::span(first).first(300), std::span(second).first(300));
    tail.add(std::span(first).subspan(300), std::span(second).subspan(300));
    head.merge(tail);
    return as_real(head.result());
  };
  CHECK(of("covar", xs, ys) == Approx(xy / (count - 1)).epsilon(1e-7));
  CHECK(of("corr", xs, ys) == Approx(xy / std::sqrt(xx * yy)).epsilon(1e-7));
  CHECK(of("slope", ys, xs) == Approx(xy / xx).epsilon(1e-7));
}

TEST_CASE("a histogram of numbers whose difference is past a double's range") {
  Gathered histogram(made("histogram", {integer_value(2)}));
  const auto values = elements_of("[-1.5e308, 1.5e308, 1]");
  histogram.add(values);
  CHECK(histogram.text() ==
        R"([{"low":-1.5e+308,"high":0,"count":1},{"low":0,"high":1.5e+308,"count":2}])");
}
