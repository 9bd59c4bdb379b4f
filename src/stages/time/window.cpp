// window: tags records with the windows that they fall in, and says when windows close.
#include "time/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "records/record.h"
#include "stages/quantities.h"
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

// `window none`: what follows no longer works window by window.
class NoWindow : public Stage {
 public:
  void process(Batch batch, Output& out) override { out.emit(std::move(batch)); }
};

Zone zone_argument(const Setup& setup) {
  if (!setup.arguments.has("--zone")) return setup.settings.zone;
  const auto zone = Zone::named(setup.arguments["--zone"]);
  if (!zone)
    throw usage_error(
        fmt::format("window: --zone: no time zone is called '{}'", setup.arguments["--zone"]));
  return *zone;
}

Windows windows_of(const Setup& setup) {
  try {
    return Windows::parse(setup.arguments["SIZE"], setup.arguments["--every"],
                          setup.arguments["--offset"], zone_argument(setup),
                          setup.arguments.has("--cumulate"));
  } catch (const std::invalid_argument& reason) {
    throw usage_error(fmt::format("window: {}", reason.what()));
  }
}

std::unique_ptr<Stage> make_aligned(Setup& setup) {
  if (setup.arguments.has("--by"))
    throw usage_error(
        "window: --by says whose windows these are: of session and count; windows of a length are "
        "the same for all");
  WindowPlan plan{
      std::make_shared<const Windows>(windows_of(setup)), {}, setup.arguments.has("--fill")};
  if (setup.arguments.has("--zone") && !plan.windows->follow_calendar())
    throw usage_error(
        "window: --zone is for days, weeks, months and years; shorter windows are aligned to UTC, "
        "and --offset moves them");
  EventTimes times(setup);
  LateRecords late(setup, times.has_delay());
  plan.panes = panes_of(setup, times.has_delay());
  if (times.looks_back() || !plan.windows->are_tumbling()) setup.way = Way::in_order;
  WindowFields fields;
  fields.start = setup.shape.slots().add();
  fields.end = setup.shape.slots().add();
  if (plan.panes.are_many()) fields.pane = setup.shape.slots().add();
  fields.fills = plan.fills;
  setup.shape.window = fields;
  setup.shape.slots().reads_window = false;
  return std::make_unique<AlignedWindows>(std::move(plan), std::move(times), std::move(late),
                                          std::move(fields));
}

std::unique_ptr<Stage> make(Setup& setup) {
  const std::string& size = setup.arguments["SIZE"];
  if (size == "none") {
    if (setup.arguments.values.size() > 1) throw usage_error("window none takes no flags");
    setup.shape.window.reset();
    return std::make_unique<NoWindow>();
  }
  const std::size_t blank = size.find(' ');
  const std::string kind = size.substr(0, blank),
                    length = blank == size.npos ? std::string() : size.substr(blank + 1);
  if (kind == "session") return make_session_windows(setup, length);
  if (kind == "count") return make_counted_windows(setup, length);
  return make_aligned(setup);
}

}  // namespace

StageRow window_row() {
  using K = Parameter::Kind;
  StageRow row;
  row.name = "window";
  row.usage =
      "window SIZE --on TIME [--every D [--cumulate]] [--offset D] [--zone ZONE] [--fill] | window "
      "session GAP --on TIME [--by KEYS] | window count N [--every N] [--by KEYS] | window none";
  row.summary =
      "puts records into windows of event time; the stages that gather behind it work window by "
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
      "that comes for it makes it come out again. --early D lets open windows come out as the "
      "watermark passes multiples of D. With either each result has `pane`: early, on_time or "
      "late; --panes discard: a pane has only what came since the last one. --fill also writes the "
      "windows without records between others: an aggregate over nothing, for each key that has "
      "been seen. `count N` makes windows of N records of a key; their bounds are positions, from "
      "0. The keys of sessions and counts follow the window's bounds in what is written. `window "
      "none` ends windows.";
  row.parameters = {
      {"SIZE", K::duration,
       "the windows' length: 30s, 5m, 1h, 1d, 1w, 1mo, 1y; or session GAP, count N, none", true,
       true},
      {"--by", K::keys, "names, or NAME = EXPR: each key has sessions, or counts, of its own"},
      {"--on", K::items, "the field with the event time, or name = EXPR"},
      {"--every", K::duration, "a window starts each D, or after each N records: sliding windows"},
      {"--cumulate", K::flag,
       "windows begin together, and one ends after each --every D: results so far"},
      {"--offset", K::duration, "shifts the windows' bounds"},
      {"--zone", K::zone,
       "the time zone to which days, weeks, months and years are aligned (default --tz)"},
      {"--delay", K::duration, "how far records may be out of order; windows close as time passes"},
      {"--max-jump", K::duration, "rejects a record more than D past all before it in its input"},
      {"--on-late", K::word,
       "fail stops the run at the first late record; count (default) only counts them"},
      {"--lateness", K::duration,
       "how long a window that came out still takes records, and comes out again"},
      {"--early", K::duration,
       "open windows come out, too, when the watermark passes a multiple of D"},
      {"--panes", K::word,
       "what comes out again: accumulate (default) all so far, discard only what is new"},
      {"--fill", K::flag, "windows without records, between others, come out, too"},
      {"--late-to", K::file, "writes late records, with their window and lateness"},
  };
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
  row.make = make;
  return row;
}

}  // namespace riffle
