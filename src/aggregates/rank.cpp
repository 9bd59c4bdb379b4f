// rank: the place of a record's value among those of its group.
#include <algorithm>
#include <vector>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/order.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Ranked {
  std::vector<OwnedValue> values;
  bool is_sorted = false;  // the greatest first
  std::size_t held = 0;    // by the values elsewhere

  void add(const Value& value) {
    values.emplace_back(value);
    held += values.back().held();
    is_sorted = false;
  }
};

class Rank : public AggregateOf<Rank, Ranked> {
 public:
  bool take(Ranked& ranked, const Value& value) const {
    Memory scratch;
    ranked.add(decode_for_order(value, scratch));
    return true;
  }
  void merge_states(Ranked& into, const Ranked& from) const {
    for (const OwnedValue& value : from.values) into.add(value.get());
  }
  Value value(const Ranked&, Memory&, bool&) const { return null_value(); }
  Value result_of_record(std::byte* accumulator, const Value& argument,
                         Memory& memory) const override {
    const Value wanted = decode_for_order(argument, memory);
    if (wanted.is_nothing()) return null_value();
    Ranked& ranked = state(accumulator);
    const auto is_greater = [&](const Value& a, const Value& b) {
      return std::is_gt(order(a, b, memory));
    };
    if (!ranked.is_sorted)
      std::sort(
          ranked.values.begin(), ranked.values.end(),
          [&](const OwnedValue& a, const OwnedValue& b) { return is_greater(a.get(), b.get()); });
    ranked.is_sorted = true;
    const auto place = std::lower_bound(ranked.values.begin(), ranked.values.end(), wanted,
                                        [&](const OwnedValue& value, const Value& sought) {
                                          return is_greater(value.get(), sought);
                                        });
    return integer_value(place - ranked.values.begin() + 1);
  }
  void save_state(const Ranked& ranked, StateWriter& to) const {
    to.count(ranked.values.size());
    for (const OwnedValue& value : ranked.values) value.save(to);
  }
  void load_state(Ranked& ranked, StateReader& from) const {
    for (std::size_t left = from.count(1); left > 0; left--) {
      OwnedValue value;
      value.load(from);
      ranked.add(value.get());
    }
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Ranked& ranked = state(accumulator);
    return ranked.values.capacity() * sizeof(OwnedValue) + ranked.held;
  }
};

}  // namespace

AggregateFunction rank_aggregate() {
  AggregateFunction f = aggregate_row(
      "rank(x)",
      "in annotate: the place of the record's x among those of its group, in the order of sort; "
      "the greatest is 1, equals share a place, and of -x the least is 1",
      {}, make_aggregate<Rank>);
  f.takes = AggregateFunction::Takes::scalars;
  f.of_record = true;
  return f;
}

}  // namespace riffle
