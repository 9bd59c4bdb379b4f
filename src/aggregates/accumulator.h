// What aggregates share: an accumulator that is a plain C++ value, and a loop over the rows that
// hands it each value that is not null.
#pragma once

#include <new>

#include "aggregates/aggregate.h"
#include "values/decode.h"

namespace riffle {

// `Self` derives from one of the two below and has `merge_states`, `value`, `save_state`,
// `load_state`: Aggregate's functions without the bytes.
template <typename Self, typename State>
class AggregateWith : public Aggregate {
 public:
  static_assert(alignof(State) <= 8);

  std::size_t size() const override { return sizeof(State); }
  void start(std::byte* accumulator) const override { new (accumulator) State(); }
  void stop(std::byte* accumulator) const override { state(accumulator).~State(); }

  void merge(std::byte* into, const std::byte* from) const override {
    self().merge_states(state(into), state(from));
  }
  Value result(const std::byte* accumulator, Memory& memory, bool& failed) const override {
    return self().value(state(accumulator), memory, failed);
  }
  void save(const std::byte* accumulator, std::string& out) const override {
    self().save_state(state(accumulator), out);
  }
  bool load(std::byte* accumulator, std::string_view bytes) const override {
    return self().load_state(state(accumulator), bytes);
  }

 protected:
  static State& state(std::byte* accumulator) {
    return *std::launder(reinterpret_cast<State*>(accumulator));
  }
  static const State& state(const std::byte* accumulator) {
    return *std::launder(reinterpret_cast<const State*>(accumulator));
  }

  const Self& self() const { return static_cast<const Self&>(*this); }
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
