#include "stages/time/baseline.h"

#include <algorithm>
#include <cmath>

namespace riffle {
namespace {

// 3: what a normal distribution passes once in 370 values; 3.5: Iglewicz and Hoaglin's.
constexpr Method table[] = {
    {"zscore", 3, []() -> std::unique_ptr<Baseline> { return std::make_unique<RunningMean>(); }},
    {"mad", 3.5, []() -> std::unique_ptr<Baseline> { return std::make_unique<RunningMedian>(); }},
    {"ewma", 3, []() -> std::unique_ptr<Baseline> { return std::make_unique<WeightedMean>(); }},
};

double median_of_sorted(const std::vector<double>& values) {
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : values[middle - 1] / 2 + values[middle] / 2;
}

}  // namespace

std::optional<Expectation> RunningMean::expectation() const {
  if (count_ < needed) return std::nullopt;
  return Expectation{mean_, std::sqrt(squares_ / static_cast<double>(count_ - 1))};
}

void RunningMean::add(double value) {
  const double distance = value - mean_;
  mean_ += distance / static_cast<double>(++count_);
  squares_ += distance * (value - mean_);
}

void RunningMean::save(StateWriter& to) const {
  to.count(count_);
  to.number(mean_);
  to.number(squares_);
}

void RunningMean::load(StateReader& from) {
  count_ = from.number<std::uint64_t>();
  mean_ = from.number<double>();
  squares_ = from.number<double>();
}

std::optional<Expectation> RunningMedian::expectation() const {
  if (ring_.size() < needed) return std::nullopt;
  const double median = median_of_sorted(sorted_);
  std::vector<double> distances;
  for (const double value : sorted_) distances.push_back(std::abs(value - median));
  std::sort(distances.begin(), distances.end());
  return Expectation{median, median_of_sorted(distances) / normal};
}

void RunningMedian::add(double value) {
  if (ring_.size() < window) {
    ring_.push_back(value);
  } else {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), ring_[oldest_]));
    ring_[oldest_] = value;
    oldest_ = (oldest_ + 1) % window;
  }
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
}

void RunningMedian::save(StateWriter& to) const {
  to.count(ring_.size());
  for (const double value : ring_) to.number(value);
  to.count(oldest_);
}

void RunningMedian::load(StateReader& from) {
  for (std::size_t left = from.count(sizeof(double)); left > 0; left--)
    ring_.push_back(from.number<double>());
  oldest_ = from.number<std::uint64_t>();
  if (ring_.size() > window || oldest_ >= window) throw StateReader::damaged();
  sorted_ = ring_;
  std::sort(sorted_.begin(), sorted_.end());
}

std::optional<Expectation> WeightedMean::expectation() const {
  if (count_ < needed) return std::nullopt;
  return Expectation{mean_, std::sqrt(variance_)};
}

void WeightedMean::add(double value) {
  if (count_++ == 0) {
    mean_ = value;
    return;
  }
  const double distance = value - mean_, step = alpha * distance;
  mean_ += step;
  variance_ = (1 - alpha) * (variance_ + distance * step);
}

void WeightedMean::save(StateWriter& to) const {
  to.count(count_);
  to.number(mean_);
  to.number(variance_);
}

void WeightedMean::load(StateReader& from) {
  count_ = from.number<std::uint64_t>();
  mean_ = from.number<double>();
  variance_ = from.number<double>();
}

std::span<const Method> methods() { return table; }

}  // namespace riffle
