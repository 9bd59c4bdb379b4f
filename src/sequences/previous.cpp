// What a record is compared with the one before it: lag, delta, rate, since_last, counter_increase,
// fill_forward.
#include <stdexcept>

#include "functions/arguments.h"
#include "functions/arithmetic.h"
#include "sequences/rows.h"
#include "values/decode.h"
#include "values/number.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

// What can be subtracted; missing: it cannot. It has no bytes, and may be kept as it is.
Value quantity_of(const Value& value) {
  return value.kind == Kind::time || value.kind == Kind::duration ? value : finite_number_of(value);
}

// The last values, oldest first from `oldest` on, once there are as many as are wanted.
struct Values {
  std::vector<OwnedValue> values;
  std::size_t oldest = 0, held = 0;
};

class Lag : public SequenceOf<Lag, Values> {
 public:
  explicit Lag(std::size_t count) : count_(count) {}

  Value next_value(Values& last, FunctionCall& call) const {
    if (last.values.size() < count_) {
      const std::size_t before = last.values.capacity();
      last.values.emplace_back(call[0]);
      last.held +=
          (last.values.capacity() - before) * sizeof(OwnedValue) + last.values.back().held();
      return null_value();
    }
    OwnedValue& oldest = last.values[last.oldest];
    const Value value =
        is_nothing(oldest.get()) ? null_value() : deep_copy(oldest.get(), call.memory);
    last.held -= oldest.held();
    oldest.assign(call[0]);
    last.held += oldest.held();
    last.oldest = (last.oldest + 1) % count_;
    return value;
  }
  void save_state(const Values& last, StateWriter& to) const {
    to.count(last.values.size());
    for (const OwnedValue& value : last.values) value.save(to);
    to.count(last.oldest);
  }
  void load_state(Values& last, StateReader& from) const {
    const std::size_t count = from.count(sizeof(Value));
    if (count > count_) throw StateReader::damaged();
    for (std::size_t i = 0; i < count; i++) {
      last.values.emplace_back().load(from);
      last.held += last.values.back().held();
    }
    last.held += last.values.capacity() * sizeof(OwnedValue);
    last.oldest = from.number<std::uint64_t>();
    if (last.oldest > 0 && last.oldest >= count) throw StateReader::damaged();
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* bytes) const override { return state(bytes).held; }

 private:
  std::size_t count_;
};

class Delta : public SequenceOf<Delta, Value> {
 public:
  Value next_value(Value& last, FunctionCall& call) const {
    if (is_nothing(call[0])) return null_value();
    const Value value = quantity_of(call[0]);
    if (value.is_missing()) return call.fail();
    const Value before = last;
    last = value;
    if (before.is_missing()) return null_value();
    const auto difference = apply(Arithmetic::subtract, value, before, call.memory);
    return difference ? *difference : call.fail();
  }
  void save_state(const Value& last, StateWriter& to) const { to.number(last); }
  void load_state(Value& last, StateReader& from) const { last = from.number<Value>(); }
};

struct Moment {
  Value value;
  std::int64_t time = 0;
};

class Rate : public SequenceOf<Rate, Moment> {
 public:
  Value next_value(Moment& last, FunctionCall& call) const {
    if (is_nothing(call[0]) || is_nothing(call[1])) return null_value();
    const Value value = finite_number_of(call[0]);
    const auto time = time_argument(call, 1);
    if (value.is_missing() || !time) return call.fail();
    const Moment before = last;
    last = {value, *time};
    if (before.value.is_missing()) return null_value();
    const auto change = apply(Arithmetic::subtract, value, before.value, call.memory);
    const auto elapsed =
        apply(Arithmetic::subtract, time_value(*time), time_value(before.time), call.memory);
    if (!change || !elapsed) return call.fail();
    const Value seconds = real_value(static_cast<double>(elapsed->integer) / 1e9);
    const auto rate = apply(Arithmetic::divide, *change, seconds, call.memory);
    return rate ? *rate : call.fail();
  }
  void save_state(const Moment& last, StateWriter& to) const {
    to.number(last.value);
    to.number(last.time);
  }
  void load_state(Moment& last, StateReader& from) const {
    last.value = from.number<Value>();
    last.time = from.number<std::int64_t>();
  }
};

class SinceLast : public SequenceOf<SinceLast, Value> {
 public:
  Value next_value(Value& last, FunctionCall& call) const {
    if (is_nothing(call[0])) return null_value();
    const auto time = time_argument(call, 0);
    if (!time) return call.fail();
    const Value before = last;
    last = time_value(*time);
    if (before.is_missing()) return null_value();
    const auto elapsed = apply(Arithmetic::subtract, last, before, call.memory);
    return elapsed ? *elapsed : call.fail();
  }
  void save_state(const Value& last, StateWriter& to) const { to.number(last); }
  void load_state(Value& last, StateReader& from) const { last = from.number<Value>(); }
};

class CounterIncrease : public SequenceOf<CounterIncrease, Value> {
 public:
  Value next_value(Value& last, FunctionCall& call) const {
    if (is_nothing(call[0])) return null_value();
    const Value value = finite_number_of(call[0]);
    if (value.is_missing()) return call.fail();
    const Value before = last;
    last = value;
    if (before.is_missing()) return null_value();
    if (compare_numbers(value, before) < 0) return value;  // it began again, at 0
    const auto increase = apply(Arithmetic::subtract, value, before, call.memory);
    return increase ? *increase : call.fail();
  }
  void save_state(const Value& last, StateWriter& to) const { to.number(last); }
  void load_state(Value& last, StateReader& from) const { last = from.number<Value>(); }
};

class FillForward : public SequenceOf<FillForward, OwnedValue> {
 public:
  Value next_value(OwnedValue& last, FunctionCall& call) const {
    if (is_nothing(call[0]))
      return last.is_set() ? deep_copy(last.get(), call.memory) : null_value();
    last.assign(call[0]);
    return call[0];
  }
  void save_state(const OwnedValue& last, StateWriter& to) const { last.save(to); }
  void load_state(OwnedValue& last, StateReader& from) const { last.load(from); }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* bytes) const override { return state(bytes).held(); }
};

template <typename Of>
std::unique_ptr<Sequence> make(std::size_t, const Value&) {
  return std::make_unique<Of>();
}

std::unique_ptr<Sequence> make_lag(std::size_t, const Value& constant) {
  if (constant.is_missing()) return std::make_unique<Lag>(1);
  const auto count = whole_number_of(constant);
  if (!count || *count < 1)
    throw std::invalid_argument("n is how many records back to look: a whole number from 1 on");
  return std::make_unique<Lag>(static_cast<std::size_t>(*count));
}

SequenceFunction row(std::string_view usage, int arguments, decltype(SequenceFunction::make) maker,
                     std::string_view summary, std::string_view nulls,
                     std::vector<SequenceExample> examples) {
  SequenceFunction f;
  f.name = usage.substr(0, usage.find('('));
  f.usage = usage;
  f.summary = summary;
  f.nulls = nulls;
  f.least = f.most = arguments;
  f.examples = std::move(examples);
  f.make = maker;
  return f;
}

}  // namespace

std::vector<SequenceFunction> previous_sequences() {
  SequenceFunction lag =
      row("lag(x[, n])", 1, make_lag, "x as it was in the record before, or n records before",
          "a null x counts as a record; where there is no such record, and for a missing x, null",
          {{"lag(x)", "[1, 2.50, null, 4]", "[null, 1, 2.50, null]"},
           {"lag(x, 2)", "[\"a\", \"b\", \"c\"]", "[null, null, \"a\"]"},
           {"x - lag(x)", "[1, 4, 9]", "[null, 3, 5]"}});
  lag.most = 2;
  lag.constant_argument = 1;
  return {
      lag,
      row("delta(x)", 1, make<Delta>,
          "how much x has changed since its last value: numbers, times or durations",
          "null for the first value; a null x gives null, and the next is compared with the value "
          "before it",
          {{"delta(x)", "[1, 4, null, 9.5]", "[null, 3, null, 5.5]"},
           {"delta(x)", "[1, \"a\", 3]", "[null, null, 2]"}}),
      row("rate(x, ts)", 2, make<Rate>,
          "how much x has changed for each second since its last value, by the time ts",
          "null for the first value; where x or ts is null, null, and the next is compared with "
          "the value before it; where no time has passed, an error",
          {{"rate(x, ts)", R"([{"x": 10, "ts": 100}, {"x": 40, "ts": 110}, {"x": 35, "ts": 112}])",
            "[null, 3, -2.5]"}}),
      row("since_last(ts)", 1, make<SinceLast>,
          "the time from the last record's ts to this one's; below 0 where it goes back",
          "null for the first; a null ts gives null, and the next is measured from the one before "
          "it",
          {{"since_last(x)",
            R"(["2026-01-31T10:00:00Z", "2026-01-31T10:00:01.5Z", null, "2026-01-31T10:01:00Z"])",
            "[null, 1.5, null, 58.5]"}}),
      row("counter_increase(x)", 1, make<CounterIncrease>,
          "how much a counter has grown since its last value; where it is less than that, it began "
          "again at 0, and x is the increase",
          "null for the first value; a null x gives null, and the next is compared with the value "
          "before it",
          {{"counter_increase(x)", "[100, 130, 5, null, 9]", "[null, 30, 5, null, 4]"}}),
      row("fill_forward(x)", 1, make<FillForward>, "x, or where it is null its last value",
          "filled; null before the first value",
          {{"fill_forward(x)", "[null, 1, null, \"a\", null]", "[null, 1, 1, \"a\", \"a\"]"}}),
  };
}

}  // namespace riffle
