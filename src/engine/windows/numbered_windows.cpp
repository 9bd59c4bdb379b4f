#include "engine/windows/numbered_windows.h"

#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "values/saved_state.h"

namespace riffle {
namespace {

class ByNumberedWindow : public Stage {
 public:
  ByNumberedWindow(std::unique_ptr<GatheringStage> prototype, const WindowPlace& place)
      : prototype_(std::move(prototype)),
        panes_(place.plan.panes),
        in_(place.in),
        contents_(*prototype_, in_.may_merge || (panes_.fires_repeatedly() && !panes_.discard),
                  place.sizes_of),
        holding_(place.holder) {
    slots_ = {place.out.start, place.out.end, place.out.number};
    for (const WindowFields::Key& key : place.out.keys) slots_.push_back(key.slot);
    if (place.out.pane != no_slot) slots_.push_back(place.out.pane);
  }

  void process(Batch batch, Output& out) override {
    const std::vector<Row> rows = std::exchange(batch.rows, {});
    header_.pass(batch, out);
    if (!rows.empty()) contents_.begin(batch);
    auto row = rows.begin();
    for (const WindowEvent& event : batch.progress.window_events) {
      for (; row != rows.end() && *row < event.before; row++) assign(batch, *row);
      if (event.into)
        merge(event, batch, out);
      else
        fire(event, batch, batch.origin.before(event.before), out);
    }
    for (; row != rows.end(); row++) assign(batch, *row);
    for (const std::uint64_t number : touched_)
      if (const auto window = open_.find(number); window != open_.end())
        take_rows(window->second, batch, out);
    touched_.clear();
    contents_.end(batch);
    holding_.set(contents_.held(open_.size()));
  }

  // Between two batches, no row waits for its window's stage.
  void save(StateWriter& to) const override {
    to.begin("numbered windows", 1);
    contents_.save(to);
    header_.save(to);
    to.count(open_.size());
    for (const auto& [number, window] : by_number()) {
      to.number(number);
      to.text(window->key);
      to.number(window->has_records);
      window->content.save(to);
    }
  }
  void load(StateReader& from) override {
    from.begin("numbered windows", 1);
    contents_.load(from);
    header_.load(from);
    for (std::size_t left = from.count(); left > 0; left--) {
      Open& window = open_.try_emplace(from.number<std::uint64_t>(), contents_).first->second;
      window.key = from.text();
      window.has_records = from.number<bool>();
      window.content.load(from);
    }
    holding_.set(contents_.held(open_.size()));
  }

 private:
  struct Open {
    explicit Open(WindowContents& contents) : content(contents) {}

    WindowContent content;
    std::string key;           // its values, saved
    std::vector<Row> rows;     // of the current batch
    bool has_records = false;  // since its last pane
  };

  std::map<std::uint64_t, const Open*> by_number() const {
    std::map<std::uint64_t, const Open*> windows;
    for (const auto& [number, window] : open_) windows.emplace(number, &window);
    return windows;
  }

  void assign(const Batch& batch, Row row) {
    const auto number = static_cast<std::uint64_t>(
        batch.columns[static_cast<std::size_t>(in_.number)][row].integer);
    const auto [found, is_new] = open_.try_emplace(number, contents_);
    Open& window = found->second;
    if (is_new)
      for (const WindowFields::Key& key : in_.keys)
        StateWriter(window.key).value(batch.columns[static_cast<std::size_t>(key.slot)][row]);
    if (window.rows.empty()) touched_.push_back(number);
    window.rows.push_back(row);
    window.has_records = true;
  }

  // The rows of the current batch, so far.
  static void take_rows(Open& window, const Batch& batch, Output& out) {
    window.content.add(batch, std::exchange(window.rows, {}), out.effects);
  }

  void merge(const WindowEvent& event, const Batch& batch, Output& out) {
    const auto from = open_.find(event.window);
    if (from == open_.end()) return;
    take_rows(from->second, batch, out);
    const auto [into, is_new] = open_.try_emplace(*event.into, contents_);
    if (is_new) into->second.key = from->second.key;
    take_rows(into->second, batch, out);
    into->second.content.merge(from->second.content);
    into->second.has_records |= from->second.has_records;
    open_.erase(event.window);
  }

  void fire(const WindowEvent& event, const Batch& batch, Position where, Output& out) {
    const auto found = open_.find(event.window);
    if (found != open_.end()) {
      take_rows(found->second, batch, out);
      if (event.pane &&
          (found->second.has_records || (*event.pane == Pane::on_time && !panes_.discard)))
        emit(found->second, event, where, out);
      if (event.is_gone) open_.erase(found);
    }
    if (!event.is_gone) return;
    // What follows may close its windows by this.
    Batch marker = new_marker(where);
    WindowEvent closed = event;
    closed.before = 0;
    marker.progress.window_events = marker.memory->copy(std::span<const WindowEvent>(&closed, 1));
    out.emit(std::move(marker));
  }

  void emit(Open& window, const WindowEvent& event, Position where, Output& out) {
    Memory memory;
    std::vector<Value> values;
    for (const std::int64_t bound : {event.start, event.end})
      values.push_back(in_.bounds_are_times ? time_value(bound) : integer_value(bound));
    values.push_back(integer_value(static_cast<std::int64_t>(event.window)));
    StateReader key(window.key);
    for (std::size_t i = 0; i < in_.keys.size(); i++) values.push_back(key.value(memory));
    values.push_back(text_value(name_of(*event.pane)));
    ClosedOutput output(out, slots_, values, where);
    window.content.emit(output, out.effects, !event.is_gone && !panes_.discard);
    window.has_records = false;
  }

  std::unique_ptr<GatheringStage> prototype_;
  Panes panes_;
  WindowFields in_;
  std::vector<Slot> slots_;  // of what goes: a window's bounds, its number, its key, its pane
  WindowContents contents_;
  std::unordered_map<std::uint64_t, Open> open_;
  std::vector<std::uint64_t> touched_;  // windows that have rows of the current batch
  FirstHeader header_;
  Holding holding_;  // what windows hold besides their stages
};

}  // namespace

std::unique_ptr<Stage> by_numbered_window(std::unique_ptr<GatheringStage> prototype,
                                          const WindowPlace& place) {
  return std::make_unique<ByNumberedWindow>(std::move(prototype), place);
}

}  // namespace riffle
