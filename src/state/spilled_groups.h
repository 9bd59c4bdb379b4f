// SpilledGroups: the groups of tables that had to leave memory. Each table is written to disk as it
// is, cut into parts by the hash of the keys; at the end the parts are merged one by one, each in
// the memory that one takes. A part that is too large by itself is cut again. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "state/budget.h"
#include "state/groups.h"
#include "state/spill_file.h"

namespace riffle {

class SpilledGroups {
 public:
  // What the tables' blocks are.
  struct Blocks : Groups::Blocks {
    Groups::Save save = nullptr;
    // Adds what save() wrote of a group's block. `fresh`: `block` has just been started; otherwise
    // it has what came before.
    std::function<void(std::byte* block, StateReader& saved, bool fresh)> add = nullptr;
  };
  // A group: its key's values, and what save() wrote of its block. They live until the visit ends.
  using Visit = std::function<void(std::span<const Value> keys, StateReader& saved)>;

  // `holding`: of the stage; it is told what a merge holds, and outlives this.
  SpilledGroups(std::size_t keys, Blocks blocks, Holding& holding)
      : SpilledGroups(keys, std::move(blocks), holding, 0) {}

  bool empty() const { return next_ == 0; }
  // Writes a table's groups, after those of the tables before.
  void write(const Groups& groups);
  // What has been written. REQUIRES for load(): nothing has.
  void save(StateWriter& to) const;
  void load(StateReader& from);
  // Visits all groups, each once, in the order in which they first appeared.
  void merge(const Visit& visit);

 private:
  struct Stretch {
    std::uint64_t begin = 0, end = 0;
  };
  struct Record {
    std::uint64_t sequence = 0;
    std::span<const Value> keys;
    std::string_view saved;
  };
  class Cursor;
  class Part;

  SpilledGroups(std::size_t keys, Blocks blocks, Holding& holding, unsigned level);

  template <typename SequenceOf>
  void write(const Groups& groups, std::size_t offset, SequenceOf sequence_of);
  void append(std::uint64_t sequence, std::span<const Value> keys, std::string_view saved,
              std::string& piece);
  void flush(std::string& piece);
  Record read(SpillReader& reader, Memory& memory) const;
  Stretch merge_part(const std::vector<Stretch>& stretches);
  void merge_records(const std::function<void(const Record&)>& visit);
  std::size_t read_at_once(std::size_t readers) const;

  std::size_t keys_;
  Blocks blocks_;
  Holding& holding_;
  unsigned level_;  // how often these groups were cut into parts before
  std::optional<SpillFile> file_;
  std::vector<std::vector<Stretch>> parts_;
  std::uint64_t next_ = 0;  // the next table's first group
};

}  // namespace riffle
