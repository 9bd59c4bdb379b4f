// What is asked of inputs of which more may come as time passes.
#pragma once

#include <chrono>
#include <optional>

namespace riffle {

struct LiveInputs {
  bool follow = false;                           // files as they grow
  std::optional<std::chrono::nanoseconds> idle;  // after such a time of silence an input steps aside
};

}  // namespace riffle
