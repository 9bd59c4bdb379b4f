// Batch: the records of a block (or of a stage's output), by column.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "records/block.h"
#include "records/effects.h"
#include "records/pane.h"
#include "records/shape.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

using Row = std::uint32_t;

// A value for each row of a batch, or one for all of them (mask 0). Only the living rows' values
// are filled.
struct Column {
  const Value* values = nullptr;
  Row mask = ~Row{0};

  const Value& operator[](Row row) const { return values[row & mask]; }
  bool is_constant() const { return mask == 0; }
};

// Event time's progress as a batch goes by, in nanoseconds since 1970. Absent (none): no window
// closes before the end.
struct Watermark {
  static constexpr std::int64_t none = INT64_MIN;

  const std::int64_t* rows = nullptr;  // after each row, dead ones included; never falls
  std::int64_t after = none;           // after the batch
};

// What happens to a window that has a number of its own (a session, a number of records) between
// two records.
struct WindowEvent {
  // It happens before this row of the batch, living or dead; the batch's size: behind them all.
  Row before = 0;
  std::uint64_t window = 0;
  std::optional<std::uint64_t> into = {};  // from now on it is part of this one
  std::optional<Pane> pane = {};           // its results come out
  bool is_gone = false;                    // it takes no more records
  std::int64_t start = 0, end = 0;         // where results come out, or it is gone
};

struct Batch {
  std::shared_ptr<Memory> memory;      // holds, or keeps alive, all that values point to
  std::shared_ptr<const Shape> shape;  // shared with all batches at this place of the pipeline
  Row size = 0;                        // rows, living or dead
  // The living ones, in the records' order (a stage may put them in another).
  std::vector<Row> rows;
  // By slot: shape->slots().count of them; not every slot is filled at every stage.
  std::vector<Column> columns;
  Watermark watermark;
  std::span<const WindowEvent> window_events;  // in their order
  // What became of the input `where.input` behind the rows.
  Block::News news = Block::News::none;
  // Behind `window`: which of all rows that came to the stage the first one is. (It tells what came
  // first in a window.)
  std::uint64_t sequence = 0;

  // Of an open shape: each row's bytes as they came, line end included; an input's last line of CSV
  // gets one if it has none.
  const std::string_view* source = nullptr;
  // Of an open shape whose source has a header: the names of its members; member i is in
  // header_columns[i] (empty when neither a stage nor the writer needs members one by one). Their
  // bytes are in a Block or a Memory.
  std::shared_ptr<const Header> header;
  std::vector<Column> header_columns;
  // How `source` is written (a format's name and its delimiter): a writer of the same dialect
  // copies it.
  std::string_view source_format;
  char source_delimiter = 0;
  // Of a source without a header: appends a row's members. Null: it is JSON.
  void (*members_of_source)(std::string_view source, Memory& memory,
                            std::vector<Member>& members) = nullptr;

  // Where each row came from, for messages and for `head`. Null: not from an input (`where` is the
  // answer for all rows).
  const Position* positions = nullptr;
  Position where;

  Position position(Row row) const { return positions ? positions[row] : where; }
  bool empty() const { return rows.empty(); }

  // A new column for this batch, its values to be filled by the caller.
  Value* new_values() { return memory->allocate<Value>(size); }
};

}  // namespace riffle
