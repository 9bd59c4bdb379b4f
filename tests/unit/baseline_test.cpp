#include "stages/time/baseline.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

using namespace riffle;

namespace {

std::optional<Expectation> after(std::string_view method, const std::vector<double>& values) {
  const auto found = std::find_if(methods().begin(), methods().end(),
                                  [&](const Method& m) { return m.name == method; });
  const auto baseline = found->make();
  for (const double value : values) baseline->add(value);
  return baseline->expectation();
}

}  // namespace

TEST_CASE("a baseline expects nothing before ten values") {
  for (const char* method : {"zscore", "mad", "ewma"}) {
    CHECK_FALSE(after(method, {1, 2, 3, 4, 5, 6, 7, 8, 9}));
    CHECK(after(method, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  }
}

TEST_CASE("zscore is the mean and the sample's deviation") {
  const auto found = after("zscore", {2, 4, 4, 4, 5, 5, 7, 9, 5, 5});
  CHECK(found->expected == Approx(5));
  CHECK(found->distance == Approx(1.8856180831641267));
}

TEST_CASE("mad is over the last hundred values") {
  std::vector<double> values(100, 1e9);
  for (int i = 0; i < 100; i++) values.push_back(i % 5);
  const auto found = after("mad", values);
  CHECK(found->expected == 2);
  CHECK(found->distance == Approx(1 / 0.6745));
}

TEST_CASE("ewma is the weighted mean and variance of all values") {
  const std::vector<double> values = {1, 5, 2, 8, 3, 9, 4, 7, 6, 10, 2};
  // By definition: the first value has what the others leave of the weight 1.
  double mean = 0, variance = 0;
  const auto weight = [&](std::size_t i) {
    const double age = static_cast<double>(values.size() - 1 - i);
    return std::pow(0.9, age) * (i == 0 ? 1 : 0.1);
  };
  for (std::size_t i = 0; i < values.size(); i++) mean += weight(i) * values[i];
  for (std::size_t i = 0; i < values.size(); i++)
    variance += weight(i) * (values[i] - mean) * (values[i] - mean);
  const auto found = after("ewma", values);
  CHECK(found->expected == Approx(mean));
  CHECK(found->distance == Approx(std::sqrt(variance)));
}
