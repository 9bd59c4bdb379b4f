#include "text/text_map.h"

#include <xxhash.h>

#include <random>

namespace riffle {
namespace {

std::uint64_t drawn_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::uint64_t& seed() {
  static std::uint64_t seed = drawn_seed();
  return seed;
}

}  // namespace

std::uint64_t text_hash(std::string_view text) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed());
}

std::uint64_t text_hash_seed() { return seed(); }

void set_text_hash_seed(std::uint64_t seed) {
  if (seed != text_hash_seed()) riffle::seed() = seed;
}

}  // namespace riffle
