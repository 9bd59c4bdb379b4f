// distinct and list: both keep every value, or every different one.
#include <algorithm>
#include <utility>

#include "aggregates/accumulator.h"
#include "aggregates/rows.h"
#include "text/text_map.h"
#include "values/key_text.h"
#include "values/owned_value.h"
#include "values/saved.h"

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
  void save_state(const Different& different, std::string& out) const {
    std::vector<std::string_view> sorted(different.keys.begin(), different.keys.end());
    std::sort(sorted.begin(), sorted.end());
    save_count(sorted.size(), out);
    for (const std::string_view key : sorted) save_text(key, out);
  }
  bool load_state(Different& different, std::string_view bytes) const {
    std::uint64_t count = 0;
    if (!load_count(count, sizeof(std::uint64_t), bytes)) return false;
    for (std::string key; count > 0; count--, different.add(key))
      if (!load_text(key, bytes)) return false;
    return bytes.empty();
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
  void save_state(const Listed& listed, std::string& out) const {
    save_count(listed.values.size(), out);
    for (const OwnedValue& value : listed.values) value.save(out);
  }
  bool load_state(Listed& listed, std::string_view bytes) const {
    std::uint64_t count = 0;
    if (!load_count(count, sizeof(Value), bytes)) return false;
    for (; count > 0; count--) {
      OwnedValue value;
      if (!value.load(bytes)) return false;
      listed.add(std::move(value));
    }
    return bytes.empty();
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
  f.make = [](std::string_view, std::span<const Value>) -> std::unique_ptr<Aggregate> {
    return std::make_unique<Distinct>();
  };
  return f;
}

AggregateFunction list_aggregate() {
  AggregateFunction f;
  f.name = "list";
  f.in_order = true;
  f.usage = "list(x)";
  f.summary = "all values that are not null, in the order in which they came";
  f.examples = {{"list(x)", "[2, null, \"a\", 2]", "[2,\"a\",2]"}, {"list(x)", "[]", "[]"}};
  f.make = [](std::string_view, std::span<const Value>) -> std::unique_ptr<Aggregate> {
    return std::make_unique<List>();
  };
  return f;
}

}  // namespace riffle
