// Watermark of inputs that are read one after the other, as named: the least, over the inputs that still count, of the
// greatest event time that each has brought minus the delay (Flink SQL's rule).
#pragma once

#include <cstdint>
#include <vector>

namespace riffle {

class WatermarkTracker {
 public:
  // Before anything is known: no window closes.
  static constexpr std::int64_t none = INT64_MIN;

  WatermarkTracker(std::size_t inputs, std::int64_t delay);

  // Input `input` is the one that brings records from now on: those named before it have ended.
  void begin(std::size_t input);
  // It brought a record of this time.
  void advance(std::size_t input, std::int64_t time);

  // An input not yet begun, or without a record so far, holds it at `none`; it never goes back. After the end of all
  // inputs everything closes anyway: that is the caller's to know.
  std::int64_t watermark() const { return watermark_; }

 private:
  void update();

  std::vector<std::int64_t> reached_;  // by input: greatest time minus delay
  std::size_t current_ = 0;
  std::int64_t delay_;
  std::int64_t watermark_ = none;
};

}  // namespace riffle
