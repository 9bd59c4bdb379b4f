#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"

namespace riffle {
namespace {

class Count : public AggregateOf<Count, std::uint64_t> {
 public:
  // count(): every record; count(x): those whose value is not null.
  void add(const Addition& addition) const override {
    if (!addition.arguments.empty()) return AggregateOf::add(addition);
    for (std::byte* const group : addition.groups) state(group + addition.offset)++;
  }
  bool take(std::uint64_t& count, const Value&) const {
    count++;
    return true;
  }
  void merge_states(std::uint64_t& into, std::uint64_t from) const { into += from; }
  Value value(std::uint64_t count, Memory&, bool&) const { return natural_value(count); }
  void save_state(std::uint64_t count, StateWriter& to) const { to.number(count); }
  void load_state(std::uint64_t& count, StateReader& from) const {
    count = from.number<std::uint64_t>();
  }
};

}  // namespace

AggregateFunction count_aggregate() {
  AggregateFunction f;
  f.name = "count";
  f.usage = "count([x])";
  f.summary = "the number of records; of those whose x is not null";
  f.least = 0;
  f.examples = {
      {"count()", "[1, null, 3]", "3"}, {"count(x)", "[1, null, 3]", "2"}, {"count()", "[]", "0"}};
  f.make = make_aggregate<Count>;
  return f;
}

}  // namespace riffle
