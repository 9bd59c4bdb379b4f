// approx_quantile: DDSketch (Masson, Rim, Lee, "DDSketch: A Fast and Fully-Mergeable Quantile
// Sketch with Relative-Error Guarantees", 2019). A bucket holds the values between two neighbours
// of a geometric series, so that one value stands for all of them. 35 buckets for each power of
// two: the bucket is found by comparing, without a logarithm whose last bit would differ between
// machines.
//
// What a sketch says depends only on the values that were added, not on their order or on how it
// was merged.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr int steps = 35;                    // of a power of two: an error of at most 0.991 %
constexpr double ratio = 1.020001609421199;  // 2^(1/35)
constexpr std::size_t most_buckets = 4096;   // of one sign: 35 orders of magnitude

// Where the buckets of the numbers from 1 to 2 begin, and 2.
constexpr std::array<double, steps + 1> bounds = [] {
  std::array<double, steps + 1> starts{};
  starts[0] = 1;
  for (std::size_t i = 1; i < steps; i++) starts[i] = starts[i - 1] * ratio;
  starts[steps] = 2;
  return starts;
}();

int bucket_of(double magnitude) {
  int exponent = 0;
  const double fraction = 2 * std::frexp(magnitude, &exponent);
  const auto above = std::upper_bound(bounds.begin() + 1, bounds.end() - 1, fraction);
  return exponent * steps + static_cast<int>(above - bounds.begin()) - 1;
}

// The number that differs from none in the bucket by more than the error.
double middle_of(int bucket) {
  const int exponent = (bucket >= 0 ? bucket : bucket - steps + 1) / steps;
  const auto step = static_cast<std::size_t>(bucket - exponent * steps);
  const double low = bounds[step], high = bounds[step + 1];
  return std::ldexp(2 * low * high / (low + high), exponent - 1);
}

// The counts of a run of buckets. Of more than most_buckets the least give way to the last that is
// kept.
class Buckets {
 public:
  void add(int bucket, std::uint64_t count) {
    if (counts_.empty()) {
      first_ = bucket;
      counts_.resize(1);
    } else if (bucket < first_) {
      const int least = std::max(bucket, last() - static_cast<int>(most_buckets) + 1);
      counts_.insert(counts_.begin(), static_cast<std::size_t>(std::max(first_ - least, 0)), 0);
      first_ = std::min(first_, least);
    } else if (bucket > last()) {
      extend_to(bucket);
    }
    counts_[static_cast<std::size_t>(std::max(bucket - first_, 0))] += count;
    total_ += count;
  }
  void merge(const Buckets& other) {
    for (std::size_t i = other.counts_.size(); i-- > 0;)
      if (other.counts_[i] > 0) add(other.first_ + static_cast<int>(i), other.counts_[i]);
  }

  std::uint64_t total() const { return total_; }
  std::size_t held() const { return counts_.capacity() * sizeof(std::uint64_t); }
  // The bucket of the value that has `place` smaller ones.
  int bucket_at(std::uint64_t place) const {
    std::size_t i = 0;
    for (; place >= counts_[i]; i++) place -= counts_[i];
    return first_ + static_cast<int>(i);
  }

  void save(StateWriter& to) const {
    to.number(first_);
    to.count(counts_.size());
    for (const std::uint64_t count : counts_) to.number(count);
  }
  void load(StateReader& from) {
    first_ = from.number<int>();
    const std::size_t size = from.count(sizeof(std::uint64_t));
    if (size > most_buckets) throw StateReader::damaged();
    counts_.resize(size);
    for (std::uint64_t& count : counts_) total_ += count = from.number<std::uint64_t>();
  }

 private:
  int last() const { return first_ + static_cast<int>(counts_.size()) - 1; }

  void extend_to(int bucket) {
    const int least = bucket - static_cast<int>(most_buckets) + 1;
    if (least > first_) {
      const auto gone = std::min(static_cast<std::size_t>(least - first_), counts_.size());
      std::uint64_t small = 0;
      for (std::size_t i = 0; i < gone; i++) small += counts_[i];
      counts_.erase(counts_.begin(), counts_.begin() + static_cast<std::ptrdiff_t>(gone));
      first_ = least;
      counts_.resize(std::max<std::size_t>(counts_.size(), 1));
      counts_[0] += small;
    }
    counts_.resize(static_cast<std::size_t>(bucket - first_) + 1);
  }

  int first_ = 0;
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

struct Sketch {
  Buckets negative, positive;  // by magnitude
  std::uint64_t zeros = 0;
  double least = std::numeric_limits<double>::infinity(), greatest = -least;
  bool durations = false;  // what was added

  std::uint64_t count() const { return negative.total() + zeros + positive.total(); }

  double at(std::uint64_t place) const {
    if (place == 0) return least;
    if (place + 1 == count()) return greatest;
    double value = 0;
    if (place < negative.total())
      value = -middle_of(negative.bucket_at(negative.total() - 1 - place));
    else if (place >= negative.total() + zeros)
      value = middle_of(positive.bucket_at(place - negative.total() - zeros));
    return std::clamp(value, least, greatest);
  }
};

class ApproxQuantile : public AggregateOf<ApproxQuantile, Sketch> {
 public:
  explicit ApproxQuantile(double q) : q_(q) {}

  bool take(Sketch& sketch, const Value& value) const {
    const bool is_duration = value.kind == Kind::duration;
    const Value number = is_duration ? integer_value(value.integer) : number_of(value);
    if (number.is_missing()) return false;
    const double x = as_real(number) + 0.0;  // of the two zeros, 0
    if (!std::isfinite(x)) return false;
    if (sketch.count() > 0 && sketch.durations != is_duration) return false;
    sketch.durations = is_duration;
    sketch.least = std::min(sketch.least, x);
    sketch.greatest = std::max(sketch.greatest, x);
    if (x == 0)
      sketch.zeros++;
    else
      (x < 0 ? sketch.negative : sketch.positive).add(bucket_of(std::abs(x)), 1);
    return true;
  }
  void merge_states(Sketch& into, const Sketch& from) const {
    if (from.count() == 0) return;
    if (into.count() > 0 && into.durations != from.durations) return;  // durations and numbers
    into.durations = from.durations;
    into.negative.merge(from.negative);
    into.positive.merge(from.positive);
    into.zeros += from.zeros;
    into.least = std::min(into.least, from.least);
    into.greatest = std::max(into.greatest, from.greatest);
  }
  Value value(const Sketch& sketch, Memory&, bool&) const {
    if (sketch.count() == 0) return null_value();
    const double place = q_ * static_cast<double>(sketch.count() - 1);
    const auto before = static_cast<std::uint64_t>(place);
    const double part = place - static_cast<double>(before), low = sketch.at(before);
    const double high = part > 0 ? sketch.at(before + 1) : low;
    const double found = low == high ? low : low * (1 - part) + high * part;
    return sketch.durations ? duration_value(std::llround(found)) : real_value(found);
  }
  void save_state(const Sketch& sketch, StateWriter& to) const {
    sketch.negative.save(to);
    sketch.positive.save(to);
    to.number(sketch.zeros);
    to.number(sketch.least);
    to.number(sketch.greatest);
    to.number(sketch.durations);
  }
  void load_state(Sketch& sketch, StateReader& from) const {
    sketch.negative.load(from);
    sketch.positive.load(from);
    sketch.zeros = from.number<decltype(sketch.zeros)>();
    sketch.least = from.number<decltype(sketch.least)>();
    sketch.greatest = from.number<decltype(sketch.greatest)>();
    sketch.durations = from.number<bool>();
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return state(accumulator).negative.held() + state(accumulator).positive.held();
  }

 private:
  double q_;
};

}  // namespace

AggregateFunction approx_quantile_aggregate() {
  AggregateFunction f;
  f.name = "approx_quantile";
  f.usage = "approx_quantile(x, q)";
  f.summary =
      "about the quantile at q, from 0 to 1, in at most 64 KiB: relative error at most 1 %, for "
      "all magnitudes within 35 orders of the greatest (DDSketch)";
  f.least = f.most = 2;
  f.constants = 1;
  f.examples = {{"approx_quantile(x, 0.5)", "[-5, 0, 7]", "0"},
                {"approx_quantile(x, 1)", "[1, 5]", "5"},
                {"approx_quantile(x, 0.5)", "[1, 1000, 100000]", "993.9793908045273"},
                {"approx_quantile(x, 0.5)", "[null]", "null"}};
  f.make = [](std::string_view, std::span<const Value> constants) -> std::unique_ptr<Aggregate> {
    const double q = as_real(number_of(constants[0]));
    if (!(q >= 0 && q <= 1)) throw std::invalid_argument("q must be a number between 0 and 1");
    return std::make_unique<ApproxQuantile>(q);
  };
  return f;
}

}  // namespace riffle
