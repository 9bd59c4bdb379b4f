// Numbers as if at random, the same ones for the same seed.
#pragma once

#include <cstdint>

namespace riffle {

// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  // What it has come to: Random(state()) goes on in the same way.
  std::uint64_t state() const { return state_; }

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // From 0 to 1, without 1.
  double part() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  // Less than `end`.
  std::uint64_t below(std::uint64_t end) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * end) >> 64);
  }

 private:
  std::uint64_t state_;
};

// The seed of part `index` of what has a seed: as if it had been chosen by itself.
inline std::uint64_t seed_of_part(std::uint64_t seed, std::uint64_t index) {
  return Random(Random(seed).next() + index).next();
}

}  // namespace riffle
