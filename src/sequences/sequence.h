// Sequence functions: what `transform` can say of a record and the ones before it, of the same key
// with --by. One row each, in a table; a file for those that go together.
//
// A Sequence is an Accumulator that is given one record after the other, and has a value for each.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "functions/function.h"
#include "values/accumulator.h"

namespace riffle {

class Sequence : public Accumulator {
 public:
  // The value for the next record, null and missing arguments included. It lives as long as the
  // batch; arguments do not live longer: what is remembered is copied. An argument that it cannot
  // take is call.fail(), and is not remembered.
  virtual Value next(std::byte* state, FunctionCall& call) const = 0;
};

// For a state that is a plain C++ value. `Self` has, besides what AccumulatorOf asks for: Value
// next_value(State&, FunctionCall&) const.
template <typename Self, typename State>
class SequenceOf : public AccumulatorOf<Self, State, Sequence> {
 public:
  Value next(std::byte* bytes, FunctionCall& call) const override {
    return this->self().next_value(this->state(bytes), call);
  }
};

struct SequenceExample {
  std::string_view call;     // "delta(x)"
  std::string_view values;   // a JSON list: the values of x, or whole records
  std::string_view results;  // a JSON list; a failed operation is null there
};

struct SequenceFunction {
  std::string_view name;
  std::string_view usage;      // "lag(x[, n])"
  std::string_view summary;    // one sentence
  std::string_view nulls;      // what null does
  int least = 1, most = 1;     // arguments, the constant one included
  int constant_argument = -1;  // that one is a constant, given to `make` and not to next()
  std::vector<SequenceExample> examples;
  // `arguments`: how many are given; `constant`: missing when left out. Throws
  // std::invalid_argument with the reason when it is out of range.
  std::unique_ptr<Sequence> (*make)(std::size_t arguments, const Value& constant) = nullptr;
};

// In the order in which the manual lists them.
std::span<const SequenceFunction> sequence_functions();
// Null: there is none of that name.
const SequenceFunction* find_sequence(std::string_view name);

}  // namespace riffle
