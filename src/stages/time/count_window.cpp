// window count: a number of a key's records.

#include <stdexcept>
#include <utility>

#include "records/record.h"
#include "stages/time/window_keys.h"
#include "stages/time/windows.h"
#include "time/counted_windows.h"
#include "values/error.h"
#include "values/stop_request.h"

namespace riffle {
namespace {

class CountedWindowsStage : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  CountedWindowsStage(std::int64_t size, std::int64_t every, WindowKeys keys,
                      const WindowFields& fields, Holder holder)
      : windows_(size, every),
        keys_(std::move(keys)),
        start_(static_cast<std::size_t>(fields.start)),
        end_(static_cast<std::size_t>(fields.end)),
        number_(static_cast<std::size_t>(fields.number)),
        holding_(std::move(holder)) {}

  void process(Batch batch, Output& out) override {
    keys_.set(batch, out.effects);
    Tags tags;
    for (const Row row : batch.rows) {
      const std::size_t first = tags.windows.size();
      const bool completes = windows_.add(keys_.text_of(batch, row), tags.windows);
      tags.rows.insert(tags.rows.end(), tags.windows.size() - first, row);
      if (completes)
        tags.events.push_back(closed(tags.windows[first], static_cast<Row>(tags.rows.size())));
      if (tags.rows.size() < rows_of_part) continue;
      StopRequest::check_age();
      emit_part(batch, std::exchange(tags, {}), out);
    }
    holding_.set(windows_.held());
    emit_part(batch, tags, out);
  }

  void finish(Output& out) override {
    std::vector<CountedWindows::Window> open;
    windows_.close_all(open);
    std::vector<WindowEvent> events;
    for (const CountedWindows::Window& window : open) events.push_back(closed(window, 0));
    Batch marker = new_marker({});
    marker.progress.window_events = marker.memory->copy(std::span<const WindowEvent>(events));
    out.emit(std::move(marker));
  }

  void save(StateWriter& to) const override {
    to.begin("window count", 1);
    windows_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("window count", 1);
    windows_.load(from);
    holding_.set(windows_.held());
  }

 private:
  // What becomes of a batch's rows: each once per window.
  struct Tags {
    std::vector<Row> rows;
    std::vector<CountedWindows::Window> windows;
    std::vector<WindowEvent> events;
  };

  void emit_part(const Batch& batch, const Tags& tags, Output& out) const {
    Batch part = picked(with_own_memory(batch), tags.rows);
    set_fields(part, tags.windows);
    part.progress.window_events = part.memory->copy(std::span<const WindowEvent>(tags.events));
    out.emit(std::move(part));
  }

  static WindowEvent closed(const CountedWindows::Window& window, Row before) {
    return {before, window.number, {}, Pane::on_time, true, window.bounds.start, window.bounds.end};
  }

  void set_fields(Batch& batch, const std::vector<CountedWindows::Window>& windows) const {
    Value *const starts = batch.new_values(), *const ends = batch.new_values(),
                 *const numbers = batch.new_values();
    for (std::size_t i = 0; i < windows.size(); i++) {
      starts[i] = integer_value(windows[i].bounds.start);
      ends[i] = integer_value(windows[i].bounds.end);
      numbers[i] = integer_value(static_cast<std::int64_t>(windows[i].number));
    }
    batch.columns[start_] = {starts};
    batch.columns[end_] = {ends};
    batch.columns[number_] = {numbers};
  }

  CountedWindows windows_;
  WindowKeys keys_;
  std::size_t start_, end_, number_;
  Holding holding_;
};

Planned make(Setup& setup) {
  const auto size = static_cast<std::int64_t>(setup.arguments.count("N"));
  const auto every =
      static_cast<std::int64_t>(setup.arguments.count("--every", static_cast<std::uint64_t>(size)));
  if (every > size)
    throw usage_error(
        "window count: --every is more than the size: records between windows would be lost");
  if (size / every > Windows::most_at_once)
    throw usage_error("window count: a record would be in more than 1,000,000 windows");
  WindowFields fields;
  fields.start = setup.shape.slots().add();
  fields.end = setup.shape.slots().add();
  fields.number = setup.shape.slots().add();
  fields.bounds_are_times = false;
  WindowKeys keys(setup, fields);
  setup.shape.window = fields;
  Planned planned =
      in_order<CountedWindowsStage>(size, every, std::move(keys), fields, setup.holder());
  planned.windows = {{}, "each with its last record, or at the end of the input"};
  return planned;
}

}  // namespace

Form count_window_form() {
  using K = Parameter::Kind;
  constexpr std::uint64_t most = 1000000000;
  return {{.usage = "window count N [--every N] [--by KEYS]",
           .parameters = {{.name = "N",
                           .kind = K::count,
                           .summary = "of `count`: how many records of a key are in a window",
                           .required = true,
                           .least = 1,
                           .most = most},
                          {.name = "--every",
                           .kind = K::count,
                           .summary = "a window starts after each N records: sliding windows",
                           .least = 1,
                           .most = most},
                          window_keys()},
           .word = "count"},
          make,
          true};
}

}  // namespace riffle
