#include "engine/numbered_windows.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/saved.h"
#include "engine/window_outputs.h"
#include "state/saved_rows.h"

namespace riffle {
namespace {

class ByNumberedWindow : public Stage {
 public:
  ByNumberedWindow(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder)
      : prototype_(std::move(prototype)),
        in_(std::move(in)),
        holds_records_(in_.may_merge && !prototype_->can_absorb()),
        holding_(std::move(holder)) {
    slots_ = {out.start, out.end, out.number};
    for (const WindowFields::Key& key : out.keys) slots_.push_back(key.slot);
  }

  void process(Batch batch, Output& out) override {
    const std::vector<Row> rows = std::exchange(batch.rows, {});
    header_.pass(batch, out);
    if (holds_records_ && !rows.empty()) saved_.start(batch);
    auto row = rows.begin();
    for (const WindowEvent& event : batch.window_events) {
      for (; row != rows.end() && *row < event.before; row++) assign(batch, *row);
      if (!event.is_closed) merge(event, batch, out);
      else close(event, batch, event.before == 0 ? batch.where : batch.position(event.before - 1), out);
    }
    for (; row != rows.end(); row++) assign(batch, *row);
    for (const std::uint64_t number : touched_)
      if (const auto window = open_.find(number); window != open_.end()) take_rows(window->second, batch, out);
    touched_.clear();
    sequence_ += batch.size;
    holding_.set(held_size_ + open_.size() * (sizeof(Open) + 8 * sizeof(void*)));
  }

 private:
  struct Kept {
    std::uint64_t sequence = 0;  // among all records
    RowBytes row;
  };
  struct Open {
    std::unique_ptr<Stage> stage;  // none, where records are held
    std::string key;               // its values, saved
    std::vector<Row> rows;         // of the batch at hand
    std::vector<Batch> emitted;    // before the window closed
    std::vector<Kept> kept;
  };

  void assign(const Batch& batch, Row row) {
    const auto number = static_cast<std::uint64_t>(batch.columns[static_cast<std::size_t>(in_.number)][row].integer);
    const auto [found, is_new] = open_.try_emplace(number);
    Open& window = found->second;
    if (is_new) {
      if (!holds_records_) window.stage = prototype_->fresh();
      for (const WindowFields::Key& key : in_.keys) save_value(batch.columns[static_cast<std::size_t>(key.slot)][row], window.key);
    }
    if (window.rows.empty()) touched_.push_back(number);
    window.rows.push_back(row);
  }

  // The rows of the batch at hand, so far.
  void take_rows(Open& window, const Batch& batch, Output& out) {
    if (window.rows.empty()) return;
    if (holds_records_) {
      for (const Row row : window.rows) keep(window, row);
      window.rows.clear();
      return;
    }
    Batch part = batch;
    part.window_events = {};
    part.rows = std::exchange(window.rows, {});
    HeldOutput output(window.emitted, held_size_);
    window.stage->process(std::move(part), output);
    out.effects.take(output.effects);
  }

  void keep(Open& window, Row row) {
    const std::size_t size = saved_.room_for(row, {});
    RowBytes bytes = new_row(size);
    saved_.save(row, {}, size, bytes.get());
    window.kept.push_back({sequence_ + row, std::move(bytes)});
    held_size_ += size + sizeof(Kept);
  }

  void merge(const WindowEvent& event, const Batch& batch, Output& out) {
    const auto from = open_.find(event.window);
    if (from == open_.end()) return;
    take_rows(from->second, batch, out);
    Open later = std::move(from->second);
    open_.erase(from);
    const auto [into, is_new] = open_.try_emplace(event.into);
    Open& window = into->second;
    if (is_new) {
      window = std::move(later);
      return;
    }
    take_rows(window, batch, out);
    if (window.stage) return window.stage->absorb(*later.stage);
    const auto middle = static_cast<std::ptrdiff_t>(window.kept.size());
    std::move(later.kept.begin(), later.kept.end(), std::back_inserter(window.kept));
    std::inplace_merge(window.kept.begin(), window.kept.begin() + middle, window.kept.end(),
                       [](const Kept& a, const Kept& b) { return a.sequence < b.sequence; });
  }

  void close(const WindowEvent& event, const Batch& batch, Position where, Output& out) {
    const auto found = open_.find(event.window);
    if (found != open_.end()) {
      take_rows(found->second, batch, out);
      Open window = std::move(found->second);
      open_.erase(found);
      emit(window, event, where, out);
    }
    // What follows may close its windows by this.
    Batch nothing;
    nothing.memory = std::make_shared<Memory>();
    nothing.where = where;
    WindowEvent closed = event;
    closed.before = 0;
    nothing.window_events = nothing.memory->copy(std::span<const WindowEvent>(&closed, 1));
    out.emit(std::move(nothing));
  }

  void emit(Open& window, const WindowEvent& event, Position where, Output& out) {
    Memory memory;
    std::vector<Value> values;
    for (const std::int64_t bound : {event.start, event.end})
      values.push_back(in_.bounds_are_times ? time_value(bound) : integer_value(bound));
    values.push_back(integer_value(static_cast<std::int64_t>(event.window)));
    std::string_view key = window.key;
    for (std::size_t i = 0; i < in_.keys.size(); i++) load_value(values.emplace_back(), memory, key);
    ClosedOutput output(out, slots_, values, where);
    if (holds_records_) go_through(window, out);
    for (Batch& batch : window.emitted) {
      held_size_ -= batch.memory->size();
      output.emit(std::move(batch));
    }
    window.stage->finish(output);
    out.effects.take(output.effects);
  }

  // The records that were held, through a stage.
  void go_through(Open& window, Output& out) {
    window.stage = prototype_->fresh();
    HeldOutput output(window.emitted, held_size_);
    const auto pass = [&] { window.stage->process(saved_.take(), output); };
    bool has_some = false;
    for (const Kept& kept : window.kept) {
      held_size_ -= SavedRows::size_of(kept.row.get()) + sizeof(Kept);
      if (has_some && !saved_.can_add(kept.row.get())) pass();
      saved_.add_copy({kept.row.get(), SavedRows::size_of(kept.row.get())});
      has_some = true;
    }
    if (has_some) pass();
    window.kept.clear();
    out.effects.take(output.effects);
  }

  std::unique_ptr<Stage> prototype_;
  WindowFields in_;
  bool holds_records_;
  std::vector<Slot> slots_;  // of what goes: a window's bounds, its number, its key
  std::unordered_map<std::uint64_t, Open> open_;
  std::vector<std::uint64_t> touched_;  // windows that have rows of the batch at hand
  SavedRows saved_{0};
  std::uint64_t sequence_ = 0;  // of the first row of the batch at hand
  std::size_t held_size_ = 0;
  FirstHeader header_;
  Holding holding_;  // what windows hold beside their stages
};

}  // namespace

std::unique_ptr<Stage> by_numbered_window(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder) {
  return std::make_unique<ByNumberedWindow>(std::move(prototype), std::move(in), std::move(out), std::move(holder));
}

}  // namespace riffle
