// Exact quantiles, by keeping all values. Between two values they interpolate linearly (SQL's
// percentile_cont, type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996).
//
// The slice of a sliding window is merged into many windows, each of which looks for its quantile:
// it is sorted once, and a high percentile is found at the upper ends of the slices.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

// Numbers of all kinds; integers that a double cannot hold exactly stay apart from it in `exact`.
struct Sample {
  // Ascending from one of `runs` to the next; what is after the last one is not.
  mutable std::vector<double> reals;
  // Where runs end; there are some only once it was merged with another.
  mutable std::vector<std::size_t> runs;
  std::vector<Value> exact;  // in place of `reals`, once one of the values needs it
  Kind kind = Kind::real;    // real, duration or time: what all of the values are

  std::size_t size() const { return exact.empty() ? reals.size() : exact.size(); }
  std::size_t sorted() const { return runs.empty() ? 0 : runs.back(); }
};

// Has it in runs, of which there are few.
void sort(const Sample& sample) {
  constexpr std::size_t most_runs = 8;
  if (sample.runs.size() > most_runs) sample.runs.clear();
  if (sample.sorted() == sample.reals.size()) return;
  std::sort(sample.reals.begin() + static_cast<std::ptrdiff_t>(sample.sorted()),
            sample.reals.end());
  sample.runs.push_back(sample.reals.size());
}

bool fits_a_double(const Value& number) {
  constexpr std::int64_t limit = std::int64_t{1} << 53;
  return number.kind == Kind::real ||
         (number.kind == Kind::integer && number.integer >= -limit && number.integer <= limit);
}

Value nanoseconds(const Value& value) { return integer_value(value.integer); }

class Quantile : public AggregateOf<Quantile, Sample> {
 public:
  explicit Quantile(double q) : q_(q) {}

  bool take(Sample& sample, const Value& value) const {
    const bool timed = value.kind == Kind::duration || value.kind == Kind::time;
    const Kind kind = timed ? value.kind : Kind::real;
    const Value number = timed ? nanoseconds(value) : number_of(value);
    if (number.is_missing() || (number.kind == Kind::real && std::isnan(number.real))) return false;
    if (sample.size() > 0 && sample.kind != kind) return false;
    sample.kind = kind;
    add(sample, number);
    return true;
  }
  void merge_states(Sample& into, const Sample& from) const {
    if (into.size() == 0) into.kind = from.kind;
    if (into.kind != from.kind) return;
    if (into.exact.empty())
      append(into, from);
    else
      for (const double d : from.reals) add(into, real_value(d));
    for (const Value& v : from.exact) add(into, v);
  }
  Value value(const Sample& sample, Memory&, bool&) const {
    if (sample.size() == 0) return null_value();
    const Value found = sample.exact.empty() ? of_reals(sample) : of_exact(sample.exact);
    if (sample.kind == Kind::real) return found;
    const std::int64_t rounded =
        found.kind == Kind::integer ? found.integer : std::llround(as_real(found));
    return sample.kind == Kind::time ? time_value(rounded) : duration_value(rounded);
  }
  void save_state(const Sample& sample, StateWriter& to) const {
    to.number(sample.kind);
    to.count(sample.reals.size());
    for (const double d : sample.reals) to.number(d);
    to.count(sample.exact.size());
    for (const Value& v : sample.exact) to.number(v);
  }
  void load_state(Sample& sample, StateReader& from) const {
    sample.kind = from.number<Kind>();
    for (std::size_t left = from.count(sizeof(double)); left > 0; left--)
      sample.reals.push_back(from.number<double>());
    for (std::size_t left = from.count(sizeof(Value)); left > 0; left--)
      sample.exact.push_back(from.number<Value>());
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Sample& sample = state(accumulator);
    return sample.reals.capacity() * sizeof(double) + sample.exact.capacity() * sizeof(Value) +
           sample.runs.capacity() * sizeof(std::size_t);
  }

 private:
  static void append(Sample& into, const Sample& from) {
    sort(from);
    if (into.sorted() < into.reals.size()) sort(into);
    for (const std::size_t end : from.runs) into.runs.push_back(into.reals.size() + end);
    into.reals.insert(into.reals.end(), from.reals.begin(), from.reals.end());
  }
  static void add(Sample& sample, const Value& number) {
    if (sample.exact.empty() && fits_a_double(number)) {
      sample.reals.push_back(as_real(number));
      return;
    }
    if (sample.exact.empty()) {
      for (const double d : sample.reals) sample.exact.push_back(real_value(d));
      sample.reals.clear();
      sample.runs.clear();
    }
    sample.exact.push_back(number);
  }

  // The values at both sides of the quantile's place, and how far it is from the first.
  template <typename T, typename Less>
  static std::pair<T, T> neighbours(std::vector<T> values, double place, Less less) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::floor(place));
    std::nth_element(values.begin(), at, values.end(), less);
    const auto next = place > std::floor(place) ? std::min_element(at + 1, values.end(), less) : at;
    return {*at, *next};
  }

  Value of_reals(const Sample& sample) const {
    const std::size_t count = sample.reals.size();
    const double place = q_ * static_cast<double>(count - 1);
    // The values from there on.
    const std::size_t above = count - static_cast<std::size_t>(std::floor(place));
    const bool from_the_top =
        sample.sorted() == count && above * std::bit_width(sample.runs.size()) < count;
    const auto [low, high] =
        from_the_top ? lowest_two(sample, above) : neighbours(sample.reals, place, std::less<>());
    return place == std::floor(place) ? real_value(low)
                                      : interpolated(low, high, place - std::floor(place));
  }

  // The two lowest of the greatest `count` values of runs; the one, where there is one.
  static std::pair<double, double> lowest_two(const Sample& sample, std::size_t count) {
    struct Run {
      const double *begin, *end;  // not empty
    };
    std::vector<Run> heap;
    const double* begin = sample.reals.data();
    for (const std::size_t end : sample.runs)
      heap.push_back({std::exchange(begin, sample.reals.data() + end), sample.reals.data() + end});
    const auto is_less = [](const Run& a, const Run& b) { return a.end[-1] < b.end[-1]; };
    std::make_heap(heap.begin(), heap.end(), is_less);
    double low = heap.front().end[-1], high = low;
    for (std::size_t i = 0; i < count; i++) {
      std::pop_heap(heap.begin(), heap.end(), is_less);
      Run& greatest = heap.back();
      high = std::exchange(low, *--greatest.end);
      if (greatest.end == greatest.begin)
        heap.pop_back();
      else
        std::push_heap(heap.begin(), heap.end(), is_less);
    }
    return {low, high};
  }

  Value of_exact(const std::vector<Value>& values) const {
    const double place = q_ * static_cast<double>(values.size() - 1);
    const auto less = [](const Value& a, const Value& b) { return compare_numbers(a, b) < 0; };
    const auto [low, high] = neighbours(values, place, less);
    if (place == std::floor(place) || compare_numbers(low, high) == 0) return low;
    return interpolated(as_real(low), as_real(high), place - std::floor(place));
  }

  static Value interpolated(double low, double high, double part) {
    return real_value(low == high ? low : low + (high - low) * part);
  }

  double q_;
};

std::unique_ptr<Aggregate> make_percentile(std::string_view name, std::span<const Value>) {
  std::string digits(name.substr(1));
  std::replace(digits.begin(), digits.end(), '_', '.');
  digits += "e-2";  // 99.9 / 100 is not 0.999
  double q = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), q);
  if (q > 1) throw std::invalid_argument("a percentile is at most p100");
  return std::make_unique<Quantile>(q);
}

std::unique_ptr<Aggregate> make_quantile(std::string_view, std::span<const Value> constants) {
  const double q = as_real(number_of(constants[0]));
  if (!(q >= 0 && q <= 1)) throw std::invalid_argument("q must be a number between 0 and 1");
  return std::make_unique<Quantile>(q);
}

}  // namespace

AggregateFunction median_aggregate() {
  AggregateFunction f;
  f.name = "median";
  f.usage = "median(x)";
  f.summary = "the value in the middle; between two, their mean (exact)";
  f.examples = {{"median(x)", "[1, 10, 2]", "2"},
                {"median(x)", "[1, 2]", "1.5"},
                {"median(x)", "[null]", "null"}};
  f.make = [](std::string_view, std::span<const Value>) -> std::unique_ptr<Aggregate> {
    return std::make_unique<Quantile>(0.5);
  };
  return f;
}

AggregateFunction percentile_aggregate() {
  AggregateFunction f;
  f.name = "pNN";
  f.usage = "pNN(x)";
  f.summary =
      "a percentile: p50, p99, p99_9 (for 99.9); exact, interpolating linearly as SQL's "
      "percentile_cont";
  f.examples = {
      {"p50(x)", "[1, 2, 3, 4]", "2.5"}, {"p99(x)", "[7]", "7"}, {"p99_9(x)", "[0, 1000]", "999"}};
  f.make = make_percentile;
  return f;
}

AggregateFunction quantile_aggregate() {
  AggregateFunction f;
  f.name = "quantile";
  f.usage = "quantile(x, q)";
  f.summary = "the quantile at q, from 0 (the least value) to 1; exact, interpolating linearly";
  f.least = f.most = 2;
  f.constants = 1;
  f.examples = {{"quantile(x, 0.25)", "[1, 2, 3, 4]", "1.75"}, {"quantile(x, 1)", "[1, 5]", "5"}};
  f.make = make_quantile;
  return f;
}

}  // namespace riffle
