#include "connectors/byte_source.h"

#include <algorithm>
#include <vector>

namespace riffle {

bool ByteSource::skip(std::uint64_t count) {
  constexpr std::uint64_t piece = 128 * 1024;
  std::vector<char> passed(std::min(count, piece));
  while (count > 0) {
    const std::size_t n = read(passed.data(), std::min<std::uint64_t>(count, passed.size()));
    if (n == 0) return false;
    count -= n;
  }
  return true;
}

}  // namespace riffle
