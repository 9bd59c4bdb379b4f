#include "state/sorter.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "state/sort_key.h"

namespace riffle {
namespace {

constexpr std::size_t few = 256, most_pieces = 16;
constexpr std::size_t written_at_once = 1 << 20, most_read_at_once = 256 << 10,
                      least_read_at_once = 4 << 10;

// Least significant digit first: equal numbers stay in their order. Digits that all numbers share
// cost nothing. `other` has room for as many.
template <typename Entry, typename NumberOf>
void radix_sort(std::span<Entry> entries, std::span<Entry> other, NumberOf number_of) {
  constexpr std::size_t digits = sizeof(std::uint64_t);
  std::array<std::array<std::uint32_t, 256>, digits> counts{};
  for (const Entry& entry : entries)
    for (std::size_t digit = 0; digit < digits; digit++)
      counts[digit][number_of(entry) >> (8 * digit) & 255]++;
  std::span<Entry> from = entries, to = other.first(entries.size());
  for (std::size_t digit = 0; digit < digits; digit++) {
    std::array<std::uint32_t, 256>& count = counts[digit];
    if (count[number_of(from[0]) >> (8 * digit) & 255] == entries.size()) continue;
    std::uint32_t before = 0;
    for (std::uint32_t& next : count) before += std::exchange(next, before);
    for (const Entry& entry : from) to[count[number_of(entry) >> (8 * digit) & 255]++] = entry;
    std::swap(from, to);
  }
  if (from.data() != entries.data()) std::copy(from.begin(), from.end(), entries.begin());
}

}  // namespace

// The rows of a run, one after the other.
class Sorter::Cursor {
 public:
  Cursor(const SpillFile& file, Run run, std::size_t buffer)
      : reader_(file, run.begin, run.end, buffer) {
    next();
  }

  bool is_at_end() const { return !entry_.row; }
  // Valid until next().
  const Entry& entry() const { return entry_; }
  void next() {
    entry_ = {};
    if (reader_.at_end()) return;
    const auto number = reader_.take_number<std::uint64_t>();
    const auto size = reader_.take_number<std::uint64_t>();
    entry_ = {number, reader_.take(size)};
  }

 private:
  SpillReader reader_;
  Entry entry_;
};

Sorter::Sorter(std::vector<bool> descending, Holder holder)
    : descending_(std::move(descending)),
      holding_(std::move(holder), [this] { spill(); }),
      rows_(descending_.size()),
      memory_(std::make_shared<Memory>()) {}

void Sorter::add(const Batch& batch, std::span<const Value* const> keys) {
  rows_.start(batch);
  std::vector<Value> row_keys(keys.size());
  for (std::size_t i = 0; i < batch.rows.size(); i++) {
    for (std::size_t key = 0; key < keys.size(); key++) row_keys[key] = keys[key][i];
    entries_.push_back(
        {sort_number(row_keys[0], descending_[0]), rows_.save(batch.rows[i], row_keys, *memory_)});
  }
  account();
}

void Sorter::account() { holding_.set(memory_->size() + 2 * entries_.size() * sizeof(Entry)); }

void Sorter::save(StateWriter& to) const {
  rows_.save(to);
  to.count(entries_.size());
  for (const Entry& entry : entries_) {
    to.number(entry.number);
    to.text({entry.row, Records::size_of(entry.row)});
  }
  to.count(runs_.size());
  for (const Run& run : runs_) to.part([&] { file_->save(run.begin, run.end, to); });
}

void Sorter::load(StateReader& from) {
  rows_.load(from);
  for (std::size_t left = from.count(sizeof(Entry)); left > 0; left--) {
    const auto number = from.number<std::uint64_t>();
    entries_.push_back({number, rows_.load_row(from.text(), *memory_)});
  }
  for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--) {
    if (!file_) file_.emplace();
    const std::string_view run = from.text();
    runs_.push_back({file_->size(), file_->size() + run.size()});
    file_->append(run);
  }
  account();
}

bool Sorter::comes_before(const Entry& a, const Entry& b, Part part) const {
  if (a.number >> 1 != b.number >> 1) return a.number < b.number;
  const bool is_equal = ((a.number | b.number) & 1) == 0;
  Memory scratch;
  for (std::size_t key = is_equal ? part.key + 1 : part.key; key < descending_.size(); key++) {
    const auto o = order_for_sort(rows_.more_of(a.row, key, scratch),
                                  rows_.more_of(b.row, key, scratch), descending_[key], scratch);
    if (o != 0) return o < 0;
  }
  return false;
}

void Sorter::sort(std::span<Entry> entries, Part part) {
  if (entries.size() <= few || part.piece == most_pieces) {
    std::stable_sort(entries.begin(), entries.end(),
                     [&](const Entry& a, const Entry& b) { return comes_before(a, b, part); });
    return;
  }
  other_.resize(std::max(other_.size(), entries.size()));
  radix_sort(entries, std::span(other_),
             [](const Entry& entry) { return entry.number & ~std::uint64_t{1}; });
  for (auto first = entries.begin(); first != entries.end();) {
    const auto differs = [number = first->number >> 1](const Entry& entry) {
      return entry.number >> 1 != number;
    };
    const auto last = std::find_if(first + 1, entries.end(), differs);
    if (last - first > 1) sort_equals({first, last}, part);
    first = last;
  }
}

// Rows of equal numbers, by what the numbers do not say: the rest of a text, or the next key. Each
// row is looked at once for its next number, rather than in every comparison: it is seldom in the
// cache.
void Sorter::sort_equals(std::span<Entry> entries, Part part) {
  const bool all_whole = std::all_of(entries.begin(), entries.end(),
                                     [](const Entry& e) { return (e.number & 1) == 0; });
  if (all_whole && part.key + 1 == descending_.size()) return;
  if (entries.size() <= few || !(all_whole || are_texts(entries, part.key))) {
    std::stable_sort(entries.begin(), entries.end(),
                     [&](const Entry& a, const Entry& b) { return comes_before(a, b, part); });
    return;
  }
  const std::uint64_t number = all_whole ? entries[0].number : entries[0].number | 1;
  const Part next = all_whole ? Part{part.key + 1, 0} : Part{part.key, part.piece + 1};
  Memory scratch;
  for (Entry& entry : entries) {
    Value value = rows_.more_of(entry.row, next.key, scratch);
    if (next.piece > 0)
      value = text_value(value.view().substr(
          std::min<std::size_t>(value.size, next.piece * bytes_in_sort_number)));
    entry.number = sort_number(value, descending_[next.key]);
  }
  sort(entries, next);
  for (Entry& entry : entries) entry.number = number;
}

bool Sorter::are_texts(std::span<const Entry> entries, std::size_t key) const {
  Memory scratch;
  return std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    return rows_.more_of(entry.row, key, scratch).kind == Kind::text;
  });
}

void Sorter::spill() {
  if (!file_) file_.emplace();
  sort(entries_, {});
  Run run{file_->size(), 0};
  std::string piece;
  const auto append = [&](std::string_view bytes) {
    piece += bytes;
    if (piece.size() < written_at_once) return;
    file_->append(piece);
    piece.clear();
  };
  for (const Entry& entry : entries_) {
    const std::uint64_t size = Records::size_of(entry.row);
    append({reinterpret_cast<const char*>(&entry.number), sizeof entry.number});
    append({reinterpret_cast<const char*>(&size), sizeof size});
    append({entry.row, size});
  }
  file_->append(piece);
  run.end = file_->size();
  runs_.push_back(run);
  entries_ = {};
  other_ = {};
  memory_ = std::make_shared<Memory>();
  holding_.set(0);
}

void Sorter::finish(const Emit& emit) {
  if (!runs_.empty()) {
    if (!entries_.empty()) spill();
    holding_.disable_spilling();
    return merge(emit);
  }
  holding_.disable_spilling();
  if (!rows_.has_started()) return;
  sort(entries_, {});
  other_ = {};
  const auto emit_added = [&] {
    Batch batch = rows_.take();
    batch.memory->keep(memory_);
    emit(std::move(batch));
  };
  for (const Entry& entry : entries_) {
    if (!rows_.can_add(entry.row)) emit_added();
    rows_.add(entry.row);
  }
  emit_added();
}

void Sorter::merge(const Emit& emit) {
  const std::size_t buffer =
      std::clamp(holding_.limit() / 4 / runs_.size(), least_read_at_once, most_read_at_once);
  std::vector<std::unique_ptr<Cursor>> cursors;
  for (const Run& run : runs_) cursors.push_back(std::make_unique<Cursor>(*file_, run, buffer));
  // A heap, the run whose row comes first in front; of equal rows the earlier run's.
  std::vector<std::size_t> heap(runs_.size());
  for (std::size_t run = 0; run < heap.size(); run++) heap[run] = run;
  const auto comes_after = [&](std::size_t a, std::size_t b) {
    if (comes_before(cursors[a]->entry(), cursors[b]->entry(), {})) return false;
    return comes_before(cursors[b]->entry(), cursors[a]->entry(), {}) || a > b;
  };
  std::make_heap(heap.begin(), heap.end(), comes_after);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), comes_after);
    Cursor& cursor = *cursors[heap.back()];
    const char* const row = cursor.entry().row;
    if (!rows_.can_add(row)) emit(rows_.take());
    rows_.add_copy({row, Records::size_of(row)});
    cursor.next();
    if (cursor.is_at_end())
      heap.pop_back();
    else
      std::push_heap(heap.begin(), heap.end(), comes_after);
  }
  emit(rows_.take());
}

}  // namespace riffle
