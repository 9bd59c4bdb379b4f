#include "records/event_progress.h"

#include <algorithm>

namespace riffle {
namespace {

std::span<const WindowEvent> picked_events(std::span<const WindowEvent> from,
                                           std::span<const Row> rows, Memory& memory) {
  std::span<WindowEvent> events = memory.copy(from);
  for (WindowEvent& event : events)
    event.before =
        static_cast<Row>(std::lower_bound(rows.begin(), rows.end(), event.before) - rows.begin());
  return events;
}

// `last`: after the row before; it becomes that after the last one.
const std::int64_t* picked_watermarks(const std::int64_t* from, std::span<const Row> rows,
                                      std::optional<Row> following, std::int64_t& last,
                                      Memory& memory) {
  if (!from) return nullptr;
  std::int64_t* const to = memory.allocate<std::int64_t>(rows.size());
  for (std::size_t i = 0; i < rows.size(); i++) {
    const std::optional<Row> next = i + 1 < rows.size() ? rows[i + 1] : following;
    if (next != rows[i]) last = from[rows[i]];
    to[i] = last;
  }
  return to;
}

}  // namespace

EventProgress EventProgress::picked(std::span<const Row> rows, Memory& memory) const {
  Pieces one;
  return picked(rows, std::nullopt, one, memory);
}

EventProgress EventProgress::picked(std::span<const Row> rows, std::optional<Row> following,
                                    Pieces& pieces, Memory& memory) const {
  EventProgress result = *this;
  result.watermark.rows = picked_watermarks(watermark.rows, rows, following, pieces.last, memory);
  std::span<const WindowEvent> events = window_events.subspan(pieces.events);
  if (following) {
    result.watermark.after = result.watermark.rows ? pieces.last : Watermark::none;
    result.input = InputStatus::active;
    events = events.first(static_cast<std::size_t>(
        std::find_if(events.begin(), events.end(),
                     [&](const WindowEvent& event) { return event.before > rows.back(); }) -
        events.begin()));
    pieces.events += events.size();
  }
  result.window_events = picked_events(events, rows, memory);
  return result;
}

EventProgress EventProgress::without_rows() const {
  EventProgress result = *this;
  result.watermark.rows = nullptr;
  result.window_events = {};
  return result;
}

void EventProgress::cut_off(Position end, const Origin& origin, Row size, Memory& memory) {
  window_events = window_events.first(static_cast<std::size_t>(
      std::find_if(window_events.begin(), window_events.end(),
                   [&](const WindowEvent& event) { return origin.before(event.before) >= end; }) -
      window_events.begin()));
  if (watermark.after == Watermark::none) return;
  if (!watermark.rows) {
    if (origin.where >= end) watermark = {};
    return;
  }
  Row left = 0;
  while (left < size && origin.of(left) < end) left++;
  if (left == size) return;
  std::int64_t* const watermarks = memory.allocate<std::int64_t>(size);
  std::copy_n(watermark.rows, left, watermarks);
  const std::int64_t last = left == 0 ? Watermark::none : watermarks[left - 1];
  std::fill(watermarks + left, watermarks + size, last);
  watermark = {watermarks, last};
}

}  // namespace riffle
