// Text looked through eight bytes at a time (Mycroft's test: A. Mycroft, comp.arch 1987; "Bit
// Twiddling Hacks").
#pragma once

#include <cstdint>
#include <cstring>

namespace riffle {

constexpr std::uint64_t each_byte = 0x0101010101010101, top_bits = each_byte << 7;

inline std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Not 0: some byte of the word is `c`.
inline std::uint64_t bytes_equal(std::uint64_t word, char c) {
  const std::uint64_t difference = word ^ (each_byte * static_cast<unsigned char>(c));
  return (difference - each_byte) & ~difference & top_bits;
}

// Not 0: some byte of the word is less than `limit`, at most 128.
inline std::uint64_t bytes_below(std::uint64_t word, unsigned char limit) {
  return (word - each_byte * limit) & ~word & top_bits;
}

// The first byte at or after `at` that a JSON string cannot hold as it is, or `end`: a quote,
// backslash or control.
inline const char* skip_plain_text(const char* at, const char* end) {
  while (end - at >= 8) {
    const std::uint64_t word = word_at(at);
    if (bytes_equal(word, '"') | bytes_equal(word, '\\') | bytes_below(word, 0x20)) break;
    at += 8;
  }
  while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) at++;
  return at;
}

}  // namespace riffle
