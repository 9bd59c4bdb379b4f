// The errors that approx_distinct, approx_quantile and top_values promise, measured.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "gathered.h"
#include "values/number.h"

using namespace riffle;

namespace {

std::vector<Value> integers(std::int64_t first, std::size_t count) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < count; i++)
    values.push_back(integer_value(first + static_cast<std::int64_t>(i)));
  return values;
}

double distinct_of(std::span<const Value> values) {
  Gathered gathered(made("approx_distinct"));
  gathered.add(values);
  return as_real(gathered.result());
}

// SQL's percentile_cont.
std::pair<double, double> neighbours(const std::vector<double>& sorted, double q) {
  const auto place = static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1));
  return {sorted[place], sorted[std::min(place + 1, sorted.size() - 1)]};
}

void check_quantiles(std::vector<double> numbers, double least_q = 0) {
  std::vector<Value> values;
  for (const double d : numbers) values.push_back(real_value(d));
  std::sort(numbers.begin(), numbers.end());
  for (const double q : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
    if (q < least_q) continue;
    Gathered gathered(made("approx_quantile", {real_value(q)}));
    gathered.add(values);
    const auto [low, high] = neighbours(numbers, q);
    const double place = q * static_cast<double>(numbers.size() - 1),
                 part = place - std::floor(place);
    const double exact = low * (1 - part) + high * part;
    const double bound =
        (low < 0) == (high < 0) ? std::abs(exact) : std::max(std::abs(low), std::abs(high));
    INFO("q " << q << ", exact " << exact << ", of " << numbers.size());
    CHECK(std::abs(as_real(gathered.result()) - exact) <= 0.01 * bound);
  }
}

struct Found {
  std::uint64_t count = 0, error = 0;
};

std::map<std::int64_t, Found> found_in(const Value& list) {
  std::map<std::int64_t, Found> found;
  for (const Value& item : list.list()) {
    const auto members = item.map();
    found[members[0].value.integer] = {
        static_cast<std::uint64_t>(members[1].value.integer),
        members.size() > 2 ? static_cast<std::uint64_t>(members[2].value.integer) : 0};
  }
  return found;
}

// A few frequent values and very many rare ones.
std::vector<Value> skewed(std::mt19937& random, std::size_t count) {
  std::uniform_real_distribution<double> uniform(1e-5, 1);
  std::vector<Value> values;
  for (std::size_t i = 0; i < count; i++)
    values.push_back(integer_value(static_cast<std::int64_t>(1 / uniform(random))));
  return values;
}

void check_top(const Value& result, std::span<const Value> values, std::size_t k) {
  std::map<std::int64_t, std::uint64_t> exact;
  for (const Value& value : values) exact[value.integer]++;
  const auto found = found_in(result);
  CHECK(found.size() == k);
  for (const auto& [value, top] : found) {
    CHECK(top.count >= exact[value]);
    CHECK(top.count - top.error <= exact[value]);
    CHECK(top.error <= values.size() / 1000);
  }
  // None is missed that stands for more than a thousandth, as far as k reaches.
  std::vector<std::pair<std::uint64_t, std::int64_t>> ranking;
  for (const auto& [value, count] : exact) ranking.emplace_back(count, value);
  std::sort(ranking.rbegin(), ranking.rend());
  for (std::size_t i = 0; i < k / 2; i++) CHECK(found.contains(ranking[i].second));
}

}  // namespace

TEST_CASE("approx_distinct is almost exact for few values") {
  for (const std::size_t count : {0U, 1U, 2U, 10U, 100U, 1000U, 3000U})
    CHECK(distinct_of(integers(7, count)) == Approx(static_cast<double>(count)).epsilon(0.002));
}

TEST_CASE("approx_distinct has a standard error of 0.81 %") {
  for (const std::size_t count : {3'100U, 6'000U, 12'000U, 25'000U, 40'000U, 60'000U, 100'000U}) {
    constexpr int rounds = 30;
    double squares = 0, sum = 0;
    for (int round = 0; round < rounds; round++) {
      const double estimate = distinct_of(integers(round * 10'000'000LL, count));
      const double error = estimate / static_cast<double>(count) - 1;
      CHECK(std::abs(error) < 4 * 0.0081);
      squares += error * error;
      sum += error;
    }
    INFO(count << " values, mean error " << sum / rounds);
    // Of 30 rounds: three of its standard errors.
    CHECK(std::sqrt(squares / rounds) < 0.0081 * 1.35);
    CHECK(std::abs(sum / rounds) < 0.0081 / std::sqrt(rounds) * 3.5);
  }
  CHECK(distinct_of(integers(0, 1'000'000)) == Approx(1e6).epsilon(0.02));
}

TEST_CASE("approx_distinct depends on the set of values alone") {
  std::mt19937 random(3);
  for (const std::size_t count : {50U, 2'900U, 3'072U, 3'073U, 3'200U, 9'000U}) {
    std::vector<Value> values = integers(1, count);
    Gathered whole(made("approx_distinct"));
    whole.add(values);
    values.insert(values.end(), values.begin(),
                  values.begin() + static_cast<std::ptrdiff_t>(count / 2));
    std::shuffle(values.begin(), values.end(), random);
    Gathered first(made("approx_distinct")), second(made("approx_distinct"));
    const std::size_t cut = random() % count;
    first.add(std::span(values).first(cut));
    second.add(std::span(values).subspan(cut));
    first.merge(second);
    CHECK(first.saved() == whole.saved());
    CHECK(first.text() == whole.text());
    Gathered loaded(made("approx_distinct"));
    REQUIRE(loaded.load(whole.saved()));
    CHECK(loaded.saved() == whole.saved());
  }
}

TEST_CASE("approx_quantile is within 1 % of the exact one") {
  std::mt19937_64 random(4);
  const auto check = [&](auto draw) {
    for (const int count : {1, 2, 3, 10, 1000, 20'000}) {
      std::vector<double> numbers;
      for (int i = 0; i < count; i++) numbers.push_back(draw());
      check_quantiles(numbers);
    }
  };
  std::uniform_real_distribution<double> uniform(0, 1000);
  std::normal_distribution<double> normal(0, 1);
  std::exponential_distribution<double> exponential(1e-3);
  check([&] { return uniform(random); });
  check([&] { return normal(random); });  // both signs
  check([&] { return -uniform(random) - 1; });
  check([&] { return exponential(random); });
  check([&] { return std::exp(3 * normal(random)); });  // lognormal
  check([&] { return -std::exp(3 * normal(random)); });
  check([&] { return 1 / std::pow(uniform(random) / 1000, 2); });  // Pareto
  check([&] { return std::floor(uniform(random) / 300); });        // many zeros and equals
  check([&] { return std::floor(normal(random)) * 1e-300; });
  check([&] { return std::pow(10, uniform(random) / 30); });        // 33 orders of magnitude
  check([&] { return 5e-324 * std::floor(1 + uniform(random)); });  // below the normal numbers
  check([&] { return 1.7e308 / (1 + uniform(random)); });
}

TEST_CASE("approx_quantile keeps the great magnitudes when the buckets do not suffice") {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> exponent(-300, 300);
  std::vector<double> numbers;
  for (int i = 0; i < 5'000; i++) numbers.push_back(std::pow(10, exponent(random)));
  check_quantiles(numbers, 0.99);
  Gathered whole(made("approx_quantile", {real_value(0.5)})),
      first(made("approx_quantile", {real_value(0.5)})),
      second(made("approx_quantile", {real_value(0.5)}));
  std::vector<Value> values;
  for (const double d : numbers) values.push_back(real_value(d));
  whole.add(values);
  CHECK(whole.saved().size() < 64 * 1024 + 200);
  std::shuffle(values.begin(), values.end(), random);
  first.add(std::span(values).first(2'000));
  second.add(std::span(values).subspan(2'000));
  first.merge(second);
  CHECK(first.saved() == whole.saved());
}

TEST_CASE("top_values is exact while there is room, and within its bound beyond") {
  std::mt19937 random(6);
  const std::vector<Value> few = integers(0, 900), values = skewed(random, 60'000);
  Gathered exact(made("top_values", {integer_value(3)}));
  exact.add(few);
  exact.add(std::span(few).subspan(500, 1));
  CHECK(exact.text() == R"([{"value":500,"count":2},{"value":0,"count":1},{"value":1,"count":1}])");
  Gathered whole(made("top_values", {integer_value(20)}));
  whole.add(values);
  check_top(whole.result(), values, 20);
  Gathered first(made("top_values", {integer_value(20)})),
      second(made("top_values", {integer_value(20)})),
      third(made("top_values", {integer_value(20)}));
  first.add(std::span(values).first(30'000));
  second.add(std::span(values).subspan(30'000, 29'500));
  third.add(std::span(values).subspan(59'500));
  first.merge(second);
  first.merge(third);
  check_top(first.result(), values, 20);
  Gathered loaded(made("top_values", {integer_value(20)}));
  REQUIRE(loaded.load(whole.saved()));
  loaded.add(values);
  whole.add(values);
  CHECK(loaded.saved() == whole.saved());
}
