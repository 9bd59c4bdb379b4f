#include "formats/lines/lines.h"

#include <algorithm>
#include <cstdint>

namespace riffle {

// Counted in bytes, so that compilers make it some instructions per 64 bytes; a byte holds 255
// rounds.
std::size_t count_line_ends(std::string_view text) {
  constexpr std::size_t width = 64;
  const char* at = text.data();
  const char* const end = at + text.size();
  std::size_t count = 0;
  while (static_cast<std::size_t>(end - at) >= width) {
    std::uint8_t counts[width] = {};
    std::size_t rounds = std::min<std::size_t>(static_cast<std::size_t>(end - at) / width, 255);
    for (; rounds > 0; rounds--, at += width)
      for (std::size_t i = 0; i < width; i++)
        counts[i] = static_cast<std::uint8_t>(counts[i] + (at[i] == '\n'));
    for (const std::uint8_t lane : counts) count += lane;
  }
  return count + static_cast<std::size_t>(std::count(at, end, '\n'));
}

}  // namespace riffle
