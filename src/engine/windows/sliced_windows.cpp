#include "engine/windows/sliced_windows.h"

#include <map>
#include <utility>
#include <vector>

#include "stages/null_output.h"

namespace riffle {
namespace {

class BySlices : public TimedWindows {
 public:
  BySlices(std::unique_ptr<GatheringStage> prototype, const WindowPlace& place)
      : TimedWindows(std::move(prototype), place, true) {}

  void finish(Output& out) override {
    while (!open_.empty()) fire({}, out);
  }

 private:
  struct Slice {
    Bounds bounds;
    std::int64_t last_end = 0;  // of the last window that it is in
    std::unique_ptr<GatheringStage> stage;
    std::vector<Row> rows;  // of the current batch, not yet added
  };

  void take(const Batch& batch, Row row) override {
    const Bounds bounds = bounds_of(batch, row);
    if (!last_ || last_->bounds != bounds) last_ = &slice_of(bounds);
    if (last_->rows.empty()) touched_.push_back(last_);
    last_->rows.push_back(row);
  }

  Slice& slice_of(Bounds bounds) {
    const auto [found, is_new] = slices_.try_emplace(bounds.start);
    if (!is_new) return found->second;
    std::vector<Bounds> windows;
    plan_.windows->assign(bounds.start, windows);
    for (const Bounds& window : windows)
      if (!Panes::is_over(window.end, watermark())) open_.try_emplace(window.end, window);
    schedule();
    return found->second = {bounds, windows.back().end, prototype_->fresh_part(), {}};
  }

  void save_open(StateWriter& to) const override {
    to.count(slices_.size());
    for (const auto& entry : slices_) {
      const Slice& slice = entry.second;
      to.number(slice.bounds);
      to.number(slice.last_end);
      to.part([&] { slice.stage->save(to); });
    }
    to.count(open_.size());
    for (const auto& [end, window] : open_) to.number(window);
  }
  void load_open(StateReader& from) override {
    for (std::size_t left = from.count(); left > 0; left--) {
      const Bounds bounds = from.number<Bounds>();
      const auto last_end = from.number<std::int64_t>();
      Slice& slice = slices_[bounds.start];
      slice = {bounds, last_end, prototype_->fresh_part(), {}};
      StateReader of_stage = from.part();
      slice.stage->load(of_stage);
      of_stage.end();
    }
    for (std::size_t left = from.count(sizeof(Bounds)); left > 0; left--) {
      const Bounds window = from.number<Bounds>();
      open_.emplace(window.end, window);
    }
  }

  void flush(const Batch& batch, Effects& effects) override {
    for (Slice* const slice : touched_) {
      Batch part = batch;
      part.rows = std::exchange(slice->rows, {});
      part.progress.sequence = contents_.sequence();
      NullOutput output;  // a part emits nothing before it is asked to
      slice->stage->process(std::move(part), output);
      effects.take(output.effects);
    }
    touched_.clear();
  }

  std::int64_t next_timer() const override {
    const std::int64_t next = open_.empty() ? never : open_.begin()->second.end - 1;
    return empty() && watermark() != Watermark::none ? std::min(next, empty()->end - 1) : next;
  }

  std::size_t open() const override { return slices_.size(); }

  void fire(Position where, Output& out) override {
    if (empty() && (open_.empty() || empty()->end < open_.begin()->second.end))
      return emit_empty(where, out);
    const Bounds window = open_.begin()->second;
    open_.erase(open_.begin());
    WindowContent content(contents_);
    for (auto slice = slices_.lower_bound(window.start);
         slice != slices_.end() && slice->first < window.end; slice++)
      content.add_part(*slice->second.stage);
    emit(content, window, Pane::on_time, false, where, out);
    while (!slices_.empty() && slices_.begin()->second.last_end <= window.end)
      slices_.erase(slices_.begin());
    last_ = nullptr;
    close(window, where, out);
  }

  std::map<std::int64_t, Slice> slices_;  // by their starts
  std::map<std::int64_t, Bounds> open_;   // windows that have records, by their ends
  Slice* last_ = nullptr;
  std::vector<Slice*> touched_;  // those that have rows of the current batch
};

}  // namespace

std::unique_ptr<Stage> by_slices(std::unique_ptr<GatheringStage> prototype,
                                 const WindowPlace& place) {
  return std::make_unique<BySlices>(std::move(prototype), place);
}

}  // namespace riffle
