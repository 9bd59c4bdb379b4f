// EventProgress: how far event time and the input got as a batch goes by.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "records/input_status.h"
#include "records/origin.h"
#include "records/pane.h"

namespace riffle {

// In nanoseconds since 1970. Absent (none): no window closes before the end.
struct Watermark {
  static constexpr std::int64_t none = INT64_MIN;

  const std::int64_t* rows = nullptr;  // after each row, dead ones included; never falls
  std::int64_t after = none;           // after the batch
};

// What happens to a window that has a number of its own (a session, a number of records) between
// two records.
struct WindowEvent {
  // It happens before this row of the batch, living or dead; the batch's size: after all of them.
  Row before = 0;
  std::uint64_t window = 0;
  std::optional<std::uint64_t> into = {};  // from now on it is part of this one
  std::optional<Pane> pane = {};           // its pane is emitted
  bool is_gone = false;                    // it takes no more records
  std::int64_t start = 0, end = 0;         // where a pane is emitted, or it is gone
};

struct EventProgress {
  Watermark watermark;
  std::span<const WindowEvent> window_events;  // in their order
  // When what led to the batch was read, by the clock: nanoseconds since 1970; it never falls. Of
  // batches that a stage makes the engine sets it.
  std::int64_t arrival = 0;
  // What became of the input `Origin::where.input` after the rows.
  InputStatus input = InputStatus::active;
  // After `window`: which of all rows that came to the stage the first one is. (It tells what came
  // first in a window.)
  std::uint64_t sequence = 0;

  // An event stays ahead of the first row that it was ahead of. Of a row that is picked several
  // times the last one moves event time.
  EventProgress picked(std::span<const Row> rows, Memory& memory) const;
  // The same, in pieces one after the other; `pieces` keeps count. `following`: the row with which
  // the next piece begins; none: it is the last, which tells what the batch as a whole tells.
  struct Pieces {
    std::int64_t last = Watermark::none;
    std::size_t events = 0;
  };
  EventProgress picked(std::span<const Row> rows, std::optional<Row> following, Pieces& pieces,
                       Memory& memory) const;
  // Of the batch as a whole, for rows that have left it.
  EventProgress without_rows() const;
  // Takes back what happened at `end` or later: event time stands still after the last row before
  // it. `size`: of the batch.
  void cut_off(Position end, const Origin& origin, Row size, Memory& memory);
};

}  // namespace riffle
