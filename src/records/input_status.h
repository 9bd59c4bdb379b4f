// InputStatus: what became of an input.
#pragma once

#include <cstdint>

namespace riffle {

enum class InputStatus : std::uint8_t {
  active,
  ended,
  idle,       // silent: it does not hold back the watermark until it brings something again
  truncated,  // its file was truncated in place, and is read from its beginning
};

}  // namespace riffle
