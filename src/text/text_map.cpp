#include "text/text_map.h"

#include <xxhash.h>

#include <random>

namespace riffle {
namespace {

std::uint64_t drawn_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

std::uint64_t text_hash(std::string_view text) {
  static const std::uint64_t seed = drawn_seed();
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

}  // namespace riffle
