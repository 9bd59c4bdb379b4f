// What is asked of inputs of which more may come as time passes.
#pragma once

#include <chrono>
#include <optional>

namespace riffle {

struct LiveInputs {
  bool follow = false;  // files as they grow
  // An input is idle after such a time without data.
  std::optional<std::chrono::nanoseconds> idle;
  // What follows wants to know how the clock goes on while nothing comes.
  bool ticks = false;
};

}  // namespace riffle
