// window: tags records with the windows that their event time falls in, and keeps the watermark.
#include "time/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "data/decode.h"
#include "data/error.h"
#include "data/number.h"
#include "data/record.h"
#include "expression/check.h"
#include "stages/quantities.h"
#include "stages/rows.h"
#include "time/text.h"
#include "time/watermark.h"

namespace riffle {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1000000000;

struct Plan {
  Windows windows;
  ExpressionPtr time;
  Zone zone;  // of times without an offset
  WindowFields fields;
  std::optional<std::int64_t> delay, max_jump;
  std::string delay_text;  // as it was given
  std::shared_ptr<Sink> late_to;
  std::shared_ptr<const Shape> late_shape;
  WindowFields late_fields;
  Slot lateness = no_slot;
  std::size_t inputs = 1;
};

struct EventTime {
  std::optional<std::int64_t> time;
  std::string_view reason = "no event time";  // why there is none
};

EventTime event_time(const Value& value, const Zone& zone, Memory& memory) {
  if (value.kind == Kind::time) return {value.integer};
  if (const Value number = number_of(value); !number.is_missing()) {
    const auto moment = number.kind == Kind::integer ? time_from_number(number.integer, nanoseconds_in_second)
                                                     : time_from_number(as_real(number), nanoseconds_in_second);
    return {moment, "no event time: too large for seconds; --on 't = time(field, \"ms\")' names another unit"};
  }
  if (is_nothing(value)) return {};
  return {parse_time(text_of(value, memory), zone)};
}

// What becomes of a batch's rows: each row that counts, once per window, and the watermark as it goes by.
struct Tags {
  std::vector<Row> rows;
  std::vector<Bounds> windows;
};

struct LateRows {
  std::vector<Row> rows;
  std::vector<Bounds> windows;
  std::vector<std::int64_t> lateness;
};

class Window : public Stage {
 public:
  explicit Window(Plan plan)
      : plan_(std::move(plan)), tracker_(plan_.inputs, plan_.delay.value_or(0)), greatest_(plan_.inputs) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    const Column times = plan_.time->evaluate(evaluation, batch.rows);
    Tags tags;
    LateRows late;
    if (!plan_.delay && !plan_.max_jump) {  // threads share this stage then: nothing in it changes
      for (const Row row : batch.rows)
        if (const auto time = time_of(batch, row, times[row], out)) tag(*time, row, batch, Watermark::none, tags, late, out);
    } else {
      follow_time(batch, times, tags, late, out);
    }
    if (!late.rows.empty() && plan_.late_to) write_late(batch, late, out.effects);
    emit(std::move(batch), tags, out);
  }

  std::string closing() const override {
    if (!plan_.delay) return "at the end of the input";
    return fmt::format("each when the watermark, the greatest event time less {}, reaches its end{}", plan_.delay_text,
                       plan_.inputs > 1 ? ", and all inputs have begun" : "");
  }

 private:
  // The records in their order: each is held against the watermark as the one before it left it.
  void follow_time(Batch& batch, const Column& times, Tags& tags, LateRows& late, Output& out) {
    const std::uint32_t input = batch.where.input;
    tracker_.begin(input);
    std::int64_t* const watermarks = batch.memory->allocate<std::int64_t>(batch.size);
    Row filled = 0;
    const auto fill_to = [&](Row row) { std::fill(watermarks + filled, watermarks + row, tracker_.watermark()), filled = row; };
    for (const Row row : batch.rows) {
      const auto time = time_of(batch, row, times[row], out);
      if (!time || jumps(*time, input, batch, row, out)) continue;
      const std::int64_t watermark = plan_.delay ? tracker_.watermark() : Watermark::none;
      tag(*time, row, batch, watermark, tags, late, out);
      fill_to(row);
      tracker_.advance(input, *time);
    }
    fill_to(batch.size);
    if (plan_.delay) batch.watermark = {watermarks, tracker_.watermark()};
  }

  std::optional<std::int64_t> time_of(const Batch& batch, Row row, const Value& value, Output& out) const {
    const EventTime event = event_time(value, plan_.zone, *batch.memory);
    if (!event.time) reject(batch, row, event.reason, out);
    return event.time;
  }

  // Whether a record is too far past all before it (--max-jump). An input's first never is.
  bool jumps(std::int64_t time, std::uint32_t input, const Batch& batch, Row row, Output& out) {
    std::optional<std::int64_t>& greatest = greatest_[input];
    std::int64_t limit = 0;
    if (plan_.max_jump && greatest && !__builtin_add_overflow(*greatest, *plan_.max_jump, &limit) && time > limit) {
      reject(batch, row, "event time is more than --max-jump past the ones before", out);
      return true;
    }
    greatest = std::max(time, greatest.value_or(time));
    return false;
  }

  void tag(std::int64_t time, Row row, const Batch& batch, std::int64_t watermark, Tags& tags, LateRows& late,
           Output& out) const {
    std::vector<Bounds>& windows = tags.windows;
    const std::size_t before = windows.size();
    // Most records are in the window of the one before.
    if (plan_.windows.are_tumbling() && before > 0 && windows.back().start <= time && time < windows.back().end)
      windows.push_back(Bounds(windows.back()));
    else
      plan_.windows.assign(time, windows);
    if (windows.size() == before) return reject(batch, row, "no event time: its window leaves the range of times", out);
    const Bounds last = windows.back();
    // A window is gone when the watermark has reached the last moment in it.
    windows.erase(std::remove_if(windows.begin() + static_cast<std::ptrdiff_t>(before), windows.end(),
                                 [&](const Bounds& w) { return watermark >= w.end - 1; }),
                  windows.end());
    if (windows.size() == before) {
      out.effects.late.push_back({batch.position(row)});
      late.rows.push_back(row);
      late.windows.push_back(last);
      late.lateness.push_back(std::max<std::int64_t>(0, watermark - last.end));
      return;
    }
    tags.rows.insert(tags.rows.end(), windows.size() - before, row);
  }

  static void reject(const Batch& batch, Row row, std::string_view reason, Output& out) {
    out.effects.rejects.push_back(rejected(batch, row, "window", reason));
  }

  static void set_bounds(Batch& batch, const std::vector<Row>& rows, const std::vector<Bounds>& windows, WindowFields fields) {
    Value* const starts = batch.new_values();
    Value* const ends = batch.new_values();
    for (std::size_t i = 0; i < rows.size(); i++) {
      starts[rows[i]] = time_value(windows[i].start);
      ends[rows[i]] = time_value(windows[i].end);
    }
    batch.columns[fields.start] = {starts};
    batch.columns[fields.end] = {ends};
  }

  void emit(Batch batch, Tags& tags, Output& out) const {
    if (std::adjacent_find(tags.rows.begin(), tags.rows.end()) == tags.rows.end()) {
      batch.rows = tags.rows;
    } else {
      batch = picked(batch, tags.rows);
      tags.rows = batch.rows;
    }
    set_bounds(batch, tags.rows, tags.windows, plan_.fields);
    out.emit(std::move(batch));
  }

  void write_late(Batch batch, const LateRows& late, Effects& effects) const {
    batch.shape = plan_.late_shape;
    batch.rows = late.rows;
    set_bounds(batch, late.rows, late.windows, plan_.late_fields);
    Value* const lateness = batch.new_values();
    for (std::size_t i = 0; i < late.rows.size(); i++) lateness[late.rows[i]] = duration_value(late.lateness[i]);
    batch.columns[plan_.lateness] = {lateness};
    plan_.late_to->write(batch, effects);
  }

  Plan plan_;
  WatermarkTracker tracker_;
  std::vector<std::optional<std::int64_t>> greatest_;  // event time, by input
};

// `window none`: what follows no longer works window by window.
class NoWindow : public Stage {
 public:
  void process(Batch batch, Output& out) override { out.emit(std::move(batch)); }
};

std::optional<std::int64_t> duration_argument(const Setup& setup, std::string_view name) {
  if (!setup.arguments.has(name)) return std::nullopt;
  const std::string& text = setup.arguments[name];
  const auto duration = parse_duration(text);
  if (!duration) throw usage_error(fmt::format("window: {}: '{}' is no duration; write it as 5s or 1h30m", name, text));
  return duration;
}

Zone zone_argument(const Setup& setup) {
  if (!setup.arguments.has("--zone")) return setup.settings.zone;
  const auto zone = Zone::named(setup.arguments["--zone"]);
  if (!zone) throw usage_error(fmt::format("window: --zone: no time zone is called '{}'", setup.arguments["--zone"]));
  return *zone;
}

Windows windows_of(const Setup& setup) {
  try {
    return Windows::parse(setup.arguments["SIZE"], setup.arguments["--every"], setup.arguments["--offset"], zone_argument(setup));
  } catch (const std::invalid_argument& reason) {
    throw usage_error(fmt::format("window: {}", reason.what()));
  }
}

ExpressionPtr time_expression(const Setup& setup) {
  if (!setup.arguments.has("--on"))
    throw usage_error("window: --on FIELD says which field holds the event time; window 1m --on ts");
  const auto text = setup.text("--on");
  const std::vector<Item> items = parse_items(text, true);
  if (items.size() != 1 || items[0].pattern) throw usage_error("window: --on takes one field: window 1m --on ts");
  return items[0].value ? riffle::bind(*items[0].value, text, setup.shape, setup.settings) : bind_name(items[0].name, text, setup.shape);
}

void open_late(Setup& setup, Plan& plan) {
  if (!setup.arguments.has("--late-to")) return;
  if (!plan.delay) throw usage_error("window: --late-to needs --delay: without it no record is late");
  Shape shape = setup.shape;
  plan.late_fields = {shape.slots().add(), shape.slots().add()};
  plan.lateness = shape.slots().add();
  shape.edit({Edit::Kind::set, literal_name("window_start"), plan.late_fields.start, {}});
  shape.edit({Edit::Kind::set, literal_name("window_end"), plan.late_fields.end, {}});
  shape.edit({Edit::Kind::set, literal_name("lateness"), plan.lateness, {}});
  plan.late_to = setup.open_sink(setup.arguments["--late-to"], shape);
  plan.late_shape = std::make_shared<const Shape>(shape);
}

std::unique_ptr<Stage> make(Setup& setup) {
  if (setup.arguments["SIZE"] == "none") {
    if (setup.arguments.values.size() > 1) throw usage_error("window none takes no flags");
    setup.shape.window.reset();
    return std::make_unique<NoWindow>();
  }
  Plan plan;
  plan.windows = windows_of(setup);
  plan.zone = setup.settings.zone;
  plan.time = time_expression(setup);
  plan.delay = duration_argument(setup, "--delay");
  plan.delay_text = visible(setup.arguments["--delay"]);
  plan.max_jump = duration_argument(setup, "--max-jump");
  plan.inputs = setup.inputs;
  open_late(setup, plan);
  if (plan.delay || plan.max_jump) setup.way = Way::in_order;
  setup.shape.window = plan.fields = {setup.shape.slots().add(), setup.shape.slots().add()};
  return std::make_unique<Window>(std::move(plan));
}

}  // namespace

StageRow window_row() {
  using K = Parameter::Kind;
  StageRow row;
  row.name = "window";
  row.usage = "window SIZE --on TIME [--every D] [--offset D] [--zone ZONE] [--delay D] [--max-jump D] [--late-to FILE]";
  row.summary = "puts records into windows of event time; the stages that gather behind it work window by window";
  row.details =
      "Windows are aligned to 1970, weeks to Monday. With --every they slide: a record is in several. window_start and "
      "window_end can be read in expressions from here on, and come first in what a gathering stage writes. Without --delay "
      "windows close at the end of the input and every record counts. With it the watermark is the greatest event time so far "
      "minus the delay; a window closes when the watermark passes its end, and a record whose windows have all closed is "
      "late: it is counted, and written to --late-to. `window none` ends windows.";
  row.parameters = {
      {"SIZE", K::duration, "the windows' length: 30s, 5m, 1h, 1d, 1w, 1mo, 1y; or none", true},
      {"--on", K::items, "the field with the event time, or name = EXPR"},
      {"--every", K::duration, "a window starts each D: sliding windows"},
      {"--offset", K::duration, "shifts the windows' bounds"},
      {"--zone", K::zone, "the time zone to which days, weeks, months and years are aligned (default --tz)"},
      {"--delay", K::duration, "how far records may be out of order; windows close as time passes"},
      {"--max-jump", K::duration, "rejects a record more than D past all before it in its input"},
      {"--late-to", K::file, "writes late records, with their window and lateness"},
  };
  row.examples = {{"window 1m --on ts then count",
                   "{\"ts\":\"2026-01-31T10:00:10Z\"}\n{\"ts\":\"2026-01-31T10:01:00Z\"}\n{\"ts\":\"2026-01-31T10:00:59Z\"}\n",
                   "{\"window_start\":\"2026-01-31T10:00:00Z\",\"window_end\":\"2026-01-31T10:01:00Z\",\"count\":2}\n"
                   "{\"window_start\":\"2026-01-31T10:01:00Z\",\"window_end\":\"2026-01-31T10:02:00Z\",\"count\":1}\n"}};
  row.way = Way::per_record;
  row.make = make;
  return row;
}

}  // namespace riffle
