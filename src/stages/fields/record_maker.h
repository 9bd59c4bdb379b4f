// For stages that rebuild each record: after them a record's members are those of a map, whatever
// their names.
#pragma once

#include <memory>
#include <vector>

#include "records/batch.h"

namespace riffle {

// Closes the shape: after the stage a record is the members of the map in this slot.
Slot become_members_of_maps(Shape& shape, std::shared_ptr<const Shape> from = nullptr);

class RecordMaker {
 public:
  // Which columns a table of the records has: those of the records before, and what is new, or
  // those of the first record alone.
  enum class Columns { of_those_before, of_first };

  // Closes the shape: after the stage it is the maps' members. `change` sees the records as the
  // shape is now.
  explicit RecordMaker(Shape& shape, Columns columns = Columns::of_those_before);
  // The same, where a table has the columns of `before` (null: of the first record), and what is
  // new.
  RecordMaker(Shape& shape, std::shared_ptr<const Shape> before);

  // Where the maps are.
  Slot slot() const { return slot_; }

  // Each living row's members become what `change(row, members)` makes of them.
  template <typename Change>
  void make(Batch& batch, Change change) const {
    batch.shape = from_;
    Value* const maps = batch.new_values();
    std::vector<Member> record;
    for (const Row row : batch.rows) {
      take(batch, row, record);
      change(row, record);
      maps[row] = map_value(batch.memory->copy(std::span<const Member>(record)));
    }
    batch.columns[static_cast<std::size_t>(slot_)] = {maps};
  }

 private:
  static void take(const Batch& batch, Row row, std::vector<Member>& record);

  Slot slot_;
  // The records that come, after the edits that the stage has made.
  std::shared_ptr<const Shape> from_;
};

}  // namespace riffle
