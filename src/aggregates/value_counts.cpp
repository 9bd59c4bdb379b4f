// set, mode and entropy: each counts every different value, compared as keys are.
#include <algorithm>
#include <cmath>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "text/text_map.h"
#include "values/key_text.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Counted {
  OwnedValue value;  // as it was first seen
  std::uint64_t count = 0;
};

struct ValueCounts {
  std::vector<Counted> order;  // in which they were first seen
  TextMap<std::size_t> places;
  std::size_t texts = 0;  // bytes of keys and values

  void add(const Value& value, std::uint64_t count) {
    const KeyText key(value);
    const auto [place, is_new] = places.try_emplace(key.text(), order.size());
    if (!is_new) {
      order[place->second].count += count;
      return;
    }
    order.push_back({OwnedValue(value), count});
    texts += key.text().size() + order.back().value.held();
  }
};

enum class Asked { set, mode, entropy };

Value set_of(const ValueCounts& counts, Memory& memory) {
  Value* const items = memory.allocate<Value>(counts.order.size());
  for (std::size_t i = 0; i < counts.order.size(); i++)
    items[i] = deep_copy(counts.order[i].value.get(), memory);
  return list_value({items, counts.order.size()});
}

Value mode_of(const ValueCounts& counts, Memory& memory) {
  const auto most =
      std::max_element(counts.order.begin(), counts.order.end(),
                       [](const Counted& a, const Counted& b) { return a.count < b.count; });
  return most == counts.order.end() ? null_value() : deep_copy(most->value.get(), memory);
}

Value entropy_of(const ValueCounts& counts) {
  if (counts.order.empty()) return null_value();
  double total = 0, bits = 0;
  for (const Counted& counted : counts.order) total += static_cast<double>(counted.count);
  for (const Counted& counted : counts.order) {
    const double count = static_cast<double>(counted.count);
    bits += count / total * std::log2(total / count);
  }
  return real_value(bits);
}

template <Asked asked>
class OfValueCounts : public AggregateOf<OfValueCounts<asked>, ValueCounts> {
 public:
  bool take(ValueCounts& counts, const Value& value) const {
    counts.add(value, 1);
    return true;
  }
  void merge_states(ValueCounts& into, const ValueCounts& from) const {
    for (const Counted& counted : from.order) into.add(counted.value.get(), counted.count);
  }
  Value value(const ValueCounts& counts, Memory& memory, bool&) const {
    if (asked == Asked::set) return set_of(counts, memory);
    return asked == Asked::mode ? mode_of(counts, memory) : entropy_of(counts);
  }
  void save_state(const ValueCounts& counts, StateWriter& to) const {
    to.count(counts.order.size());
    for (const Counted& counted : counts.order) {
      counted.value.save(to);
      to.number(counted.count);
    }
  }
  void load_state(ValueCounts& counts, StateReader& from) const {
    for (std::size_t left = from.count(sizeof(Value)); left > 0; left--) {
      Counted counted;
      counted.value.load(from);
      counts.add(counted.value.get(), from.number<decltype(counted.count)>());
    }
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const ValueCounts& counts = this->state(accumulator);
    return counts.texts + counts.order.capacity() * sizeof(Counted) +
           counts.places.capacity() * (sizeof(std::string) + sizeof(std::size_t) + 1);
  }
};

}  // namespace

AggregateFunction set_aggregate() {
  AggregateFunction f;
  f.name = "set";
  f.in_order = true;
  f.usage = "set(x)";
  f.summary = "the different values, compared as keys are, in the order in which they first came";
  f.examples = {{"set(x)", "[2, null, \"a\", 2]", "[2,\"a\"]"}, {"set(x)", "[]", "[]"}};
  f.make = make_aggregate<OfValueCounts<Asked::set>>;
  return f;
}

AggregateFunction mode_aggregate() {
  AggregateFunction f;
  f.name = "mode";
  f.in_order = true;
  f.usage = "mode(x)";
  f.summary =
      "the most frequent value, compared as keys are; of equally frequent ones the one that came "
      "first";
  f.examples = {{"mode(x)", "[3, \"a\", null, \"a\"]", "\"a\""},
                {"mode(x)", "[2, 1, 1, 2]", "2"},
                {"mode(x)", "[null]", "null"}};
  f.make = make_aggregate<OfValueCounts<Asked::mode>>;
  return f;
}

AggregateFunction entropy_aggregate() {
  AggregateFunction f;
  f.name = "entropy";
  f.usage = "entropy(x)";
  f.summary =
      "Shannon's entropy of the values, compared as keys are, in bits: 0 when all are the same";
  f.examples = {{"entropy(x)", "[\"a\", \"b\", null, \"c\", \"d\"]", "2"},
                {"entropy(x)", "[7, 7]", "0"},
                {"entropy(x)", "[]", "null"}};
  f.make = make_aggregate<OfValueCounts<Asked::entropy>>;
  return f;
}

}  // namespace riffle
