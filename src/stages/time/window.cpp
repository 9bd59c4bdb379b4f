// window: tags records with the windows that they fall in, and says when windows close.
#include "time/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "records/record.h"
#include "stages/rows.h"
#include "stages/time/event_time.h"
#include "stages/time/panes.h"
#include "stages/time/windows.h"
#include "values/error.h"

namespace riffle {
namespace {

// What becomes of a batch's rows: each row that counts, once per window or in its slice.
struct Tags {
  std::vector<Row> rows;
  std::vector<Bounds> windows;
  std::vector<Bounds> found;  // the windows of the record at hand
  // Where each record has one window, or slice: that of the record before.
  Bounds near;
  std::int64_t near_gone = 0;  // when its last window is gone

  void add(Row row, Bounds window) {
    rows.push_back(row);
    windows.push_back(window);
  }
};

// Windows that are the same for all records: tumbling, sliding, cumulating.
class AlignedWindows : public Stage {
 public:
  AlignedWindows(WindowPlan plan, EventTimes times, LateRecords late, WindowFields fields)
      : plan_(std::move(plan)),
        windows_(*plan_.windows),
        times_(std::move(times)),
        late_(std::move(late)),
        fields_(std::move(fields)),
        one_each_(windows_.are_tumbling()) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    Tags tags;
    tags.rows.reserve(batch.rows.size());
    tags.windows.reserve(batch.rows.size());
    LateRecords::Rows late;
    if (times_.looks_back()) {
      follow_time(batch, times, tags, late, out);
    } else {  // threads share this stage: nothing in it changes
      for (const Row row : batch.rows) {
        if (const auto time = times_.time_of(batch, row, times[row], out))
          tag(*time, row, batch, Watermark::none, tags, late, out);
        if (tags.rows.size() >= rows_of_part && !one_each_) emit_part(batch, tags, out);
      }
    }
    late_.write(batch, late, out.effects);
    emit(std::move(batch), tags, out);
  }

  void save(StateWriter& to) const override {
    to.begin("window", 1);
    times_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("window", 1);
    times_.load(from);
  }

  std::string closing() const override { return times_.closing() + text_of(plan_.panes); }
  const WindowPlan* window_plan() const override { return &plan_; }
  void pass_slices() override { slices_ = one_each_ = true; }

 private:
  // The records in their order: each is held against the watermark as the one before it left it.
  void follow_time(Batch& batch, const Column& times, Tags& tags, LateRecords::Rows& late,
                   Output& out) {
    times_.begin(batch);
    std::int64_t* const watermarks = batch.memory->allocate<std::int64_t>(batch.size);
    Row filled = 0;
    const auto fill_to = [&](Row row, std::int64_t watermark) {
      std::fill(watermarks + filled, watermarks + row, watermark), filled = row;
    };
    for (const Row row : batch.rows) {
      const auto time = times_.time_of(batch, row, times[row], out);
      if (!time || times_.jumps(*time, batch, row, out)) continue;
      const std::int64_t watermark = times_.watermark();
      if (!tag(*time, row, batch, watermark, tags, late, out)) continue;
      times_.advance(batch, *time);
      if (times_.watermark() != watermark) fill_to(row, watermark);
      if (tags.rows.size() < rows_of_part || one_each_) continue;
      fill_to(row + 1, times_.watermark());
      if (times_.has_delay()) batch.progress.watermark = {watermarks, times_.watermark()};
      emit_part(batch, tags, out);
    }
    fill_to(batch.size, times_.watermark());
    times_.end(batch);
    if (times_.has_delay()) batch.progress.watermark = {watermarks, times_.watermark()};
  }

  // False: it is rejected.
  bool tag(std::int64_t time, Row row, const Batch& batch, std::int64_t watermark, Tags& tags,
           LateRecords::Rows& late, Output& out) const {
    // Most records are in the window of the one before.
    if (one_each_ && tags.near.start <= time && time < tags.near.end &&
        watermark < tags.near_gone) {
      tags.add(row, tags.near);
      return true;
    }
    tags.found.clear();
    windows_.assign(time, tags.found);
    const auto slice = slices_ ? windows_.slice(time) : std::nullopt;
    if (tags.found.empty() || (slices_ && !slice)) {
      times_.reject(batch, row, "no event time: its window leaves the range of times", out);
      return false;
    }
    const Bounds last = tags.found.back();
    if (plan_.panes.is_gone(last.end, watermark)) {
      late_.add(batch, row, last, watermark, late, out);
      return true;
    }
    if (slice)
      tags.add(row, *slice);
    else
      for (const Bounds window : tags.found)
        if (!plan_.panes.is_gone(window.end, watermark)) tags.add(row, window);
    tags.near = tags.windows.back();
    tags.near_gone = plan_.panes.gone_at(last.end);
    return true;
  }

  void emit_part(const Batch& batch, Tags& tags, Output& out) const {
    emit(with_own_memory(batch), tags, out);
    tags.rows.clear();
    tags.windows.clear();
  }

  void emit(Batch batch, Tags& tags, Output& out) const {
    if (std::adjacent_find(tags.rows.begin(), tags.rows.end()) == tags.rows.end()) {
      batch.rows = tags.rows;
    } else {
      batch = picked(batch, tags.rows);
      tags.rows = batch.rows;
    }
    set_bounds(batch, tags.rows, tags.windows, fields_);
    out.emit(std::move(batch));
  }

  WindowPlan plan_;
  const Windows& windows_;
  bool slices_ = false;
  EventTimes times_;
  LateRecords late_;
  WindowFields fields_;
  bool one_each_;  // each record has one window, or slice
};

class NoWindow : public Stage {
 public:
  void process(Batch batch, Output& out) override { out.emit(std::move(batch)); }
};

Windows windows_of(const Arguments& arguments, const Zone& zone) {
  const Span size = *arguments.length("SIZE");
  const Span every = arguments.length("--every").value_or(size);
  const std::int64_t offset = arguments.duration("--offset").value_or(0);
  try {
    return arguments.has("--cumulate") ? Windows::cumulating(size, every, offset, zone)
                                       : Windows(size, every, offset, zone);
  } catch (const std::invalid_argument& reason) {
    throw usage_error(fmt::format("window: {}", reason.what()));
  }
}

std::unique_ptr<Stage> make(Setup& setup) {
  const Zone zone = setup.arguments.zone("--zone").value_or(setup.settings.zone);
  WindowPlan plan{std::make_shared<const Windows>(windows_of(setup.arguments, zone)),
                  {},
                  setup.arguments.has("--fill")};
  if (setup.arguments.has("--zone") && !plan.windows->follow_calendar())
    throw usage_error(
        "window: --zone is for days, weeks, months and years; shorter windows are aligned to UTC, "
        "and --offset moves them");
  EventTimes times(setup);
  LateRecords late(setup);
  plan.panes = panes_of(setup);
  if (times.looks_back() || !plan.windows->are_tumbling()) setup.way = Way::in_order;
  WindowFields fields;
  fields.start = setup.shape.slots().add();
  fields.end = setup.shape.slots().add();
  if (plan.panes.fires_repeatedly()) fields.pane = setup.shape.slots().add();
  fields.fills = plan.fills;
  setup.shape.window = fields;
  setup.shape.slots().reads_window = false;
  return std::make_unique<AlignedWindows>(std::move(plan), std::move(times), std::move(late),
                                          std::move(fields));
}

// `window none`: what follows no longer works window by window.
std::unique_ptr<Stage> make_none(Setup& setup) {
  setup.shape.window.reset();
  return std::make_unique<NoWindow>();
}

}  // namespace

StageRow window_row() {
  using K = Parameter::Kind;
  StageRow row;
  row.name = "window";
  row.summary =
      "puts records into windows of event time; the stages that gather after it work window by "
      "window";
  row.details =
      "Windows are aligned to 1970, weeks to Monday. With --every they slide: a record is in "
      "several. window_start and window_end can be read in expressions from here on, and come "
      "first in what a gathering stage writes. Without --delay windows close at the end of the "
      "input and every record counts. With it the watermark is the greatest event time so far "
      "minus the delay; a window closes when the watermark passes its end, and a record whose "
      "windows have all closed is late: it is counted, and written to --late-to. `session GAP` "
      "makes windows of a key's records that lie no more than GAP apart; a late record may make "
      "one of two. --lateness L keeps a window for so long after its result came out: each record "
      "that comes for it makes it fire again. --early D lets open windows fire as the "
      "watermark passes multiples of D. With either each result has `pane`: early, on_time or "
      "late; --panes discard: a pane has only what came since the last one. --fill also writes the "
      "windows without records between others: an aggregate over nothing, for each key that has "
      "been seen. `count N` makes windows of N records of a key; their bounds are positions, from "
      "0. The keys of sessions and counts follow the window's bounds in what is written. `window "
      "none` ends windows.";
  Signature aligned{
      .usage = "window SIZE --on TIME [--every D [--cumulate]] [--offset D] [--zone ZONE] [--fill]",
      .parameters = {
          {"SIZE", K::length, "the windows' length: 30s, 5m, 1h, 1d, 1w, 1mo, 1y", true},
          {"--every", K::length, "a window starts each D: sliding windows"},
          {.name = "--cumulate",
           .kind = K::flag,
           .summary = "windows begin together, and one ends after each --every D: results so far",
           .needs = {"--every"},
           .reason = "the time from one end to the next"},
          {"--offset", K::offset, "shifts the windows' bounds"},
          {"--zone", K::zone,
           "the time zone to which days, weeks, months and years are aligned (default --tz)"},
          {"--fill", K::flag, "also emits the empty windows between non-empty ones"}}};
  aligned.parameters = with_event_time(std::move(aligned.parameters));
  Form& by_time = row.add_form(std::move(aligned), make);
  by_time.makes_windows = by_time.follows_time = true;
  row.forms.push_back(session_window_form());
  row.forms.push_back(count_window_form());
  row.add_form({.usage = "window none", .parameters = {}, .word = "none"}, make_none);
  row.examples = {{"window 1m --on ts then count",
                   "{\"ts\":\"2026-01-31T10:00:10Z\"}\n"
                   "{\"ts\":\"2026-01-31T10:01:00Z\"}\n"
                   "{\"ts\":\"2026-01-31T10:00:59Z\"}\n",
                   "{\"window_start\":\"2026-01-31T10:00:00Z\",\"window_end\":\"2026-01-31T10:01:"
                   "00Z\",\"count\":2}\n"
                   "{\"window_start\":\"2026-01-31T10:01:00Z\",\"window_end\":\"2026-01-31T10:02:"
                   "00Z\",\"count\":1}\n"},
                  {"window session 30m --by user --on ts then count",
                   "{\"user\":1,\"ts\":\"2026-01-31T10:00:00Z\"}\n"
                   "{\"user\":1,\"ts\":\"2026-01-31T10:20:00Z\"}\n"
                   "{\"user\":1,\"ts\":\"2026-01-31T12:00:00Z\"}\n",
                   "{\"window_start\":\"2026-01-31T10:00:00Z\",\"window_end\":\"2026-01-31T10:50:"
                   "00Z\",\"user\":1,\"count\":2}\n"
                   "{\"window_start\":\"2026-01-31T12:00:00Z\",\"window_end\":\"2026-01-31T12:30:"
                   "00Z\",\"user\":1,\"count\":1}\n"},
                  {"window count 2 --by host then aggregate 'sum(x)'",
                   "{\"host\":\"a\",\"x\":1}\n"
                   "{\"host\":\"b\",\"x\":5}\n"
                   "{\"host\":\"a\",\"x\":2}\n"
                   "{\"host\":\"a\",\"x\":4}\n",
                   "{\"window_start\":0,\"window_end\":2,\"host\":\"a\",\"sum_x\":3}\n"
                   "{\"window_start\":0,\"window_end\":2,\"host\":\"b\",\"sum_x\":5}\n"
                   "{\"window_start\":2,\"window_end\":4,\"host\":\"a\",\"sum_x\":4}\n"}};
  row.way = Way::per_record;
  return row;
}

}  // namespace riffle
