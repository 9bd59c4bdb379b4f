#include "engine/windows/windowed.h"

#include <algorithm>
#include <compare>
#include <map>
#include <utility>

#include "engine/windows/numbered_windows.h"
#include "engine/windows/sliced_windows.h"

namespace riffle {
namespace {

class ByWindow : public TimedWindows {
 public:
  ByWindow(std::unique_ptr<GatheringStage> prototype, const WindowPlace& place)
      : TimedWindows(std::move(prototype), place,
                     place.plan.panes.fires_repeatedly() && !place.plan.panes.discard) {}

  // None is gone for lateness any more.
  void finish(Output& out) override {
    while (!open_.empty()) {
      if (empty() && empty()->end < open_.begin()->first.end)
        emit_empty({}, out);
      else
        end({}, out);
    }
  }

 private:
  // Their order: by their ends, then their first records.
  struct Place {
    std::int64_t end = 0;
    std::uint64_t number = 0;

    auto operator<=>(const Place&) const = default;
  };
  struct Window {
    Place place;
    Bounds bounds;
    WindowContent content;
    bool is_over;                // its pane on time has been emitted
    std::vector<Row> rows = {};  // of the current batch, not yet added
    bool has_records = false;    // since its last pane
  };
  using Places = std::map<Place, Window>;

  void take(const Batch& batch, Row row) override {
    Window& window = window_of(bounds_of(batch, row));
    if (window.rows.empty()) touched_.push_back(&window);
    window.rows.push_back(row);
    if (std::exchange(window.has_records, true) || !plan_.panes.fires_repeatedly()) return;
    (window.is_over ? has_late_ : has_early_).emplace(window.place, &window);
    schedule();
  }

  Window& window_of(Bounds bounds) {
    if (last_ && last_->bounds == bounds) return *last_;
    const bool is_over = Panes::is_over(bounds.end, watermark());
    Places& places = is_over ? over_ : open_;
    auto at = places.lower_bound({bounds.end, 0});
    while (at != places.end() && at->first.end == bounds.end && at->second.bounds != bounds) at++;
    if (at == places.end() || at->first.end != bounds.end) {
      const Place place{bounds.end, number_++};
      at = places.emplace_hint(at, place, Window{place, bounds, WindowContent(contents_), is_over});
      schedule();
    }
    return *(last_ = &at->second);
  }

  void save_open(StateWriter& to) const override {
    to.number(number_);
    for (const Places* const places : {&open_, &over_}) {
      to.count(places->size());
      for (const auto& [place, window] : *places) {
        to.number(place);
        to.number(window.bounds);
        to.number(window.has_records);
        window.content.save(to);
      }
    }
  }
  void load_open(StateReader& from) override {
    number_ = from.number<std::uint64_t>();
    for (Places* const places : {&open_, &over_}) {
      const bool is_over = places == &over_;
      for (std::size_t left = from.count(); left > 0; left--) {
        const Place place = from.number<Place>();
        const Bounds bounds = from.number<Bounds>();
        Window& window =
            places->emplace(place, Window{place, bounds, WindowContent(contents_), is_over})
                .first->second;
        window.has_records = from.number<bool>();
        window.content.load(from);
        if (window.has_records && plan_.panes.fires_repeatedly())
          (is_over ? has_late_ : has_early_).emplace(place, &window);
      }
    }
  }

  void flush(const Batch& batch, Effects& effects) override {
    for (Window* const window : touched_)
      window->content.add(batch, std::exchange(window->rows, {}), effects);
    touched_.clear();
  }

  std::int64_t next_timer() const override {
    if (!has_late_.empty()) return now;
    return std::min({early_timer(), end_timer(), gone_timer(),
                     watermark() != Watermark::none ? empty_timer() : never});
  }
  std::size_t open() const override { return open_.size() + over_.size(); }
  std::int64_t early_timer() const {
    return !has_early_.empty() && plan_.panes.early && watermark() != Watermark::none
               ? plan_.panes.early_after(watermark())
               : never;
  }
  std::int64_t end_timer() const { return open_.empty() ? never : open_.begin()->first.end - 1; }
  std::int64_t gone_timer() const {
    return over_.empty() ? never : plan_.panes.gone_at(over_.begin()->first.end);
  }
  std::int64_t empty_timer() const { return empty() ? empty()->end - 1 : never; }

  // Of timers that are due at one time, windows are gone before others end.
  void fire(Position where, Output& out) override {
    if (!has_late_.empty()) return emit_panes(has_late_, Pane::late, where, out);
    const std::int64_t ends = end_timer(), gone = gone_timer(), next = std::min(ends, gone);
    if (early_timer() < std::min(next, empty_timer()))
      return emit_panes(has_early_, Pane::early, where, out);
    if (empty_timer() < next ||
        (empty_timer() == next && gone > next && open_.begin()->second.bounds != *empty()))
      return emit_empty(where, out);
    if (gone <= ends)
      erase(over_);
    else
      end(where, out);
  }

  // Windows that have had records since their last pane.
  void emit_panes(std::map<Place, Window*>& windows, Pane pane, Position where, Output& out) {
    for (const auto& [place, window] : windows) {
      emit(window->content, window->bounds, pane, !plan_.panes.discard, where, out);
      window->has_records = false;
    }
    windows.clear();
  }

  // The first that is open.
  void end(Position where, Output& out) {
    Window& window = open_.begin()->second;
    const Bounds bounds = window.bounds;
    const bool stays = plan_.panes.gone_at(bounds.end) > bounds.end - 1;
    if (window.has_records || !plan_.panes.discard)
      emit(window.content, bounds, Pane::on_time, stays && !plan_.panes.discard, where, out);
    has_early_.erase(window.place);
    window.is_over = true;
    window.has_records = false;
    if (stays)
      over_.insert(open_.extract(open_.begin()));
    else
      erase(open_);
    close(bounds, where, out);
  }

  void erase(Places& places) {
    last_ = nullptr;
    places.erase(places.begin());
  }

  Places open_, over_;
  std::uint64_t number_ = 0;  // of the next window
  Window* last_ = nullptr;
  std::vector<Window*> touched_;  // those that have rows of the current batch
  std::map<Place, Window*> has_late_,
      has_early_;  // with records since their last pane: over already, or not yet
};

}  // namespace

std::unique_ptr<Stage> by_window(std::unique_ptr<GatheringStage> prototype,
                                 const WindowPlace& place) {
  if (place.in.have_numbers()) return by_numbered_window(std::move(prototype), place);
  return std::make_unique<ByWindow>(std::move(prototype), place);
}

}  // namespace riffle
