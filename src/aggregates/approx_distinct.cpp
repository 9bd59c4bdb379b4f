// approx_distinct: HyperLogLog++ (Heule, Nunkesser, Hall, "HyperLogLog in Practice", 2013) at p =
// 14, with its 64-bit hash and its sparse form. The registers are read by the estimator of Ertl
// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017), which has no bias for
// few values and so needs no table of measured ones.
//
// What a sketch says depends only on the set of values that were added, not on their order or on
// how it was merged.
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "aggregates/aggregate_of.h"
#include "aggregates/rows.h"
#include "values/key_text.h"

namespace riffle {
namespace {

constexpr int precision = 14, sparse_precision = 25, between = sparse_precision - precision;
constexpr std::size_t register_count = std::size_t{1} << precision;
constexpr int greatest_rank = 64 - precision + 1;
// A list of entries of four bytes gives way to the registers where it would need about as much
// memory as they.
constexpr std::size_t most_entries = 3072;

// An entry is the first 25 bits of a hash, and after them, in six bits, the rank of the others:
// the place of their first one.
using Entry = std::uint32_t;
constexpr int rank_bits = 6;

Entry place_of(Entry entry) { return entry >> rank_bits; }

Entry entry_of(std::uint64_t hash) {
  const auto place = static_cast<Entry>(hash >> (64 - sparse_precision));
  const std::uint64_t others = hash << sparse_precision;
  const int rank = std::min(std::countl_zero(others), 64 - sparse_precision) + 1;
  return place << rank_bits | static_cast<Entry>(rank);
}

struct Sketch {
  std::vector<Entry> entries;  // the first `sorted` of them in order, one for each place
  std::size_t sorted = 0;
  std::vector<std::uint8_t> registers;  // in place of the entries, once there are many

  bool is_sparse() const { return registers.empty(); }

  void add(Entry entry) {
    if (!is_sparse()) return raise(entry);
    entries.push_back(entry);
    if (entries.size() >= sorted + 32 + sorted / 4) settle();
  }

  void merge(const Sketch& other) {
    for (const Entry entry : other.entries) add(entry);
    if (other.is_sparse()) return;
    become_dense();
    for (std::size_t i = 0; i < register_count; i++)
      registers[i] = std::max(registers[i], other.registers[i]);
  }

  // Brings the entries in order; of one place the greatest rank stays.
  void settle() {
    const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(sorted);
    std::sort(middle, entries.end());
    std::inplace_merge(entries.begin(), middle, entries.end());
    const auto last = std::unique(entries.rbegin(), entries.rend(),
                                  [](Entry a, Entry b) { return place_of(a) == place_of(b); });
    entries.erase(entries.begin(), last.base());
    sorted = entries.size();
    if (sorted > most_entries) become_dense();
  }

 private:
  void become_dense() {
    if (!is_sparse()) return;
    registers.resize(register_count);
    for (const Entry entry : entries) raise(entry);
    entries = {};
    sorted = 0;
  }

  void raise(Entry entry) {
    const Entry place = place_of(entry);
    const Entry rest = place & ((1U << between) - 1);
    const Entry rank = rest ? static_cast<Entry>(std::countl_zero(rest)) - (32 - between) + 1
                            : between + (entry & ((1U << rank_bits) - 1));
    std::uint8_t& held = registers[place >> between];
    held = std::max(held, static_cast<std::uint8_t>(rank));
  }
};

// Ertl's sigma and tau: what the registers that are still zero, and those that can rise no more,
// add to the sum.
double of_empty(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double sum = x;
  for (double before = -1, weight = 1; sum != before; weight += weight) {
    x *= x;
    before = sum;
    sum += x * weight;
  }
  return sum;
}

double of_full(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x;
  for (double before = -1, weight = 0.5; sum != before; weight *= 0.5) {
    x = std::sqrt(x);
    before = sum;
    sum -= (1 - x) * (1 - x) * weight;
  }
  return sum / 3;
}

double estimate(const std::vector<std::uint8_t>& registers) {
  std::array<double, greatest_rank + 1> of_rank{};
  for (const std::uint8_t rank : registers) of_rank[rank]++;
  constexpr double count = register_count;
  double sum = count * of_full(1 - of_rank[greatest_rank] / count);
  for (int rank = greatest_rank - 1; rank > 0; rank--)
    sum = (sum + of_rank[static_cast<std::size_t>(rank)]) / 2;
  sum += count * of_empty(of_rank[0] / count);
  constexpr double half_of_inverse_ln2 = 0.72134752044448170368;
  return half_of_inverse_ln2 * count * count / sum;
}

// Linear counting: how many values there are when this many of 2^25 places are taken.
double estimate(std::size_t taken) {
  constexpr double places = std::size_t{1} << sparse_precision;
  return -places * std::log1p(-static_cast<double>(taken) / places);
}

class ApproxDistinct : public AggregateOf<ApproxDistinct, Sketch> {
 public:
  bool take(Sketch& sketch, const Value& value) const {
    const KeyText key(value);
    // Not seeded: the same estimate in each run.
    sketch.add(entry_of(XXH3_64bits(key.text().data(), key.text().size())));
    return true;
  }
  void merge_states(Sketch& into, const Sketch& from) const { into.merge(from); }
  Value value(const Sketch& sketch, Memory&, bool&) const {
    const Sketch settled = settled_copy(sketch);
    const double count =
        settled.is_sparse() ? estimate(settled.sorted) : estimate(settled.registers);
    return natural_value(static_cast<std::uint64_t>(std::llround(count)));
  }
  void save_state(const Sketch& sketch, StateWriter& to) const {
    const Sketch settled = settled_copy(sketch);
    to.number(settled.is_sparse());
    if (settled.is_sparse()) {
      to.count(settled.entries.size());
      for (const Entry entry : settled.entries) to.number(entry);
    } else {
      for (const std::uint8_t rank : settled.registers) to.number(rank);
    }
  }
  void load_state(Sketch& sketch, StateReader& from) const {
    if (from.number<bool>()) {
      for (std::size_t left = from.count(sizeof(Entry)); left > 0; left--)
        sketch.entries.push_back(from.number<Entry>());
      return sketch.settle();
    }
    sketch.registers.resize(register_count);
    for (std::uint8_t& rank : sketch.registers) {
      rank = from.number<std::uint8_t>();
      if (rank > greatest_rank) throw StateReader::damaged();
    }
  }
  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* accumulator) const override {
    const Sketch& sketch = state(accumulator);
    return sketch.entries.capacity() * sizeof(Entry) + sketch.registers.capacity();
  }

 private:
  static Sketch settled_copy(const Sketch& sketch) {
    Sketch settled = sketch;
    if (settled.is_sparse()) settled.settle();
    return settled;
  }
};

}  // namespace

AggregateFunction approx_distinct_aggregate() {
  AggregateFunction f;
  f.name = "approx_distinct";
  f.usage = "approx_distinct(x)";
  f.summary =
      "about how many different values there are, in at most 16 KiB: standard error 0.81 %, far "
      "less up to 3,000 (HyperLogLog++); compared as keys are";
  f.examples = {{"approx_distinct(x)", "[1, 2, 1, null, \"1\"]", "2"},
                {"approx_distinct(x)", "[]", "0"}};
  f.make = make_aggregate<ApproxDistinct>;
  return f;
}

}  // namespace riffle
