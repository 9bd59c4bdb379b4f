#include "time/watermark.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace riffle {

WatermarkTracker::WatermarkTracker(Streams streams, std::int64_t delay)
    : streams_(std::move(streams)),
      inputs_(streams_.count()),
      going_on_(streams_.count()),
      last_turn_(*std::max_element(streams_.turns.begin(), streams_.turns.end())),
      delay_(delay) {
  std::iota(going_on_.begin(), going_on_.end(), 0);
}

void WatermarkTracker::save(StateWriter& to) const {
  to.count(inputs_.size());
  for (const Input& input : inputs_) {
    to.number(input.reached);
    to.number(input.is_idle);
  }
  to.count(going_on_.size());
  for (const std::size_t input : going_on_) to.count(input);
  to.number(turn_);
  to.number(greatest_);
  to.number(least_);
  to.number(watermark_);
}

void WatermarkTracker::load(StateReader& from) {
  if (from.count(sizeof(std::int64_t)) != inputs_.size())
    throw failure("the saved state is of another number of inputs");
  for (Input& input : inputs_) {
    input.reached = from.number<std::int64_t>();
    input.is_idle = from.number<bool>();
  }
  going_on_.clear();
  for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--) {
    going_on_.push_back(from.number<std::uint64_t>());
    if (going_on_.back() >= inputs_.size()) throw StateReader::damaged();
  }
  turn_ = from.number<std::uint32_t>();
  greatest_ = from.number<std::int64_t>();
  least_ = from.number<std::int64_t>();
  watermark_ = from.number<std::int64_t>();
}

void WatermarkTracker::begin(std::size_t input) {
  if (streams_.turns[input] <= turn_) return;
  turn_ = streams_.turns[input];
  going_on_.erase(std::remove_if(going_on_.begin(), going_on_.end(),
                                 [&](std::size_t other) { return streams_.turns[other] < turn_; }),
                  going_on_.end());
  update();
}

void WatermarkTracker::advance(std::size_t input, std::int64_t time) {
  greatest_ = std::max(greatest_, time);
  Input& from = inputs_[streams_.is_single_stream ? 0 : input];
  const bool was_idle = std::exchange(inputs_[input].is_idle, false);
  std::int64_t reached = none;
  if (__builtin_sub_overflow(time, delay_, &reached) || (reached <= from.reached && !was_idle))
    return;
  const bool was_least = was_idle || from.reached <= least_;
  from.reached = std::max(from.reached, reached);
  if (streams_.is_single_stream || inputs_.size() == 1)
    watermark_ = std::max(watermark_, least_ = from.reached);
  else if (was_least)
    update();  // of many inputs few are the last
}

void WatermarkTracker::end(std::size_t input) {
  going_on_.erase(std::remove(going_on_.begin(), going_on_.end(), input), going_on_.end());
  update();
}

void WatermarkTracker::set_idle(std::size_t input) {
  inputs_[input].is_idle = true;
  update();
}

bool WatermarkTracker::are_all_idle() const {
  return !going_on_.empty() && have_all_begun() &&
         std::all_of(going_on_.begin(), going_on_.end(),
                     [&](std::size_t input) { return inputs_[input].is_idle; });
}

void WatermarkTracker::go_on(std::int64_t time) {
  std::int64_t reached = none;
  if (!__builtin_sub_overflow(time, delay_, &reached)) watermark_ = std::max(watermark_, reached);
}

void WatermarkTracker::update() {
  // One that has not begun has reached nothing.
  if (going_on_.empty() || !have_all_begun()) return;
  if (are_all_idle()) {
    watermark_ = std::max(watermark_, greatest_);
    return;
  }
  std::int64_t least = INT64_MAX;
  for (const std::size_t input : going_on_)
    if (!inputs_[input].is_idle)
      least = std::min(least, inputs_[streams_.is_single_stream ? 0 : input].reached);
  watermark_ = std::max(watermark_, least_ = least);
}

}  // namespace riffle
