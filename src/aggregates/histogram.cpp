// histogram: bins of equal width between the least and the greatest value, which are known only in
// the end: it keeps all values.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

using Numbers = std::vector<double>;

// One more than there are bins. Equal values have one bin.
std::vector<double> bounds_of(const Numbers& numbers, std::size_t bins) {
  const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
  const double low = *least, high = *greatest, count = static_cast<double>(bins);
  if (low == high) return {low, high};
  std::vector<double> bounds;
  const double span = high - low;
  for (std::size_t i = 0; i < bins; i++) {
    const double place = static_cast<double>(i);
    // The difference of two great numbers may be none.
    bounds.push_back(std::isfinite(span * place)
                         ? low + span * place / count
                         : low * (1 - place / count) + high * (place / count));
  }
  bounds.push_back(high);
  return bounds;
}

class Histogram : public AggregateOf<Histogram, Numbers> {
 public:
  explicit Histogram(std::size_t bins) : bins_(bins) {}

  bool take(Numbers& numbers, const Value& value) const {
    const Value number = number_of(value);
    if (number.is_missing() || !std::isfinite(as_real(number))) return false;
    numbers.push_back(as_real(number) + 0.0);  // of the two zeros, 0
    return true;
  }
  void merge_states(Numbers& into, const Numbers& from) const {
    into.insert(into.end(), from.begin(), from.end());
  }
  Value value(const Numbers& numbers, Memory& memory, bool&) const {
    if (numbers.empty()) return list_value({});
    const std::vector<double> bounds = bounds_of(numbers, bins_);
    std::vector<std::uint64_t> counts(bounds.size() - 1);
    for (const double number : numbers) {
      const auto above = std::upper_bound(bounds.begin() + 1, bounds.end() - 1, number);
      counts[static_cast<std::size_t>(above - bounds.begin()) - 1]++;
    }
    Value* const items = memory.allocate<Value>(counts.size());
    for (std::size_t i = 0; i < counts.size(); i++) {
      Member* const members = memory.allocate<Member>(3);
      members[0] = {"low", real_value(bounds[i])};
      members[1] = {"high", real_value(bounds[i + 1])};
      members[2] = {"count", natural_value(counts[i])};
      items[i] = map_value({members, 3});
    }
    return list_value({items, counts.size()});
  }
  void save_state(const Numbers& numbers, StateWriter& to) const {
    to.count(numbers.size());
    for (const double number : numbers) to.number(number);
  }
  void load_state(Numbers& numbers, StateReader& from) const {
    for (std::size_t left = from.count(sizeof(double)); left > 0; left--)
      numbers.push_back(from.number<double>());
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return state(accumulator).capacity() * sizeof(double);
  }

 private:
  std::size_t bins_;
};

}  // namespace

AggregateFunction histogram_aggregate() {
  AggregateFunction f;
  f.name = "histogram";
  f.usage = "histogram(x, n)";
  f.summary =
      "n bins of equal width from the least to the greatest number, as a list of {low, high, "
      "count}; a number on a bound counts in the bin above, the greatest in the last; equal "
      "numbers have one bin (exact: keeps all)";
  f.least = f.most = 2;
  f.constants = 1;
  f.examples = {{"histogram(x, 2)", "[1, 2, null, 3, 5]",
                 "[{\"low\":1,\"high\":3,\"count\":2},{\"low\":3,\"high\":5,\"count\":2}]"},
                {"histogram(x, 3)", "[4, 4]", "[{\"low\":4,\"high\":4,\"count\":2}]"},
                {"histogram(x, 3)", "[]", "[]"}};
  f.make = [](std::string_view, std::span<const Value> constants) -> std::unique_ptr<Aggregate> {
    return std::make_unique<Histogram>(count_of(constants[0], "n"));
  };
  return f;
}

}  // namespace riffle
