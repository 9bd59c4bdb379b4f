// distinct and list: both keep every value, or every different one.
#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "aggregates/accumulator.h"
#include "aggregates/key_text.h"
#include "aggregates/owned.h"
#include "aggregates/rows.h"
#include "data/saved.h"

namespace riffle {
namespace {

using Keys = absl::flat_hash_set<std::string>;

class Distinct : public AggregateOf<Distinct, Keys> {
 public:
  bool take(Keys& keys, const Value& value) const {
    const KeyText key(value);
    if (!keys.contains(absl::string_view(key.text().data(), key.text().size()))) keys.emplace(key.text());
    return true;
  }
  void merge_states(Keys& into, const Keys& from) const { into.insert(from.begin(), from.end()); }
  Value value(const Keys& keys, Memory&, bool&) const { return natural_value(keys.size()); }
  void save_state(const Keys& keys, std::string& out) const {
    std::vector<std::string_view> sorted(keys.begin(), keys.end());
    std::sort(sorted.begin(), sorted.end());
    for (const std::string_view key : sorted) save_text(key, out);
  }
  bool load_state(Keys& keys, std::string_view bytes) const {
    for (std::string key; !bytes.empty(); keys.insert(key))
      if (!load_text(key, bytes)) return false;
    return true;
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Keys& keys = state(accumulator);
    std::size_t bytes = keys.capacity() * (sizeof(std::string) + 1);
    for (const std::string& key : keys) bytes += key.size();
    return bytes;
  }
};

using Values = std::vector<OwnedValue>;

class List : public AggregateOf<List, Values> {
 public:
  bool take(Values& values, const Value& value) const {
    values.emplace_back(value);
    return true;
  }
  void merge_states(Values& into, const Values& from) const { into.insert(into.end(), from.begin(), from.end()); }
  Value value(const Values& values, Memory& memory, bool&) const {
    Value* const items = memory.allocate<Value>(values.size());
    for (std::size_t i = 0; i < values.size(); i++) items[i] = deep_copy(values[i].get(), memory);
    return list_value({items, values.size()});
  }
  void save_state(const Values& values, std::string& out) const {
    for (const OwnedValue& value : values) value.save(out);
  }
  bool load_state(Values& values, std::string_view bytes) const {
    while (!bytes.empty())
      if (!values.emplace_back().load(bytes)) return false;
    return true;
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    std::size_t bytes = 0;
    for (const OwnedValue& value : state(accumulator)) bytes += sizeof value + value.held();
    return bytes;
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
