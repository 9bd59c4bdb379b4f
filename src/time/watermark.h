// The watermark of several inputs: the least, over those that still count, of the greatest event
// time that each has brought minus the delay (Flink SQL's rule). Inputs are read one after the
// other, or some of them together.
#pragma once

#include <cstdint>
#include <vector>

#include "values/saved_state.h"

namespace riffle {

// The inputs of a run, as its event time sees them.
struct Streams {
  // When each is read: those with the same turn together, lesser ones before.
  std::vector<std::uint32_t> turns = {0};
  // One stream that was cut in pieces: what any has brought counts for all.
  bool is_single_stream = false;

  std::size_t count() const { return turns.size(); }
};

class WatermarkTracker {
 public:
  // Before anything is known: no window closes.
  static constexpr std::int64_t none = INT64_MIN;

  WatermarkTracker(Streams streams, std::int64_t delay);

  // Input `input` brings records now: those with earlier turns have ended.
  void begin(std::size_t input);
  // It brought a record of this time.
  void advance(std::size_t input, std::int64_t time);
  // It brings no more. (Of one that is read alone the next one's begin() says so.)
  void end(std::size_t input);
  // It is silent, and holds nothing back until it brings a record again. Where all that could bring
  // something are silent, event time is the greatest that there has been: nothing earlier is waited
  // for.
  void set_idle(std::size_t input);

  // All that could bring something are silent.
  bool are_all_idle() const;
  // As long as they are, event time is so far: none has brought it, but the clock has gone on.
  void go_on(std::int64_t time);
  std::int64_t greatest() const { return greatest_; }

  // An input not yet begun, or without a record so far, holds it at `none`; it never goes back.
  // After the end of all inputs everything closes anyway: that is the caller's to know.
  std::int64_t watermark() const { return watermark_; }

  void save(StateWriter& to) const;
  // REQUIRES: it was made for as many inputs.
  void load(StateReader& from);

 private:
  struct Input {
    std::int64_t reached = none;  // event time minus the delay
    bool is_idle = false;
  };
  bool have_all_begun() const { return turn_ == last_turn_ || streams_.is_single_stream; }
  void update();

  Streams streams_;
  std::vector<Input> inputs_;
  std::vector<std::size_t> going_on_;  // those that have not ended
  std::uint32_t turn_ = 0, last_turn_;
  std::int64_t delay_;
  std::int64_t greatest_ = none;  // event time
  std::int64_t least_ = none;     // that an input which counts has reached
  std::int64_t watermark_ = none;
};

}  // namespace riffle
