// Where the stage of one window writes: what comes before the window closes is held, the rest goes
// on with the window's bounds.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "records/record.h"
#include "stages/stage.h"
#include "time/window.h"
#include "values/decode.h"

namespace riffle {

// Gathers what a window's stage emits before the window closes (`distinct` and `head` do so at
// once): a window's results are emitted together, when it closes. A stage that has enough of its
// window does not stop the run: other windows follow.
class HeldOutput : public Output {
 public:
  // `size`: of what is held; it is kept up to date.
  HeldOutput(std::vector<Batch>& held, std::size_t& size) : held_(held), size_(size) {}
  void emit(Batch batch) override {
    if (batch.rows.empty()) return;
    held_.push_back(compacted(batch));
    size_ += held_.back().memory->size();
  }
  void stop_after(Position) override {}

 private:
  std::vector<Batch>& held_;
  std::size_t& size_;
};

// Passes on a closed window's results, with the window's bounds.
class ClosedOutput : public Output {
 public:
  // `values`: the window's fields, by slot. `where`: the record that closed the window. All outlive
  // this.
  ClosedOutput(Output& next, std::span<const Slot> slots, std::span<const Value> values,
               Position where)
      : next_(next), slots_(slots), values_(values), where_(where) {}

  void emit(Batch batch) override {
    const std::size_t needed =
        static_cast<std::size_t>(*std::max_element(slots_.begin(), slots_.end())) + 1;
    if (batch.columns.size() < needed) batch.columns.resize(needed);
    Value* const values = batch.memory->allocate<Value>(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); i++) {
      values[i] = deep_copy(values_[i], *batch.memory);
      batch.columns[static_cast<std::size_t>(slots_[i])] = {&values[i], 0};
    }
    batch.progress.watermark = {};  // more of this window may follow
    batch.progress.window_events = {};
    batch.origin.where = where_;
    batch.origin.positions = nullptr;
    next_.emit(std::move(batch));
  }
  void stop_after(Position) override {}
  Position where() const { return where_; }

 private:
  Output& next_;
  std::span<const Slot> slots_;
  std::span<const Value> values_;
  Position where_;
};

// The first header, ahead of all windows: their stages see no record when none comes.
class FirstHeader {
 public:
  void pass(const Batch& batch, Output& out) {
    if (passed_ || !batch.dialect.header) return;
    passed_ = true;
    Batch marker = new_marker(batch.origin.where);
    marker.dialect.header = batch.dialect.header;
    out.emit(std::move(marker));
  }
  void save(StateWriter& to) const { to.number(passed_); }
  void load(StateReader& from) { passed_ = from.number<bool>(); }

 private:
  bool passed_ = false;
};

}  // namespace riffle
