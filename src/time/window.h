// Windows: which windows a moment falls in. Pure; shared by threads.
//
// A window is [start, end). Windows of a fixed length are aligned to 1970-01-01T00:00:00Z, weeks to
// a Monday. Days and weeks in a zone follow its calendar, and so may have 23 or 25 hours; months
// and years always do. What a length is depends on its value, not on its spelling: 24h is a day, 7d
// a week.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "time/zone.h"

namespace riffle {

struct Bounds {
  std::int64_t start = 0, end = 0;

  bool operator==(const Bounds&) const = default;
};

// A length of time as people mean it.
struct Span {
  enum class Unit { nanosecond, day, week, month };
  Unit unit = Unit::nanosecond;
  std::int64_t count = 0;

  bool operator==(const Span&) const = default;
};

// A duration in the largest unit that it is a whole number of: 7d is one week, 36h is 36
// hours, in nanoseconds.
Span span_of(std::int64_t nanoseconds);
// "30s", "1d", "2w", "1mo", "1y" (twelve months). Nothing: it is no length of time.
std::optional<Span> parse_window_size(std::string_view text);

class Windows {
 public:
  // A record is in this many sliding windows at most.
  static constexpr std::int64_t most_at_once = 1000000;

  // One second.
  Windows();
  // Windows of `size`, one beginning each `every` (the same: tumbling), all moved by `offset`
  // nanoseconds (of local time, where they follow a calendar). Throws std::invalid_argument, with
  // the reason: a length of zero or less, |offset| not less than `every`, `every` longer than
  // `size`, months that move by days or the other way round.
  Windows(Span size, Span every, std::int64_t offset, const Zone& zone);
  // Windows that begin together, at each `size`, and end one after each `every` until the next ones
  // begin (the last of them there, even where `every` does not fit). Throws std::invalid_argument,
  // with the reason.
  static Windows cumulating(Span size, Span every, std::int64_t offset, const Zone& zone);

  // Appends the windows that hold `time`, oldest first. None when one of them leaves the range of
  // times.
  void assign(std::int64_t time, std::vector<Bounds>& windows) const;
  // Whether they follow a calendar, and with it the time zone: days, weeks, months and years.
  bool follow_calendar() const { return calendar_ != Calendar::none; }
  // Whether a time is in one window only.
  bool are_tumbling() const { return size_ == every_ && step_ == 0 && !steps_; }
  // The latest of them alone. Not of cumulating windows.
  std::optional<Bounds> last(std::int64_t time) const;
  // The longest span around `time` whose moments are all in the same windows: results of such
  // slices, put together, are those of the windows (Li et al., "No Pane, No Gain", SIGMOD Record
  // 34(1), 2005). None where `time` is in no window.
  std::optional<Bounds> slice(std::int64_t time) const;
  // The window that ends next after one of these, if it is one of times.
  std::optional<Bounds> after(Bounds window) const;

 private:
  enum class Calendar { none, days, months };
  // Where a window starts, in days or months after 1970, and when; and when the next one does, if
  // that is a time.
  struct Start {
    std::int64_t position = 0;
    std::optional<std::int64_t> moment, next;
  };

  bool are_cumulating() const { return step_ > 0 || steps_; }
  void assign_cumulating(std::int64_t time, std::vector<Bounds>& windows) const;
  std::optional<Bounds> step_at(Bounds whole, std::int64_t time) const;
  std::optional<Bounds> after_by_calendar(Bounds window) const;
  std::optional<Bounds> last_fixed(std::int64_t time) const;
  std::optional<Start> start_before(std::int64_t time) const;
  std::optional<Bounds> bounds_at(std::int64_t position) const;
  std::optional<std::int64_t> moment_at(std::int64_t position) const;

  Calendar calendar_ = Calendar::none;
  std::int64_t size_, every_;  // nanoseconds; days or months by a calendar
  std::int64_t phase_ = 0;     // where a window starts, in the same unit after 1970: 0 to every_
  std::int64_t offset_ = 0;    // nanoseconds that a calendar's windows are moved by
  Zone zone_;
  // Of cumulating windows, from one end to the next: nanoseconds, or what a calendar says.
  std::int64_t step_ = 0;
  std::shared_ptr<const Windows> steps_;
};

}  // namespace riffle
