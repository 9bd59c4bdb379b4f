// top_values: Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient Computation of Frequent and
// Top-k Elements in Data Streams", 2005). Beyond `capacity` different values, a new one takes the
// place of the rarest and its count with it: no count is ever too low, each is too high by at most
// its `error`, and a value that stands for more than a capacity-th of all is never missed. Merged
// as "Parallel Space Saving on Multi- and Many-Core Processors" (Cafaro, Pulimeno, Epicoco,
// Aloisio, 2016) does.
#include <absl/hash/hash.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "text/text_map.h"
#include "values/key_text.h"
#include "values/owned_value.h"

namespace riffle {
namespace {

constexpr std::size_t least_capacity = 1000;

struct Counted {
  OwnedValue value;
  std::string key;
  std::uint64_t count = 0, error = 0;
  // A number that grows: of equal counts the value that was seen first comes first.
  std::uint64_t seen = 0;
};

// What is counted, the most frequent first. A count grows by one where its run of equal counts
// begins, so that the order stays without searching.
struct Summary {
  std::vector<std::unique_ptr<Counted>> order;
  TextViewMap<std::size_t> places;  // of keys, which the Counted own
  SafeMap<std::uint64_t, std::size_t, absl::Hash<std::uint64_t>> runs;  // where each count begins
  std::uint64_t seen = 0;
  bool is_full = false;   // a value gave way
  std::size_t texts = 0;  // bytes of keys and values

  // What a value that is not counted here may have had.
  std::uint64_t unseen() const { return is_full ? order.back()->count : 0; }

  void add(const Value& value, std::string_view key, std::size_t capacity) {
    const auto found = places.find(key);
    std::size_t place = order.size();
    if (found != places.end()) {
      place = found->second;
    } else if (order.size() < capacity) {
      order.push_back(std::make_unique<Counted>());
      runs.try_emplace(0, place);
      begin(place, value, key, 0);
    } else {
      is_full = true;
      place = order.size() - 1;
      places.erase(order[place]->key);
      texts -= order[place]->key.capacity() + order[place]->value.held();
      begin(place, value, key, order[place]->count);
    }
    increase(place);
  }

  void rebuild() {
    places.clear();
    runs.clear();
    texts = 0;
    for (std::size_t i = 0; i < order.size(); i++) {
      places[order[i]->key] = i;
      runs.try_emplace(order[i]->count, i);
      texts += order[i]->key.capacity() + order[i]->value.held();
    }
  }

 private:
  void begin(std::size_t place, const Value& value, std::string_view key, std::uint64_t error) {
    Counted& counted = *order[place];
    counted.value = OwnedValue(value);
    counted.key = key;
    counted.error = error;
    counted.seen = seen++;
    places[counted.key] = place;
    texts += counted.key.capacity() + counted.value.held();
  }

  void increase(std::size_t place) {
    const std::uint64_t count = order[place]->count;
    const auto run = runs.find(count);
    const std::size_t start = run->second;
    if (start != place) {
      std::swap(order[start], order[place]);
      places[order[place]->key] = place;
      places[order[start]->key] = start;
    }
    order[start]->count++;
    if (start + 1 < order.size() && order[start + 1]->count == count)
      run->second = start + 1;
    else
      runs.erase(run);
    runs.try_emplace(count + 1, start);
  }
};

bool is_before(const std::unique_ptr<Counted>& a, const std::unique_ptr<Counted>& b) {
  return a->count != b->count ? a->count > b->count : a->seen < b->seen;
}

class TopValues : public AggregateOf<TopValues, Summary> {
 public:
  explicit TopValues(std::size_t wanted)
      : wanted_(wanted), capacity_(std::max(least_capacity, 10 * wanted)) {}

  bool take(Summary& summary, const Value& value) const {
    const KeyText key(value);
    summary.add(value, key.text(), capacity_);
    return true;
  }
  void merge_states(Summary& into, const Summary& from) const {
    const std::uint64_t unseen_before = into.unseen(), unseen_behind = from.unseen();
    const std::size_t before = into.order.size();
    std::vector<bool> in_both(before);
    for (const auto& other : from.order) {
      const auto found = into.places.find(other->key);
      if (found == into.places.end()) {
        into.order.push_back(std::make_unique<Counted>(*other));
        Counted& added = *into.order.back();
        added.count += unseen_before;
        added.error += unseen_before;
        added.seen += into.seen;
      } else {
        in_both[found->second] = true;
        into.order[found->second]->count += other->count;
        into.order[found->second]->error += other->error;
      }
    }
    for (std::size_t i = 0; i < before; i++) {
      if (in_both[i]) continue;
      into.order[i]->count += unseen_behind;
      into.order[i]->error += unseen_behind;
    }
    into.seen += from.seen;
    std::sort(into.order.begin(), into.order.end(), is_before);
    into.is_full = into.is_full || from.is_full || into.order.size() > capacity_;
    into.order.resize(std::min(into.order.size(), capacity_));
    into.rebuild();
  }
  Value value(const Summary& summary, Memory& memory, bool&) const {
    std::vector<const Counted*> order;
    for (const auto& counted : summary.order) order.push_back(counted.get());
    const auto most = order.begin() + static_cast<std::ptrdiff_t>(std::min(wanted_, order.size()));
    std::partial_sort(order.begin(), most, order.end(), [](const Counted* a, const Counted* b) {
      return a->count != b->count ? a->count > b->count : a->seen < b->seen;
    });
    order.erase(most, order.end());
    Value* const items = memory.allocate<Value>(order.size());
    for (std::size_t i = 0; i < order.size(); i++) items[i] = item_of(*order[i], memory);
    return list_value({items, order.size()});
  }
  void save_state(const Summary& summary, StateWriter& to) const {
    to.number(summary.seen);
    to.number(summary.is_full);
    to.count(summary.order.size());
    for (const auto& counted : summary.order) {
      counted->value.save(to);
      to.number(counted->count);
      to.number(counted->error);
      to.number(counted->seen);
    }
  }
  void load_state(Summary& summary, StateReader& from) const {
    summary.seen = from.number<decltype(summary.seen)>();
    summary.is_full = from.number<bool>();
    for (std::size_t left = from.count(sizeof(Value)); left > 0; left--) {
      Counted& counted = *summary.order.emplace_back(std::make_unique<Counted>());
      counted.value.load(from);
      counted.count = from.number<decltype(counted.count)>();
      counted.error = from.number<decltype(counted.error)>();
      counted.seen = from.number<decltype(counted.seen)>();
      counted.key = KeyText(counted.value.get()).text();
    }
    summary.rebuild();
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Summary& summary = state(accumulator);
    return summary.texts + summary.order.size() * (sizeof(Counted) + 4 * sizeof(std::size_t)) +
           summary.places.capacity() * (sizeof(std::string_view) + sizeof(std::size_t) + 1);
  }

 private:
  static Value item_of(const Counted& counted, Memory& memory) {
    const std::size_t count = counted.error > 0 ? 3 : 2;
    Member* const members = memory.allocate<Member>(count);
    members[0] = {"value", deep_copy(counted.value.get(), memory)};
    members[1] = {"count", natural_value(counted.count)};
    if (counted.error > 0) members[2] = {"error", natural_value(counted.error)};
    return map_value({members, count});
  }

  std::size_t wanted_, capacity_;
};

}  // namespace

AggregateFunction top_values_aggregate() {
  AggregateFunction f;
  f.name = "top_values";
  f.in_order = true;
  f.usage = "top_values(x, k)";
  f.summary =
      "the k most frequent values, compared as keys are, as a list of {value, count}: exact up to "
      "1,000 different ones (or 10 k); beyond, a count may be too high by at most the `error` "
      "next to it (Space-Saving)";
  f.least = f.most = 2;
  f.constants = 1;
  f.examples = {{"top_values(x, 2)", "[\"a\", \"b\", null, \"b\", \"c\"]",
                 "[{\"value\":\"b\",\"count\":2},{\"value\":\"a\",\"count\":1}]"},
                {"top_values(x, 3)", "[]", "[]"}};
  f.make = [](std::string_view, std::span<const Value> constants) -> std::unique_ptr<Aggregate> {
    return std::make_unique<TopValues>(count_of(constants[0], "k"));
  };
  return f;
}

}  // namespace riffle
