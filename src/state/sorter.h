// Sorter: rows by their keys, in memory, or in sorted runs on disk that are merged at the end. One
// thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "state/budget.h"
#include "state/records.h"
#include "state/spill_file.h"
#include "values/memory.h"

namespace riffle {

class Sorter {
 public:
  using Emit = std::function<void(Batch)>;

  // `descending`: of each key.
  Sorter(std::vector<bool> descending, Holder holder);

  // Adds the living rows of a batch. keys[k][i] is key k, decoded, of the i-th of them.
  void add(const Batch& batch, std::span<const Value* const> keys);
  // Emits all rows, in batches of moderate size: in the order of values/order.h by the first key
  // that differs, rows of equal keys in the order in which they were added. Without any it still
  // emits a batch. Nothing can be added afterwards.
  void finish(const Emit& emit);
  // The rows that have been added.
  void save(StateWriter& to) const;
  // REQUIRES: none has been added yet.
  void load(StateReader& from);

 private:
  struct Entry {
    // See sort_number: the first key's; while equal ones are sorted, that of a later part.
    std::uint64_t number = 0;
    const char* row = nullptr;
  };
  // What the numbers are of: a key, or a text from some character on.
  struct Part {
    std::size_t key = 0, piece = 0;
  };
  struct Run {
    std::uint64_t begin = 0, end = 0;
  };
  class Cursor;

  bool comes_before(const Entry& a, const Entry& b, Part part) const;
  void sort(std::span<Entry> entries, Part part);
  void sort_equals(std::span<Entry> entries, Part part);
  bool are_texts(std::span<const Entry> entries, std::size_t key) const;
  void spill();
  void account();
  void merge(const Emit& emit);

  std::vector<bool> descending_;
  Holding holding_;
  Records rows_;
  std::shared_ptr<Memory> memory_;      // of the rows in `entries_`
  std::vector<Entry> entries_, other_;  // `other_`: room for sorting
  std::optional<SpillFile> file_;
  std::vector<Run> runs_;
};

}  // namespace riffle
