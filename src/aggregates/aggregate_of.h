// What aggregates share: a state that is a plain C++ value, a loop over the rows that hands it each
// value that is not null, and how their rows make them.
#pragma once

#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "aggregates/aggregate.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {

// `Self` derives from one of the two below and has, besides what AccumulatorOf asks for,
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

// AggregateFunction::make of one without constants.
template <typename Made, auto... arguments>
std::unique_ptr<Aggregate> make_aggregate(std::string_view, std::span<const Value>) {
  return std::make_unique<Made>(arguments...);
}

// A constant that says how many, from 1 to 10,000. Throws std::invalid_argument, with its name, for
// another.
inline std::size_t count_of(const Value& constant, std::string_view name) {
  const double count = as_real(number_of(constant));
  if (!(count >= 1 && count <= 10'000 && count == std::floor(count)))
    throw std::invalid_argument(std::string(name) + " must be a whole number from 1 to 10,000");
  return static_cast<std::size_t>(count);
}

}  // namespace riffle
