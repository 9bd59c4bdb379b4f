#include "engine/windowed.h"

#include <algorithm>
#include <list>

#include "engine/numbered_windows.h"
#include "engine/window_outputs.h"
#include "time/window.h"

namespace riffle {
namespace {

class ByWindow : public Stage {
 public:
  ByWindow(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder)
      : prototype_(std::move(prototype)), in_(std::move(in)), out_(std::move(out)), holding_(std::move(holder)) {}

  void process(Batch batch, Output& out) override {
    const std::vector<Row> rows = std::move(batch.rows);
    batch.rows.clear();
    header_.pass(batch, out);
    if (!batch.watermark.rows) {
      add(batch, rows, out);
      if (batch.watermark.after != Watermark::none) close_until(batch.watermark.after, batch.where, out);
      return;
    }
    // Where the watermark passes the end of an open window, between two rows, the window is closed before the next
    // record is added: the answer does not depend on where batches begin.
    std::size_t done = 0;
    while (done < rows.size()) {
      std::size_t last = done;
      while (last < rows.size() && !passes_an_end(watermark_before(batch, rows[last]))) {
        windows_of(batch, rows[last]);
        last++;
      }
      add(batch, {rows.begin() + static_cast<std::ptrdiff_t>(done), rows.begin() + static_cast<std::ptrdiff_t>(last)}, out);
      if (last < rows.size()) close_at(rows[last], batch, out);
      done = last;
    }
    if (passes_an_end(batch.watermark.after)) close_at(batch.size, batch, out);
    else pass_watermark(last_position(batch, batch.size), batch.watermark.after, out);
  }

  void finish(Output& out) override {
    while (!open_.empty()) close(next_to_close(), Watermark::none, {}, out);
  }

 private:
  struct Open {
    Bounds bounds;
    std::unique_ptr<Stage> stage;
    std::vector<Row> rows;    // of the batch at hand
    std::vector<Batch> held;  // emitted before the window closed
  };

  static std::int64_t watermark_before(const Batch& batch, Row row) {
    return row == 0 ? Watermark::none : batch.watermark.rows[row - 1];
  }
  static Position last_position(const Batch& batch, Row row) { return row == 0 ? batch.where : batch.position(row - 1); }
  bool passes_an_end(std::int64_t watermark) const { return watermark >= least_end_ - 1; }

  Open& windows_of(const Batch& batch, Row row) {
    const Bounds bounds{batch.columns[in_.start][row].integer, batch.columns[in_.end][row].integer};
    if (last_ && last_->bounds == bounds) return *last_;
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const Open& w) { return w.bounds == bounds; });
    if (found != open_.end()) return *(last_ = &*found);
    open_.push_back({bounds, prototype_->fresh(), {}, {}});
    least_end_ = std::min(least_end_, bounds.end);
    return *(last_ = &open_.back());
  }

  // Gives each open window its rows.
  void add(const Batch& batch, std::vector<Row> rows, Output& out) {
    for (const Row row : rows) windows_of(batch, row).rows.push_back(row);
    for (Open& window : open_) {
      if (window.rows.empty()) continue;
      Batch part = batch;
      part.rows = std::move(window.rows);
      window.rows.clear();
      HeldOutput output(window.held, held_size_);
      window.stage->process(std::move(part), output);
      take_effects(output, out);
    }
    holding_.set(held_size_);
  }

  // Closes the windows that the rows before `row` have ended, each at the row that did it.
  void close_at(Row row, const Batch& batch, Output& out) {
    while (passes_an_end(watermark_before(batch, row))) {
      const std::int64_t* const first = batch.watermark.rows;
      const auto passing = std::lower_bound(first, first + row, least_end_ - 1) - first;
      close_until(least_end_ - 1, batch.position(static_cast<Row>(passing)), out);
    }
    pass_watermark(last_position(batch, row), watermark_before(batch, row), out);
  }

  void close_until(std::int64_t watermark, Position where, Output& out) {
    while (passes_an_end(watermark)) {
      const auto window = next_to_close();
      close(window, window->bounds.end - 1, where, out);
    }
    pass_watermark(where, watermark, out);
  }

  std::list<Open>::iterator next_to_close() {
    return std::min_element(open_.begin(), open_.end(), [](const Open& a, const Open& b) { return a.bounds.end < b.bounds.end; });
  }

  // What follows may close windows of its own by this.
  static void pass_watermark(Position where, std::int64_t watermark, Output& out) {
    if (watermark == Watermark::none) return;
    Batch nothing;
    nothing.memory = std::make_shared<Memory>();
    nothing.where = where;
    nothing.watermark = {nullptr, watermark};
    out.emit(std::move(nothing));
  }

  void close(std::list<Open>::iterator window, std::int64_t watermark, Position where, Output& out) {
    const Value bounds[] = {time_value(window->bounds.start), time_value(window->bounds.end)};
    const Slot slots[] = {out_.start, out_.end};
    ClosedOutput output(out, slots, bounds, where);
    for (Batch& batch : window->held) {
      held_size_ -= batch.memory->size();
      output.emit(std::move(batch));
    }
    window->stage->finish(output);
    take_effects(output, out);
    pass_watermark(where, watermark, out);
    open_.erase(window);
    last_ = nullptr;
    least_end_ = INT64_MAX;
    for (const Open& other : open_) least_end_ = std::min(least_end_, other.bounds.end);
  }

  static void take_effects(Output& from, Output& to) { to.effects.take(from.effects); }

  std::unique_ptr<Stage> prototype_;
  WindowFields in_, out_;
  std::list<Open> open_;  // in the order of their first records
  Open* last_ = nullptr;
  std::int64_t least_end_ = INT64_MAX;
  std::size_t held_size_ = 0;
  FirstHeader header_;
  Holding holding_;  // what the windows' stages have emitted already; what they hold they say themselves
};

}  // namespace

std::unique_ptr<Stage> by_window(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder) {
  if (in.have_numbers()) return by_numbered_window(std::move(prototype), std::move(in), std::move(out), std::move(holder));
  return std::make_unique<ByWindow>(std::move(prototype), std::move(in), std::move(out), std::move(holder));
}

}  // namespace riffle
