// window session: a key's records that no gap parts.

#include <utility>

#include "stages/time/event_time.h"
#include "stages/time/panes.h"
#include "stages/time/window_keys.h"
#include "stages/time/windows.h"
#include "time/sessions.h"
#include "time/text.h"
#include "values/decode.h"

namespace riffle {
namespace {

class SessionWindows : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  SessionWindows(std::int64_t gap, Panes panes, WindowKeys keys, EventTimes times, LateRecords late,
                 Slot number, Holder holder)
      : keys_(std::move(keys)),
        times_(std::move(times)),
        late_(std::move(late)),
        number_(static_cast<std::size_t>(number)),
        sessions_(gap, panes),
        holding_(std::move(holder)) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    keys_.set(batch, out.effects);
    const std::vector<Row> rows = std::exchange(batch.rows, {});
    Value* const numbers = batch.new_values();
    batch.columns[number_] = {numbers};
    std::vector<WindowEvent> events;
    LateRecords::Rows late;
    times_.begin(batch);
    advance(0, events);
    for (const Row row : rows) {
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (!time || times_.jumps(*time, batch, row, out.effects)) continue;
      const auto alone = sessions_.window_of(*time);
      if (!alone) {
        times_.reject(batch, row, "no event time: its window leaves the range of times",
                      out.effects);
        continue;
      }
      if (const auto number = session_of(batch, row, *time, *alone, events, late, out)) {
        numbers[row] = integer_value(static_cast<std::int64_t>(*number));
        batch.rows.push_back(row);
      }
      times_.advance(batch, *time);
      advance(row + 1, events);
    }
    times_.end(batch);
    advance(batch.size, events);
    late_.write(batch, late, out.effects);
    batch.progress.window_events = batch.memory->copy(std::span<const WindowEvent>(events));
    holding_.set(sessions_.held());
    out.emit(std::move(batch));
  }

  void finish(Output& out) override {
    std::vector<WindowEvent> events;
    happened_.clear();
    sessions_.close_all(happened_);
    note_happened(0, events);
    Batch marker = new_marker({});
    marker.progress.window_events = marker.memory->copy(std::span<const WindowEvent>(events));
    out.emit(std::move(marker));
  }

  void save(StateWriter& to) const override {
    to.begin("window session", 1);
    times_.save(to);
    sessions_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("window session", 1);
    times_.load(from);
    sessions_.load(from);
    holding_.set(sessions_.held());
  }

 private:
  std::optional<Sessions::Number> session_of(const Batch& batch, Row row, std::int64_t time,
                                             Bounds alone, std::vector<WindowEvent>& events,
                                             LateRecords::Rows& late, Output& out) {
    merged_.clear();
    happened_.clear();
    const auto number = sessions_.add(keys_.text_of(batch, row), time, merged_, happened_);
    if (!number) late_.add(batch, row, alone, times_.watermark(), late, out.effects);
    for (const Sessions::Merged& merged : merged_)
      events.push_back({row, merged.from, merged.into});
    note_happened(row + 1, events);
    return number;
  }

  void advance(Row before, std::vector<WindowEvent>& events) {
    if (times_.watermark() == Watermark::none) return;
    happened_.clear();
    sessions_.advance(times_.watermark(), happened_);
    note_happened(before, events);
  }

  void note_happened(Row before, std::vector<WindowEvent>& events) const {
    for (const Sessions::Event& event : happened_)
      events.push_back({before,
                        event.session,
                        {},
                        event.pane,
                        event.is_gone,
                        event.bounds.start,
                        event.bounds.end});
  }

  WindowKeys keys_;
  EventTimes times_;
  LateRecords late_;
  std::size_t number_;
  Sessions sessions_;
  Holding holding_;
  std::vector<Sessions::Merged> merged_;
  std::vector<Sessions::Event> happened_;
};

Planned make(Setup& setup) {
  EventTimes times(setup);
  LateRecords late(setup);
  const WindowPlan plan{nullptr, panes_of(setup)};
  const std::string closing = times.closing() + text_of(plan.panes);
  WindowFields fields;
  fields.number = setup.shape.slots().add();
  fields.may_merge = true;
  if (plan.panes.fires_repeatedly()) fields.pane = setup.shape.slots().add();
  WindowKeys keys(setup, fields);
  const Slot number = fields.number;
  setup.shape.window = std::move(fields);
  Planned planned =
      in_order<SessionWindows>(*setup.arguments.duration("GAP"), plan.panes, std::move(keys),
                               std::move(times), std::move(late), number, setup.holder());
  planned.windows = {plan, closing};
  planned.fails_on_late = fails_on_late(setup);
  return planned;
}

}  // namespace

Form session_window_form() {
  using K = Parameter::Kind;
  Signature signature{
      .usage = "window session GAP --on TIME [--by KEYS]",
      .parameters = {{.name = "GAP",
                      .kind = K::duration,
                      .summary = "of `session`: records of a key that lie no more than this apart "
                                 "are of one session",
                      .required = true,
                      .least = 1},
                     window_keys()},
      .word = "session"};
  signature.parameters = with_event_time(std::move(signature.parameters));
  return {std::move(signature), make, true, true};
}

}  // namespace riffle
