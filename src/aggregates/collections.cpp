// distinct and list: both keep every value, or every different one.
#include <algorithm>
#include <utility>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "text/text_map.h"
#include "values/key_text.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

struct Different {
  TextSet keys;
  std::size_t texts = 0;  // bytes of the keys

  void add(std::string_view key) { texts += keys.emplace(key).second ? key.size() : 0; }
};

class Distinct : public AggregateOf<Distinct, Different> {
 public:
  bool take(Different& different, const Value& value) const {
    different.add(KeyText(value).text());
    return true;
  }
  void merge_states(Different& into, const Different& from) const {
    for (const std::string& key : from.keys) into.add(key);
  }
  Value value(const Different& different, Memory&, bool&) const {
    return natural_value(different.keys.size());
  }
  void save_state(const Different& different, StateWriter& to) const {
    std::vector<std::string_view> sorted(different.keys.begin(), different.keys.end());
    std::sort(sorted.begin(), sorted.end());
    to.count(sorted.size());
    for (const std::string_view key : sorted) to.text(key);
  }
  void load_state(Different& different, StateReader& from) const {
    for (std::size_t left = from.count(); left > 0; left--) different.add(from.text());
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Different& different = state(accumulator);
    return different.keys.capacity() * (sizeof(std::string) + 1) + different.texts;
  }
};

struct Listed {
  std::vector<OwnedValue> values;
  std::size_t texts = 0;  // what the values hold elsewhere

  void add(OwnedValue value) {
    texts += value.held();
    values.push_back(std::move(value));
  }
};

class List : public AggregateOf<List, Listed> {
 public:
  bool take(Listed& listed, const Value& value) const {
    listed.add(OwnedValue(value));
    return true;
  }
  void merge_states(Listed& into, const Listed& from) const {
    into.values.insert(into.values.end(), from.values.begin(), from.values.end());
    into.texts += from.texts;
  }
  Value value(const Listed& listed, Memory& memory, bool&) const {
    const std::size_t count = listed.values.size();
    Value* const items = memory.allocate<Value>(count);
    for (std::size_t i = 0; i < count; i++) items[i] = deep_copy(listed.values[i].get(), memory);
    return list_value({items, count});
  }
  void save_state(const Listed& listed, StateWriter& to) const {
    to.count(listed.values.size());
    for (const OwnedValue& value : listed.values) value.save(to);
  }
  void load_state(Listed& listed, StateReader& from) const {
    for (std::size_t left = from.count(sizeof(Value)); left > 0; left--) {
      OwnedValue value;
      value.load(from);
      listed.add(std::move(value));
    }
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    return state(accumulator).values.size() * sizeof(OwnedValue) + state(accumulator).texts;
  }
};

}  // namespace

AggregateFunction distinct_aggregate() {
  AggregateFunction f;
  f.name = "distinct";
  f.usage = "distinct(x)";
  f.summary = "how many different values there are, compared as keys are: by their text (exact)";
  f.examples = {{"distinct(x)", "[1, 2, 1, null, \"1\"]", "2"}, {"distinct(x)", "[]", "0"}};
  f.make = make_aggregate<Distinct>;
  return f;
}

AggregateFunction list_aggregate() {
  AggregateFunction f;
  f.name = "list";
  f.in_order = true;
  f.usage = "list(x)";
  f.summary = "all values that are not null, in the order in which they came";
  f.examples = {{"list(x)", "[2, null, \"a\", 2]", "[2,\"a\",2]"}, {"list(x)", "[]", "[]"}};
  f.make = make_aggregate<List>;
  return f;
}

}  // namespace riffle
