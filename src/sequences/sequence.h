// Sequence functions: what `transform` can say of a record and the ones before it, of the same key
// with --by. One row each, in a table; a file for those that go together.
//
// A Sequence is one call of the pipeline, prepared (its constant argument is in it), immutable.
// What it remembers of a key's records is a state: size() bytes that the key's table owns, side by
// side with its neighbours'.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace riffle {

class Sequence {
 public:
  virtual ~Sequence() = default;

  virtual std::size_t size() const = 0;  // of a state; aligned to 8
  virtual void start(std::byte* state) const = 0;
  virtual void stop(std::byte* state) const = 0;  // gives back what it holds elsewhere

  // The value for the next record, null and missing arguments included. It lives as long as the
  // batch; arguments do not live longer: what is remembered is copied. An argument that it cannot
  // take is call.fail(), and is not remembered.
  virtual Value next(std::byte* state, FunctionCall& call) const = 0;
  // Whether a state may hold more bytes than its own size(), and how many they are: 0 before the
  // first record.
  virtual bool holds_more() const { return false; }
  virtual std::size_t held(const std::byte*) const { return 0; }
};

// For a state that is a plain C++ value. `Self` derives from this and has: Value next_value(State&,
// FunctionCall&) const.
template <typename Self, typename State>
class SequenceOf : public Sequence {
 public:
  static_assert(alignof(State) <= 8);

  std::size_t size() const override { return sizeof(State); }
  void start(std::byte* bytes) const override { new (bytes) State(); }
  void stop(std::byte* bytes) const override { state(bytes).~State(); }
  Value next(std::byte* bytes, FunctionCall& call) const override {
    return static_cast<const Self&>(*this).next_value(state(bytes), call);
  }

 protected:
  static State& state(std::byte* bytes) { return *std::launder(reinterpret_cast<State*>(bytes)); }
  static const State& state(const std::byte* bytes) {
    return *std::launder(reinterpret_cast<const State*>(bytes));
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
