#include "engine/windowed.h"

#include <algorithm>
#include <list>
#include <tuple>
#include <utility>

#include "engine/numbered_windows.h"
#include "engine/sliced_windows.h"

namespace riffle {
namespace {

class ByWindow : public TimedWindows {
 public:
  ByWindow(std::unique_ptr<Stage> prototype, const WindowPlace& place)
      : TimedWindows(std::move(prototype), place, place.plan.panes.are_many() && !place.plan.panes.discard) {}

  void finish(Output& out) override {
    while (Open* const next = next_by_end(false)) {
      if (empty() && empty()->end < next->bounds.end) emit_empty({}, out);
      else end(*next, {}, out);
    }
  }

 private:
  struct Open {
    Bounds bounds;
    WindowContent content;
    std::vector<Row> rows;     // of the batch at hand, not yet added
    bool is_over = false;      // its pane on time has come out
    bool has_records = false;  // since its last pane
  };

  void take(const Batch& batch, Row row) override {
    Open& window = window_of(bounds_of(batch, row));
    window.rows.push_back(row);
    if (std::exchange(window.has_records, true) || !plan_.panes.are_many()) return;
    (window.is_over ? has_late_ : has_early_) = true;
    schedule();
  }

  Open& window_of(Bounds bounds) {
    if (last_ && last_->bounds == bounds) return *last_;
    const auto found = std::find_if(open_.begin(), open_.end(), [&](const Open& w) { return w.bounds == bounds; });
    if (found != open_.end()) return *(last_ = &*found);
    open_.push_back({bounds, WindowContent(contents_), {}, Panes::is_over(bounds.end, watermark()), false});
    last_ = &open_.back();
    schedule();
    return *last_;
  }

  void flush(const Batch& batch, Effects& effects) override {
    for (Open& window : open_) window.content.add(batch, std::exchange(window.rows, {}), effects);
  }

  std::int64_t next_moment() const override {
    if (has_late_) return now;
    std::int64_t next = early_moment();
    for (const Open& window : open_) next = std::min(next, moment_of(window));
    return empty() && watermark() != Watermark::none ? std::min(next, empty()->end - 1) : next;
  }
  std::int64_t early_moment() const {
    return has_early_ && plan_.panes.early && watermark() != Watermark::none ? plan_.panes.early_after(watermark()) : never;
  }
  std::int64_t moment_of(const Open& window) const {
    return window.is_over ? plan_.panes.gone_at(window.bounds.end) : window.bounds.end - 1;
  }

  // The window to which something happens first: at the end of the input none is gone for lateness.
  Open* next_by_end(bool or_gone) {
    Open* next = nullptr;
    for (Open& window : open_) {
      if (window.is_over && !or_gone) continue;
      if (!next || std::tuple(moment_of(window), window.bounds.end) < std::tuple(moment_of(*next), next->bounds.end)) next = &window;
    }
    return next;
  }

  void happen(Position where, Output& out) override {
    if (std::exchange(has_late_, false)) return come_out(Pane::late, where, out);
    Open* const next = next_by_end(true);
    const std::int64_t early = early_moment(), moment = next ? moment_of(*next) : never;
    const std::int64_t empty_moment = empty() ? empty()->end - 1 : never;
    if (early < std::min(moment, empty_moment)) {
      has_early_ = false;
      return come_out(Pane::early, where, out);
    }
    if (empty_moment < moment || (empty_moment == moment && next->bounds != *empty())) return emit_empty(where, out);
    if (next->is_over) erase(*next);
    else end(*next, where, out);
  }

  // All windows that have had records since their last pane, and are over or not as the pane says.
  void come_out(Pane pane, Position where, Output& out) {
    std::vector<Open*> windows;
    for (Open& window : open_)
      if (window.has_records && window.is_over == (pane == Pane::late)) windows.push_back(&window);
    std::stable_sort(windows.begin(), windows.end(), [](const Open* a, const Open* b) { return a->bounds.end < b->bounds.end; });
    for (Open* const window : windows) {
      emit(window->content, window->bounds, pane, !plan_.panes.discard, where, out);
      window->has_records = false;
    }
  }

  void end(Open& window, Position where, Output& out) {
    const Bounds bounds = window.bounds;
    const bool stays = plan_.panes.gone_at(bounds.end) > bounds.end - 1;
    if (window.has_records || !plan_.panes.discard)
      emit(window.content, bounds, Pane::on_time, stays && !plan_.panes.discard, where, out);
    window.is_over = true;
    window.has_records = false;
    if (!stays) erase(window);
    be_over(bounds, where, out);
  }

  void erase(const Open& window) {
    last_ = nullptr;
    open_.remove_if([&](const Open& other) { return &other == &window; });
  }

  std::list<Open> open_;  // in the order of their first records
  Open* last_ = nullptr;
  bool has_late_ = false, has_early_ = false;  // some window is to come out, over already or not yet
};

}  // namespace

std::unique_ptr<Stage> by_window(std::unique_ptr<Stage> prototype, const WindowPlace& place) {
  if (place.in.have_numbers()) return by_numbered_window(std::move(prototype), place);
  return std::make_unique<ByWindow>(std::move(prototype), place);
}

}  // namespace riffle
