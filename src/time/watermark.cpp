#include "time/watermark.h"

#include <algorithm>

namespace riffle {

WatermarkTracker::WatermarkTracker(std::size_t inputs, std::int64_t delay) : reached_(inputs, none), delay_(delay) {}

void WatermarkTracker::begin(std::size_t input) {
  if (input <= current_) return;
  current_ = input;
  update();
}

void WatermarkTracker::advance(std::size_t input, std::int64_t time) {
  std::int64_t reached = none;
  if (__builtin_sub_overflow(time, delay_, &reached) || reached <= reached_[input]) return;
  reached_[input] = reached;
  update();
}

void WatermarkTracker::update() {
  const auto least = std::min_element(reached_.begin() + static_cast<std::ptrdiff_t>(current_), reached_.end());
  if (least != reached_.end()) watermark_ = std::max(watermark_, *least);
}

}  // namespace riffle
