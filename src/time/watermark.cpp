#include "time/watermark.h"

#include <algorithm>
#include <utility>

namespace riffle {

WatermarkTracker::WatermarkTracker(Streams streams, std::int64_t delay)
    : streams_(std::move(streams)), inputs_(streams_.count()), delay_(delay) {}

void WatermarkTracker::begin(std::size_t input) {
  if (streams_.turns[input] <= turn_) return;
  turn_ = streams_.turns[input];
  for (std::size_t i = 0; i < inputs_.size(); i++) inputs_[i].has_ended |= streams_.turns[i] < turn_;
  update();
}

void WatermarkTracker::advance(std::size_t input, std::int64_t time) {
  Input& from = inputs_[input];
  const bool was_aside = from.is_aside;
  from.is_aside = false;
  from.greatest = std::max(from.greatest, time);
  std::int64_t reached = none;
  if (__builtin_sub_overflow(time, delay_, &reached) || (reached <= from.reached && !was_aside)) return;
  from.reached = std::max(from.reached, reached);
  update();
}

void WatermarkTracker::end(std::size_t input) {
  inputs_[input].has_ended = true;
  update();
}

void WatermarkTracker::step_aside(std::size_t input) {
  inputs_[input].is_aside = true;
  update();
}

void WatermarkTracker::update() {
  std::int64_t least = INT64_MAX, greatest = none;
  bool any_counts = false, any_is_aside = false;
  for (const Input& input : inputs_) {
    greatest = std::max(greatest, input.greatest);
    if (input.has_ended) continue;
    any_is_aside |= input.is_aside;
    if (input.is_aside) continue;
    any_counts = true;
    least = std::min(least, input.reached);
  }
  if (any_counts) watermark_ = std::max(watermark_, least);
  else if (any_is_aside) watermark_ = std::max(watermark_, greatest);
}

}  // namespace riffle
