#include "engine/windows/timed_windows.h"

#include <algorithm>
#include <utility>

#include "values/stop_request.h"

namespace riffle {
namespace {

// The first one that there is before a row.
std::int64_t first_watermark(std::int64_t last, const Batch& batch, Row row) {
  const std::int64_t* const rows = batch.progress.watermark.rows;
  if (!rows || last == Watermark::none) return last;
  const std::int64_t* const first = std::upper_bound(rows, rows + row, Watermark::none);
  return first == rows + row ? last : *first;
}

// What follows may close windows of its own by this.
void pass_watermark(Position where, std::int64_t watermark, Output& out) {
  if (watermark == Watermark::none) return;
  Batch marker = new_marker(where);
  marker.progress.watermark = {nullptr, watermark};
  out.emit(std::move(marker));
}

}  // namespace

TimedWindows::TimedWindows(std::unique_ptr<GatheringStage> prototype, WindowPlace place, bool again)
    : prototype_(std::move(prototype)),
      plan_(place.plan),
      contents_(*prototype_, again, place.sizes_of),
      in_(std::move(place.in)),
      slots_{place.out.start, place.out.end},
      holding_(std::move(place.holder)) {
  if (place.out.pane != no_slot) slots_.push_back(place.out.pane);
}

void TimedWindows::process(Batch batch, Output& out) {
  const std::vector<Row> rows = std::exchange(batch.rows, {});
  header_.pass(batch, out);
  if (!rows.empty()) contents_.begin(batch);
  for (const Row row : rows) {
    const std::int64_t watermark = watermark_before(batch, row);
    const bool is_first = watermark_ == Watermark::none && watermark != Watermark::none;
    if (is_first || watermark >= next_)
      reach(watermark, batch, row, out);
    else
      watermark_ = std::max(watermark_, watermark);
    take(batch, row);
    last_taken_ = row;
  }
  reach(batch.progress.watermark.after, batch, batch.size, out);
  contents_.end(batch);
  holding_.set(contents_.held(open()));
}

// Between two batches, no row waits for its window's stage.
void TimedWindows::save(StateWriter& to) const {
  to.begin("windows", 1);
  contents_.save(to);
  header_.save(to);
  to.number(watermark_);
  to.number(empty_.has_value());
  to.number(empty_.value_or(Bounds()));
  save_open(to);
}

void TimedWindows::load(StateReader& from) {
  from.begin("windows", 1);
  contents_.load(from);
  header_.load(from);
  watermark_ = from.number<std::int64_t>();
  const bool has_empty = from.number<bool>();
  empty_ = from.number<Bounds>();
  if (!has_empty) empty_.reset();
  load_open(from);
  schedule();
  holding_.set(contents_.held(open()));
}

// What the watermark passes on its way, each at the row, of those before `row`, that made it do so.
void TimedWindows::reach(std::int64_t watermark, const Batch& batch, Row row, Output& out) {
  flush(batch, out.effects);
  if (watermark_ == Watermark::none) {
    watermark_ = first_watermark(watermark, batch, row);
    if (plan_.fills_from_start && watermark_ != Watermark::none) empty_ = first_empty();
    schedule();
  }
  while (next_ <= watermark) {
    const std::int64_t timer = next_;
    Position where = batch.origin.where;
    if (timer == now)
      where = batch.position(last_taken_);
    else if (const std::int64_t* const first = batch.progress.watermark.rows)
      where = batch.origin.before(
          std::min(row, static_cast<Row>(std::lower_bound(first, first + row, timer) - first) + 1));
    fire(where, out);
    if (timer != now) watermark_ = std::max(watermark_, timer);
    schedule();
  }
  watermark_ = std::max(watermark_, watermark);
  pass_watermark(batch.origin.before(row), watermark, out);
}

Bounds TimedWindows::first_empty() const {
  std::vector<Bounds> windows;
  plan_.windows->assign(watermark_, windows);
  return *std::min_element(windows.begin(), windows.end(),
                           [](Bounds a, Bounds b) { return a.end < b.end; });
}

void TimedWindows::emit(WindowContent& content, Bounds bounds, Pane pane, bool again,
                        Position where, Output& out) {
  const Value values[] = {time_value(bounds.start), time_value(bounds.end),
                          text_value(name_of(pane))};
  ClosedOutput output(out, slots_, values, where);
  content.emit(output, out.effects, again);
  empty_in_a_row_ = 0;
}

void TimedWindows::close(Bounds bounds, Position where, Output& out) {
  if (plan_.fills) empty_ = plan_.windows->after(bounds);
  if (watermark_ != Watermark::none) pass_watermark(where, bounds.end - 1, out);
}

void TimedWindows::emit_empty(Position where, Output& out) {
  // Few are said to be held up; a gap may have millions.
  constexpr std::uint64_t few = 1000;
  const std::uint64_t in_a_row = empty_in_a_row_ + 1;
  if (in_a_row > few) StopRequest::check_age();
  const Bounds bounds = *empty_;
  WindowContent nothing(contents_);
  emit(nothing, bounds, Pane::on_time, false, where, out);
  empty_in_a_row_ = in_a_row;
  close(bounds, where, out);
}

}  // namespace riffle
