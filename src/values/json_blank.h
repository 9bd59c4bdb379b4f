// The four blanks that JSON (RFC 8259) allows between tokens.
#pragma once

#include <cstdint>

namespace riffle {

inline bool is_json_blank(char c) {
  constexpr std::uint64_t blanks = 1ULL << ' ' | 1ULL << '\n' | 1ULL << '\r' | 1ULL << '\t';
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' && (blanks >> byte & 1) != 0;
}

// The first byte at or after `at` that is no blank, or `end`.
inline const char* skip_json_blanks(const char* at, const char* end) {
  while (at < end && is_json_blank(*at)) at++;
  return at;
}

// One past the last byte before `end` that is no blank; there is one.
inline const char* skip_json_blanks_back(const char* end) {
  while (is_json_blank(end[-1])) [[unlikely]] end--;
  return end;
}

}  // namespace riffle
