#include "time/window.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

#include "time/text.h"

namespace riffle {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1000000000;
constexpr std::int64_t nanoseconds_in_day = 86400 * nanoseconds_in_second;
// 1969-12-29, in days after 1970-01-01.
constexpr std::int64_t monday = -3;
// The range of times has fewer.
constexpr std::int64_t most_days = 2 * 106752, most_months = 12 * 600;

std::int64_t floor_modulo(std::int64_t a, std::int64_t b) {
  const std::int64_t rest = a % b;
  return rest < 0 ? rest + b : rest;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

[[noreturn]] void refuse(const std::string& reason) { throw std::invalid_argument(reason); }

bool is_days(Span span) { return span.unit == Span::Unit::day || span.unit == Span::Unit::week; }

std::int64_t in_days(Span span) {
  const std::int64_t factor = span.unit == Span::Unit::week ? 7 : 1;
  if (span.count > most_days / factor) refuse("the length is more than the whole range of times");
  return span.count * factor;
}

std::int64_t in_nanoseconds(Span span) {
  if (!is_days(span)) return span.count;
  std::int64_t length = 0;
  if (__builtin_mul_overflow(in_days(span), nanoseconds_in_day, &length))
    refuse("the length is more than the whole range of times");
  return length;
}

std::int64_t in_months(Span span) {
  if (span.count > most_months) refuse("the length is more than the whole range of times");
  return span.count;
}

}  // namespace

Span span_of(std::int64_t nanoseconds) {
  if (nanoseconds <= 0 || nanoseconds % nanoseconds_in_day != 0)
    return {Span::Unit::nanosecond, nanoseconds};
  const std::int64_t days = nanoseconds / nanoseconds_in_day;
  return days % 7 == 0 ? Span{Span::Unit::week, days / 7} : Span{Span::Unit::day, days};
}

std::optional<Span> parse_window_size(std::string_view text) {
  if (const auto duration = parse_duration(text)) return span_of(*duration);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view unit = text.substr(digits);
  std::int64_t count = 0;
  if (std::from_chars(text.data(), text.data() + digits, count).ec != std::errc())
    return std::nullopt;
  if (unit == "mo") return Span{Span::Unit::month, count};
  if (unit == "y" && count <= INT64_MAX / 12) return Span{Span::Unit::month, count * 12};
  return std::nullopt;
}

Windows::Windows() : size_(nanoseconds_in_second), every_(nanoseconds_in_second) {}

Windows::Windows(Span size, Span every, std::int64_t offset, const Zone& zone)
    : offset_(offset), zone_(zone) {
  if (size.count <= 0) refuse("the size of a window must be more than zero");
  if (every.count <= 0) refuse("the time from one window to the next must be more than zero");
  const bool by_months = size.unit == Span::Unit::month;
  if (by_months != (every.unit == Span::Unit::month))
    refuse("windows of months or years move by months or years, others do not");
  std::int64_t shortest = 0;  // from one window to the next
  if (by_months) {
    calendar_ = Calendar::months;
    size_ = in_months(size), every_ = in_months(every);
    shortest = (every_ % 12 == 0 ? every_ / 12 * 365 : every_ * 28) * nanoseconds_in_day;
  } else if (!zone.is_utc() && is_days(size) && is_days(every)) {
    calendar_ = Calendar::days;
    size_ = in_days(size), every_ = in_days(every);
    if (every_ > greatest_time / nanoseconds_in_day)
      refuse("the length is more than the whole range of times");
    shortest = every_ * nanoseconds_in_day;
  } else {
    size_ = in_nanoseconds(size), shortest = every_ = in_nanoseconds(every);
  }
  if (every_ > size_)
    refuse(
        "the time from one window to the next is longer than a window: records between them would "
        "be lost");
  if (size_ / every_ > most_at_once) refuse("a record would be in more than 1,000,000 windows");
  if (offset <= -shortest || offset >= shortest)
    refuse("the offset must be less than the time from one window to the next");
  std::int64_t first = 0;
  if (every.unit == Span::Unit::week)
    first = calendar_ == Calendar::none ? monday * nanoseconds_in_day : monday;
  phase_ = floor_modulo(first, every_);
  if (calendar_ == Calendar::none)
    phase_ = floor_modulo(phase_ - every_ + floor_modulo(offset, every_), every_);
}

Windows Windows::cumulating(Span size, Span every, std::int64_t offset, const Zone& zone) {
  Windows windows(size, size, offset, zone);
  if (every.count <= 0) refuse("the time from one end to the next must be more than zero");
  const bool by_months = every.unit == Span::Unit::month,
             by_days = is_days(every) && (!zone.is_utc() || size.unit == Span::Unit::month);
  if (by_months && size.unit != Span::Unit::month)
    refuse("the time from one end to the next is longer than a window");
  const bool is_whole = by_months ? size.count % every.count == 0
                        : size.unit == Span::Unit::month
                            ? !by_days || in_days(every) == 1
                            : in_nanoseconds(size) % in_nanoseconds(every) == 0;
  if (!is_whole)
    refuse("windows that cumulate end after each part of the whole: --every must divide the size");
  if (by_months || by_days)
    windows.steps_ = std::make_shared<const Windows>(every, every, offset, zone);
  else
    windows.step_ = in_nanoseconds(every);
  const std::int64_t longest = size.unit == Span::Unit::month
                                   ? in_months(size) * 31 * nanoseconds_in_day
                                   : in_nanoseconds(size);
  if (windows.step_ > 0 && longest / windows.step_ > most_at_once)
    refuse("a record would be in more than 1,000,000 windows");
  return windows;
}

void Windows::assign_cumulating(std::int64_t time, std::vector<Bounds>& windows) const {
  const auto whole = last(time);
  if (!whole) return;
  for (std::int64_t end = time; end < whole->end;) {
    const auto step = step_at(*whole, end);
    if (!step) return;
    windows.push_back({whole->start, end = step->end});
  }
}

// Cumulating windows that make up `whole` end one after each step of it: the step that holds
// `time`.
std::optional<Bounds> Windows::step_at(Bounds whole, std::int64_t time) const {
  std::optional<Bounds> step;
  if (steps_) {
    step = steps_->last(time);
  } else {
    step = {time - (time - whole.start) % step_, 0};
    if (__builtin_add_overflow(step->start, step_, &step->end)) step->end = whole.end;
  }
  return step ? std::optional(
                    Bounds{std::max(step->start, whole.start), std::min(step->end, whole.end)})
              : step;
}

void Windows::assign(std::int64_t time, std::vector<Bounds>& windows) const {
  if (are_cumulating()) return assign_cumulating(time, windows);
  if (calendar_ == Calendar::none) {
    const auto newest = last_fixed(time);
    if (!newest) return;
    const std::int64_t older = (newest->end - 1 - time) / every_;
    std::int64_t oldest = 0;
    if (__builtin_sub_overflow(newest->start, older * every_, &oldest) || oldest < least_time)
      return;
    for (std::int64_t i = 0; i <= older; i++)
      windows.push_back({oldest + i * every_, oldest + i * every_ + size_});
    return;
  }
  if (size_ == every_) {
    if (const auto only = last(time)) windows.push_back(*only);
    return;
  }
  const std::size_t before = windows.size();
  const auto newest = start_before(time);
  if (!newest) return;
  std::int64_t position = newest->position;
  auto window = bounds_at(position);
  for (; window && window->end > time; window = bounds_at(position)) {
    windows.push_back(*window);
    position -= every_;
  }
  if (!window) windows.resize(before);
  std::reverse(windows.begin() + static_cast<std::ptrdiff_t>(before), windows.end());
}

std::optional<Bounds> Windows::last(std::int64_t time) const {
  if (calendar_ == Calendar::none) return last_fixed(time);
  const auto start = start_before(time);
  if (!start) return std::nullopt;
  if (size_ != every_) return bounds_at(start->position);
  return start->next ? std::optional(Bounds{*start->moment, *start->next}) : std::nullopt;
}

std::optional<Bounds> Windows::slice(std::int64_t time) const {
  const auto newest = last(time);
  if (!newest) return std::nullopt;
  if (are_cumulating()) return step_at(*newest, time);
  std::int64_t older_end = 0, next = 0;  // where an older window ends before the next one starts
  if (calendar_ == Calendar::none) {
    older_end = newest->start + size_ % every_;
    if (__builtin_add_overflow(newest->start, every_, &next)) return std::nullopt;
  } else {
    const auto start = start_before(time);
    if (!start || !start->next) return std::nullopt;
    next = *start->next;
    older_end = moment_at(start->position + size_ % every_).value_or(newest->start);
  }
  return time < older_end ? Bounds{newest->start, older_end} : Bounds{older_end, next};
}

std::optional<Bounds> Windows::after(Bounds window) const {
  if (are_cumulating()) {
    auto whole = last(window.start);
    if (whole && window.end >= whole->end) whole = last(window.end);
    const auto step = whole ? step_at(*whole, std::max(whole->start, window.end)) : whole;
    return step ? std::optional(Bounds{whole->start, step->end}) : step;
  }
  if (calendar_ != Calendar::none) return after_by_calendar(window);
  Bounds next;
  if (__builtin_add_overflow(window.start, every_, &next.start) ||
      __builtin_add_overflow(next.start, size_, &next.end))
    return std::nullopt;
  return next;
}

// Where a zone skipped a day, a window has no length, and two may begin together.
std::optional<Bounds> Windows::after_by_calendar(Bounds window) const {
  const auto start = start_before(window.start);
  if (!start) return std::nullopt;
  std::int64_t position = start->position;
  for (auto same = bounds_at(position); same && same->end > window.end; same = bounds_at(position))
    position -= every_;
  std::optional<Bounds> next;
  do next = bounds_at(position += every_);
  while (next && (next->end <= window.end || next->start == next->end));
  return next;
}

std::optional<Bounds> Windows::last_fixed(std::int64_t time) const {
  std::int64_t into = floor_modulo(time, every_) - phase_;
  if (into < 0) into += every_;
  Bounds window;
  if (__builtin_sub_overflow(time, into, &window.start) || window.start < least_time)
    return std::nullopt;
  if (__builtin_add_overflow(window.start, size_, &window.end)) return std::nullopt;
  return window;
}

// The last window that begins at `time` or before.
std::optional<Windows::Start> Windows::start_before(std::int64_t time) const {
  const Civil local = zone_.civil(time);
  const std::int64_t here = calendar_ == Calendar::days
                                ? days_from_civil(local.year, local.month, local.day)
                                : (local.year - 1970) * 12 + local.month - 1;
  Start start;
  start.position = here - floor_modulo(here - phase_, every_);
  // The offset, or a clock that was put back over midnight, may move the bounds past `time` either
  // way. A bound that is no time any more lies before or after all times.
  while ((start.next = moment_at(start.position + every_)) && *start.next <= time)
    start.position += every_;
  while (!(start.moment = moment_at(start.position)) || *start.moment > time) {
    if (!start.moment && start.position < 0) return std::nullopt;
    start.next = start.moment;
    start.position -= every_;
  }
  return start;
}

std::optional<Bounds> Windows::bounds_at(std::int64_t position) const {
  const auto start = moment_at(position), end = moment_at(position + size_);
  if (!start || !end) return std::nullopt;
  return Bounds{*start, *end};
}

std::optional<std::int64_t> Windows::moment_at(std::int64_t position) const {
  const std::int64_t offset_days = floor_divide(offset_, nanoseconds_in_day);
  const std::int64_t of_day = offset_ - offset_days * nanoseconds_in_day;
  Civil local;
  std::int64_t day = 1 + offset_days;
  if (calendar_ == Calendar::days) {
    day += position;
  } else {
    local.year = 1970 + floor_divide(position, 12);
    local.month = static_cast<int>(floor_modulo(position, 12)) + 1;
  }
  local.day = static_cast<int>(day);
  local.second = static_cast<int>(of_day / nanoseconds_in_second);
  local.nanosecond = static_cast<int>(of_day % nanoseconds_in_second);
  return zone_.moment(local);
}

}  // namespace riffle
