// What aggregates share: a state that is a plain C++ value, and a loop over the rows that hands it
// each value that is not null.
#pragma once

#include "aggregates/aggregate.h"
#include "values/decode.h"

namespace riffle {

// `Self` derives from one of the two below and has, beside what AccumulatorOf asks for,
// `merge_states` and `value`: Aggregate's functions without the bytes.
template <typename Self, typename State>
class AggregateWith : public AccumulatorOf<Self, State, Aggregate> {
 public:
  void merge(std::byte* into, const std::byte* from) const override {
    this->self().merge_states(this->state(into), this->state(from));
  }
  Value result(const std::byte* bytes, Memory& memory, bool& failed) const override {
    return this->self().value(this->state(bytes), memory, failed);
  }
};

// Of one argument: bool take(State&, const Value&) const; false: it cannot take such a value.
template <typename Self, typename State>
class AggregateOf : public AggregateWith<Self, State> {
 public:
  void add(const Addition& addition) const override {
    const Column& values = addition.arguments[0];
    for (std::size_t i = 0; i < addition.rows.size(); i++) {
      const Row row = addition.rows[i];
      if (is_nothing(values[row])) continue;
      State& accumulator = this->state(addition.groups[i] + addition.offset);
      if (!this->self().take(accumulator, values[row])) addition.failed.push_back(row);
    }
  }
};

// Of two, neither of which may be null: bool take(State&, const Value&, const Value&) const.
template <typename Self, typename State>
class PairAggregateOf : public AggregateWith<Self, State> {
 public:
  void add(const Addition& addition) const override {
    const Column &first = addition.arguments[0], &second = addition.arguments[1];
    for (std::size_t i = 0; i < addition.rows.size(); i++) {
      const Row row = addition.rows[i];
      if (is_nothing(first[row]) || is_nothing(second[row])) continue;
      State& accumulator = this->state(addition.groups[i] + addition.offset);
      if (!this->self().take(accumulator, first[row], second[row])) addition.failed.push_back(row);
    }
  }
};

}  // namespace riffle
