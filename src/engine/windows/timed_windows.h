// The windows of a gathering stage as the watermark goes by: what the windows with bounds of their
// own (windowed.h) and those that are put together from slices (sliced_windows.h) have in common.
//
// Between two rows, when the watermark has passed a window's timer, the window fires before the
// next row is taken: the answer does not depend on where batches begin.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/windows/window_content.h"
#include "engine/windows/window_outputs.h"
#include "plan/plan.h"
#include "stages/stage.h"

namespace riffle {

class TimedWindows : public Stage {
 public:
  TimedWindows(std::unique_ptr<GatheringStage> prototype, WindowPlace place, bool again);

  void process(Batch batch, Output& out) final;
  void save(StateWriter& to) const final;
  void load(StateReader& from) final;

 protected:
  static constexpr std::int64_t never = INT64_MAX;
  static constexpr std::int64_t now = INT64_MIN + 1;  // before all watermarks but none

  // Gives the row to its window, or windows. `rows` are taken, and then go to the stages by
  // flush().
  virtual void take(const Batch& batch, Row row) = 0;
  virtual void flush(const Batch& batch, Effects& effects) = 0;
  // What the next timer is for: a pane is emitted, or a window is gone. `where`: the record that
  // made the watermark reach it.
  virtual void fire(Position where, Output& out) = 0;
  // When that timer is due: now, never or a time.
  virtual std::int64_t next_timer() const = 0;
  // The windows, or slices, that there are.
  virtual void save_open(StateWriter& to) const = 0;
  virtual void load_open(StateReader& from) = 0;
  // How many windows, or slices, there are.
  virtual std::size_t open() const = 0;

  Bounds bounds_of(const Batch& batch, Row row) const {
    return {batch.columns[static_cast<std::size_t>(in_.start)][row].integer,
            batch.columns[static_cast<std::size_t>(in_.end)][row].integer};
  }
  // To be called when next_timer() may be earlier than it was.
  void schedule() { next_ = next_timer(); }
  std::int64_t watermark() const { return watermark_; }
  // Emits a pane of the window.
  void emit(WindowContent& content, Bounds bounds, Pane pane, bool again, Position where,
            Output& out);
  // The window's pane on time has been emitted. What follows may close windows of its own by this;
  // where windows without records are emitted, the one that ends next may be the next.
  void close(Bounds bounds, Position where, Output& out);
  // The window that is emitted next if it gets no record.
  const std::optional<Bounds>& empty() const { return empty_; }
  void emit_empty(Position where, Output& out);

  const std::unique_ptr<GatheringStage> prototype_;
  const WindowPlan plan_;
  WindowContents contents_;

 private:
  std::int64_t watermark_before(const Batch& batch, Row row) const {
    return !batch.progress.watermark.rows ? watermark_
           : row == 0                     ? Watermark::none
                                          : batch.progress.watermark.rows[row - 1];
  }
  Bounds first_empty() const;
  void reach(std::int64_t watermark, const Batch& batch, Row row, Output& out);

  WindowFields in_;
  std::vector<Slot> slots_;  // of what goes: a window's bounds and its pane
  std::int64_t watermark_ = Watermark::none, next_ = never;
  Row last_taken_ = 0;
  std::optional<Bounds> empty_;
  std::uint64_t empty_in_a_row_ = 0;  // windows without records have been emitted
  FirstHeader header_;
  Holding holding_;  // what the windows hold in addition to their stages
};

}  // namespace riffle
