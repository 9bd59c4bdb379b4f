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
#include "values/stop_request.h"

namespace riffle {
namespace {

// What becomes of a batch's rows: each row that counts, once per window or in its slice.
struct Tags {
  std::vector<Row> rows;
  std::vector<Bounds> windows;
  std::vector<Bounds> found;  // the windows of the current record
  // Where each record has one window, or slice: that of the record before.
  Bounds near;
  std::int64_t near_gone = 0;  // when its last window is gone

  // `room`: for how many.
  explicit Tags(std::size_t room) {
    rows.reserve(room);
    windows.reserve(room);
  }

  void add(Row row, Bounds window) {
    rows.push_back(row);
    windows.push_back(window);
  }
};

// What windows that are the same for all records know: tumbling, sliding, cumulating.
struct Bound {
  WindowPlan windows;
  EventTimes times;  // before the first record
  LateRecords late;
  WindowFields fields;
};

// Gives records their windows, or their slices.
class Tagger {
 public:
  // `bound` outlives this.
  Tagger(const Bound& bound, bool slices)
      : bound_(bound),
        windows_(*bound.windows.windows),
        slices_(slices),
        one_each_(slices || windows_.are_tumbling()) {}

  // Each record has one window, or slice.
  bool are_one_each() const { return one_each_; }

  // False: it is rejected.
  bool tag(std::int64_t time, Row row, const Batch& batch, std::int64_t watermark, Tags& tags,
           LateRecords::Rows& late, Effects& effects) const {
    // Most records are in the window of the one before.
    if (one_each_ && tags.near.start <= time && time < tags.near.end &&
        watermark < tags.near_gone) {
      tags.add(row, tags.near);
      return true;
    }
    const Panes& panes = bound_.windows.panes;
    tags.found.clear();
    windows_.assign(time, tags.found);
    const auto slice = slices_ ? windows_.slice(time) : std::nullopt;
    if (tags.found.empty() || (slices_ && !slice)) {
      bound_.times.reject(batch, row, "no event time: its window leaves the range of times",
                          effects);
      return false;
    }
    const Bounds last = tags.found.back();
    if (panes.is_gone(last.end, watermark)) {
      bound_.late.add(batch, row, last, watermark, late, effects);
      return true;
    }
    if (slice)
      tags.add(row, *slice);
    else
      for (const Bounds window : tags.found)
        if (!panes.is_gone(window.end, watermark)) tags.add(row, window);
    tags.near = tags.windows.back();
    tags.near_gone = panes.gone_at(last.end);
    return true;
  }

  // The batch with the rows that have tags, each once per tag.
  Batch tagged(Batch batch, Tags& tags) const {
    if (std::adjacent_find(tags.rows.begin(), tags.rows.end()) == tags.rows.end()) {
      batch.rows = tags.rows;
    } else {
      batch = picked(batch, tags.rows);
      tags.rows = batch.rows;
    }
    set_bounds(batch, tags.rows, tags.windows, bound_.fields);
    return batch;
  }

 private:
  const Bound& bound_;
  const Windows& windows_;
  bool slices_, one_each_;
};

// Windows of which each record has one, whatever the records before it.
class TumblingWindows : public RecordStage {
 public:
  explicit TumblingWindows(std::shared_ptr<const Bound> bound)
      : bound_(std::move(bound)), tagger_(*bound_, false) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    const Column times = bound_->times.evaluate(batch, effects);
    Tags tags(batch.rows.size());
    LateRecords::Rows late;  // none: no watermark follows the records
    for (const Row row : batch.rows)
      if (const auto time = bound_->times.time_of(batch, row, times[row], effects))
        tagger_.tag(*time, row, batch, Watermark::none, tags, late, effects);
    return tagger_.tagged(std::move(batch), tags);
  }

 private:
  std::shared_ptr<const Bound> bound_;
  Tagger tagger_;
};

// Windows that depend on the records before, or of which a record has several.
class AlignedWindows : public Stage {
 public:
  static constexpr Holds holds = Holds::nothing;

  AlignedWindows(std::shared_ptr<const Bound> bound, bool slices)
      : bound_(std::move(bound)), tagger_(*bound_, slices), times_(bound_->times) {}

  void process(Batch batch, Output& out) override {
    const Column times = times_.evaluate(batch, out.effects);
    Tags tags(batch.rows.size());
    LateRecords::Rows late;
    if (times_.looks_back()) {
      follow_time(batch, times, tags, late, out);
    } else {
      for (const Row row : batch.rows) {
        if (const auto time = times_.time_of(batch, row, times[row], out.effects))
          tagger_.tag(*time, row, batch, Watermark::none, tags, late, out.effects);
        if (is_part(tags)) emit_part(batch, tags, out);
      }
    }
    bound_->late.write(batch, late, out.effects);
    out.emit(tagger_.tagged(std::move(batch), tags));
  }

  void save(StateWriter& to) const override {
    to.begin("window", 1);
    times_.save(to);
  }
  void load(StateReader& from) override {
    from.begin("window", 1);
    times_.load(from);
  }

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
      const auto time = times_.time_of(batch, row, times[row], out.effects);
      if (!time || times_.jumps(*time, batch, row, out.effects)) continue;
      const std::int64_t watermark = times_.watermark();
      if (!tagger_.tag(*time, row, batch, watermark, tags, late, out.effects)) continue;
      times_.advance(batch, *time);
      if (times_.watermark() != watermark) fill_to(row, watermark);
      if (!is_part(tags)) continue;
      fill_to(row + 1, times_.watermark());
      if (times_.has_delay()) batch.progress.watermark = {watermarks, times_.watermark()};
      emit_part(batch, tags, out);
    }
    fill_to(batch.size, times_.watermark());
    times_.end(batch);
    if (times_.has_delay()) batch.progress.watermark = {watermarks, times_.watermark()};
  }

  bool is_part(const Tags& tags) const {
    return tags.rows.size() >= rows_of_part && !tagger_.are_one_each();
  }

  void emit_part(const Batch& batch, Tags& tags, Output& out) const {
    StopRequest::check_age();
    out.emit(tagger_.tagged(with_own_memory(batch), tags));
    tags.rows.clear();
    tags.windows.clear();
  }

  std::shared_ptr<const Bound> bound_;
  Tagger tagger_;
  EventTimes times_;
};

class NoWindow : public RecordStage {
 public:
  Batch apply(Batch batch, Effects&, const HandOn&) const override { return batch; }
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

void check_zone(const Arguments& arguments, const Windows& windows) {
  if (arguments.has("--zone") && !windows.follow_calendar())
    throw usage_error(
        "window: --zone is for days, weeks, months and years; shorter windows are aligned to UTC, "
        "and --offset moves them");
}

Planned make(Setup& setup) {
  const Zone zone = setup.arguments.zone("--zone").value_or(setup.settings.zone);
  const auto windows = std::make_shared<const Windows>(windows_of(setup.arguments, zone));
  check_zone(setup.arguments, *windows);
  EventTimes times(setup);
  LateRecords late(setup);
  WindowFields fields;
  const bool fills = setup.arguments.has("--fill");
  const WindowPlan window_plan{windows, panes_of(setup), fills,
                               fills && setup.arguments.is_arrival("--on")};
  fields.start = setup.shape.slots().add();
  fields.end = setup.shape.slots().add();
  if (window_plan.panes.fires_repeatedly()) fields.pane = setup.shape.slots().add();
  fields.fills = window_plan.fills;
  setup.shape.window = fields;
  setup.shape.slots().reads_window = false;
  const auto bound = std::make_shared<const Bound>(
      Bound{window_plan, std::move(times), std::move(late), std::move(fields)});
  const bool looks_at_records_alone = windows->are_tumbling() && !bound->times.looks_back();
  Planned planned = looks_at_records_alone ? Planned(std::make_unique<TumblingWindows>(bound))
                                           : in_order<AlignedWindows>(bound, false);
  planned.windows = {window_plan, bound->times.closing() + text_of(window_plan.panes)};
  if (!windows->are_tumbling() && !window_plan.panes.fires_repeatedly())
    planned.windows->make_slicing = in_order<AlignedWindows>(bound, true).make;
  planned.fails_on_late = fails_on_late(setup);
  return planned;
}

// `window none`: what follows no longer works window by window.
Planned make_none(Setup& setup) {
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
  row.add_form({.usage = "window none", .parameters = {}, .word = "none"}, make_none).ends_windows =
      true;
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
  return row;
}

}  // namespace riffle
