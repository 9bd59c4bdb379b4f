// Batch: the records of a block (or of a stage's output), by column.
//
// Four parts: the rows and their columns; the text that they were read from and its dialect; event
// time's progress; where they came from. What is done to all of a batch's rows (one of them alone,
// some of them, a copy) each part does to its own.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "records/column.h"
#include "records/event_progress.h"
#include "records/origin.h"
#include "records/shape.h"
#include "records/source_text.h"
#include "values/memory.h"

namespace riffle {

struct Batch {
  std::shared_ptr<Memory> memory;      // holds, or keeps alive, all that values point to
  std::shared_ptr<const Shape> shape;  // shared with all batches at this place of the pipeline
  Row size = 0;                        // rows, living or dead
  // The living ones, in the records' order (a stage may put them in another).
  std::vector<Row> rows;
  // By slot: shape->slots().count of them; not every slot is filled at every stage.
  std::vector<Column> columns;

  SourceText source;
  SourceDialect dialect;
  EventProgress progress;
  Origin origin;

  Position position(Row row) const { return origin.of(row); }
  bool empty() const { return rows.empty(); }
  // The rows' text is what the records are, written in `format`: no stage has changed them.
  bool is_text_of(std::string_view format) const {
    return source.text && dialect.format == format && shape->is_open() && shape->edits().empty();
  }

  // All `size` rows live, in their order.
  void revive_rows();
  // A new column for this batch, its values to be filled by the caller.
  Value* new_values() { return memory->allocate<Value>(size); }
  // The same, as column `slot`.
  Value* new_column(Slot slot) {
    Value* const values = new_values();
    columns[static_cast<std::size_t>(slot)] = {values};
    return values;
  }
};

// Without rows, its columns as many as the shape has, with memory of its own.
Batch new_batch(std::shared_ptr<const Shape> shape);
// The same with `rows` rows that a stage has made, all living: their columns are to be filled.
Batch new_batch(std::shared_ptr<const Shape> shape, std::size_t rows);
// Without rows or a shape: it tells what follows that something happened at `where`.
Batch new_marker(Position where);

// Rows of a batch as one of their own. The values are shared: the new one has the same memory.
Batch single_row(const Batch& batch, Row row);
// Row i is `rows[i]` of the batch, which may be in `rows` several times.
Batch picked(const Batch& batch, std::span<const Row> rows);
// The same without event time's progress.
Batch picked_without_progress(const Batch& batch, std::span<const Row> rows);

// The same rows. What is made of them from now on has memory of its own, which is given back with
// this batch: of many that share rows one after the other goes on.
Batch with_own_memory(Batch batch);
// At most this many rows go on in one of them.
constexpr std::size_t rows_of_part = 64 * 1024;

// Copies the living rows, and all that they point to, into a batch of their own (in the rows'
// order): for stages that hold few records of many.
Batch compacted(const Batch& batch);

}  // namespace riffle
