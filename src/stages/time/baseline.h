// Baselines: what `detect` expects of a key's next value, after the values that it has had. Each
// holds a bounded number of bytes. Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "values/saved_state.h"

namespace riffle {

struct Expectation {
  double expected = 0;
  double distance = 0;  // of a value that is a score of 1 away; 0: all values were equal
};

class Baseline {
 public:
  virtual ~Baseline() = default;
  // None: there were fewer than `needed` values.
  virtual std::optional<Expectation> expectation() const = 0;
  virtual void add(double value) = 0;
  virtual std::size_t held() const = 0;
  virtual void save(StateWriter& to) const = 0;
  // REQUIRES: nothing has been added yet.
  virtual void load(StateReader& from) = 0;

  static constexpr std::size_t needed = 10;
};

// Mean and standard deviation (n - 1) of all earlier values, by Welford's update ("Note on a Method
// for Calculating Corrected Sums of Squares and Products", 1962).
class RunningMean : public Baseline {
 public:
  std::optional<Expectation> expectation() const override;
  void add(double value) override;
  std::size_t held() const override { return sizeof *this; }
  void save(StateWriter& to) const override;
  void load(StateReader& from) override;

 private:
  std::size_t count_ = 0;
  double mean_ = 0, squares_ = 0;
};

// Median and median absolute deviation (MAD) of the last `window` values. A score of 1 is MAD /
// 0.6745 away: the modified z-score of Iglewicz and Hoaglin, "How to Detect and Handle Outliers",
// 1993.
class RunningMedian : public Baseline {
 public:
  static constexpr std::size_t window = 100;
  static constexpr double normal = 0.6745;  // the MAD of a normal distribution of deviation 1

  std::optional<Expectation> expectation() const override;
  void add(double value) override;
  std::size_t held() const override {
    return sizeof *this + (ring_.capacity() + sorted_.capacity()) * sizeof(double);
  }
  void save(StateWriter& to) const override;
  void load(StateReader& from) override;

 private:
  std::vector<double> ring_, sorted_;
  std::size_t oldest_ = 0;
};

// Exponentially weighted mean and variance: Finch, "Incremental calculation of weighted mean and
// variance", 2009, section 9.
class WeightedMean : public Baseline {
 public:
  static constexpr double alpha = 0.1;  // the weight of the newest value

  std::optional<Expectation> expectation() const override;
  void add(double value) override;
  std::size_t held() const override { return sizeof *this; }
  void save(StateWriter& to) const override;
  void load(StateReader& from) override;

 private:
  std::size_t count_ = 0;
  double mean_ = 0, variance_ = 0;
};

struct Method {
  std::string_view name;
  double threshold = 0;  // unless another is given
  std::unique_ptr<Baseline> (*make)() = nullptr;
};

std::span<const Method> methods();

}  // namespace riffle
