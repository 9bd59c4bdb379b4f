// min, max, first and last: each keeps one value, as it was written. arg_min and arg_max keep
// another with it.
#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/decode.h"
#include "values/number.h"
#include "values/order.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

enum class Choice { min, max, first, last };

struct Kept {
  OwnedValue value;
  Value number;  // of `value`, if it is one: numbers compare without looking at the text again
};

template <Choice choice>
bool is_better(const Kept& kept, const Value& value, const Value& number) {
  if (choice == Choice::first) return false;
  if (choice == Choice::last) return true;
  if (!number.is_missing() && !kept.number.is_missing()) {
    const auto order = compare_numbers(number, kept.number);
    if (order != std::partial_ordering::unordered)
      return choice == Choice::min ? order < 0 : order > 0;
  }
  Memory scratch;
  const auto o = order(value, kept.value.get(), scratch);
  return choice == Choice::min ? o < 0 : o > 0;
}

// Keeps the value where it is the better one; whether it is.
template <Choice choice>
bool keep(Kept& kept, const Value& value) {
  // A list or map is kept as JSON, and compared as such: a time inside is a text there.
  if (value.kind == Kind::list || value.kind == Kind::map)
    return keep<choice>(kept, OwnedValue(value).get());
  const Value number = choice == Choice::min || choice == Choice::max ? number_of(value) : Value();
  if (kept.value.is_set() && !is_better<choice>(kept, value, number)) return false;
  kept.value.assign(value);
  kept.number = number;
  return true;
}

void save_kept(const Kept& kept, StateWriter& to) { kept.value.save(to); }

void load_kept(Kept& kept, StateReader& from) {
  kept.value.load(from);
  kept.number = number_of(kept.value.get());
}

Value copy_of(const OwnedValue& value, Memory& memory) {
  return value.is_set() ? deep_copy(value.get(), memory) : null_value();
}

template <Choice choice>
class Keep : public AggregateOf<Keep<choice>, Kept> {
 public:
  bool take(Kept& kept, const Value& value) const {
    keep<choice>(kept, value);
    return true;
  }
  void merge_states(Kept& into, const Kept& from) const {
    if (from.value.is_set()) take(into, from.value.get());
  }
  Value value(const Kept& kept, Memory& memory, bool&) const { return copy_of(kept.value, memory); }
  void save_state(const Kept& kept, StateWriter& to) const { save_kept(kept, to); }
  void load_state(Kept& kept, StateReader& from) const { load_kept(kept, from); }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return this->state(accumulator).value.held();
  }
};

struct KeptBy {
  Kept by;
  OwnedValue value;
};

template <Choice choice>
class KeepBy : public PairAggregateOf<KeepBy<choice>, KeptBy> {
 public:
  bool take(KeptBy& kept, const Value& value, const Value& by) const {
    if (keep<choice>(kept.by, by)) kept.value.assign(value);
    return true;
  }
  void merge_states(KeptBy& into, const KeptBy& from) const {
    if (from.value.is_set()) take(into, from.value.get(), from.by.value.get());
  }
  Value value(const KeptBy& kept, Memory& memory, bool&) const {
    return copy_of(kept.value, memory);
  }
  void save_state(const KeptBy& kept, StateWriter& to) const {
    save_kept(kept.by, to);
    kept.value.save(to);
  }
  void load_state(KeptBy& kept, StateReader& from) const {
    load_kept(kept.by, from);
    kept.value.load(from);
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return this->state(accumulator).by.value.held() + this->state(accumulator).value.held();
  }
};

}  // namespace

AggregateFunction min_aggregate() {
  return aggregate_row(
      "min(x)", "the least value, in the order of sort, as it was written",
      {{"min(x)", "[3, 1.10, null, 2]", "1.10"}, {"min(x)", "[\"b\", \"a\"]", "\"a\""}},
      make_aggregate<Keep<Choice::min>>);
}

AggregateFunction max_aggregate() {
  return aggregate_row("max(x)", "the greatest value, in the order of sort, as it was written",
                       {{"max(x)", "[3, 1, null, 20]", "20"}, {"max(x)", "[9, \"a\"]", "\"a\""}},
                       make_aggregate<Keep<Choice::max>>);
}

AggregateFunction arg_min_aggregate() {
  AggregateFunction f = aggregate_row(
      "arg_min(x, by)",
      "x where `by` is least, in the order of sort; of equals the first; records where one of the "
      "two is null are skipped",
      {{"arg_min(x, -x)", "[3, 5, null, 2]", "5"}, {"arg_min(x, 1)", "[\"b\", \"a\"]", "\"b\""}},
      make_aggregate<KeepBy<Choice::min>>);
  f.in_order = true;
  return f;
}

AggregateFunction arg_max_aggregate() {
  AggregateFunction f = aggregate_row(
      "arg_max(x, by)",
      "x where `by` is greatest, in the order of sort; of equals the first; records where one "
      "of the two is null are skipped",
      {{"arg_max(x, -x)", "[3, 5, null, 2]", "2"}}, make_aggregate<KeepBy<Choice::max>>);
  f.in_order = true;
  return f;
}

AggregateFunction first_aggregate() {
  AggregateFunction f =
      aggregate_row("first(x)", "the first value that is not null",
                    {{"first(x)", "[null, 2, 3]", "2"}}, make_aggregate<Keep<Choice::first>>);
  f.in_order = true;
  return f;
}

AggregateFunction last_aggregate() {
  AggregateFunction f =
      aggregate_row("last(x)", "the last value that is not null",
                    {{"last(x)", "[1, 2, null]", "2"}}, make_aggregate<Keep<Choice::last>>);
  f.in_order = true;
  return f;
}

}  // namespace riffle
