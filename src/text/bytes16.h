// Sixteen bytes at a time, with what every processor of its kind has: SSE2 on x86-64, NEON on
// AArch64, loops elsewhere.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace riffle {

class Bytes16 {
#if defined(__SSE2__)
  using Register = __m128i;
#elif defined(__aarch64__)
  using Register = uint8x16_t;
#else
  struct Register {
    unsigned char at[16];
  };
#endif

 public:
  static constexpr std::size_t size = 16;
  using Bits = std::uint32_t;  // bit i: byte i

  // Which bytes answer a question; several are put together before they become bits, which is what
  // takes time.
  class Found {
   public:
    operator Bits() const;
    Found operator|(Found other) const;

   private:
    friend Bytes16;
    Found(Register mask) : mask_(mask) {}

    Register mask_;
  };

  static Bytes16 load(const char* at);
  void store(char* to) const;
  // Which bytes are `c`.
  Found equal(char c) const;
  // Which bytes are those of `other`.
  Found equal(Bytes16 other) const;
  // Which bytes, as unsigned numbers, are `most` or less.
  Found at_most(unsigned char most) const;
  // Each byte less `c`, modulo 256.
  Bytes16 minus(char c) const;

 private:
  Bytes16(Register bytes) : bytes_(bytes) {}

  Register bytes_;
};

#if defined(__SSE2__)

inline Bytes16::Found::operator Bits() const { return static_cast<Bits>(_mm_movemask_epi8(mask_)); }
inline Bytes16::Found Bytes16::Found::operator|(Found other) const {
  return _mm_or_si128(mask_, other.mask_);
}
inline Bytes16 Bytes16::load(const char* at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
}
inline void Bytes16::store(char* to) const {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_);
}
inline Bytes16::Found Bytes16::equal(char c) const {
  return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c));
}
inline Bytes16::Found Bytes16::equal(Bytes16 other) const {
  return _mm_cmpeq_epi8(bytes_, other.bytes_);
}
inline Bytes16::Found Bytes16::at_most(unsigned char most) const {
  return _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(static_cast<char>(most))), bytes_);
}
inline Bytes16 Bytes16::minus(char c) const { return _mm_sub_epi8(bytes_, _mm_set1_epi8(c)); }

#elif defined(__aarch64__)

inline Bytes16::Found::operator Bits() const {
  constexpr std::uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t weighed = vandq_u8(mask_, vld1q_u8(weights));
  return Bits{vaddv_u8(vget_low_u8(weighed))} | Bits{vaddv_u8(vget_high_u8(weighed))} << 8;
}
inline Bytes16::Found Bytes16::Found::operator|(Found other) const {
  return vorrq_u8(mask_, other.mask_);
}
inline Bytes16 Bytes16::load(const char* at) {
  return vld1q_u8(reinterpret_cast<const std::uint8_t*>(at));
}
inline void Bytes16::store(char* to) const {
  vst1q_u8(reinterpret_cast<std::uint8_t*>(to), bytes_);
}
inline Bytes16::Found Bytes16::equal(char c) const {
  return vceqq_u8(bytes_, vdupq_n_u8(static_cast<std::uint8_t>(c)));
}
inline Bytes16::Found Bytes16::equal(Bytes16 other) const { return vceqq_u8(bytes_, other.bytes_); }
inline Bytes16::Found Bytes16::at_most(unsigned char most) const {
  return vcleq_u8(bytes_, vdupq_n_u8(most));
}
inline Bytes16 Bytes16::minus(char c) const {
  return vsubq_u8(bytes_, vdupq_n_u8(static_cast<std::uint8_t>(c)));
}

#else

inline Bytes16::Found::operator Bits() const {
  Bits found = 0;
  for (std::size_t i = 0; i < size; i++) found |= Bits{mask_.at[i]} << i;
  return found;
}
inline Bytes16::Found Bytes16::Found::operator|(Found other) const {
  for (std::size_t i = 0; i < size; i++) other.mask_.at[i] |= mask_.at[i];
  return other;
}
inline Bytes16 Bytes16::load(const char* at) {
  Register bytes;
  std::memcpy(bytes.at, at, size);
  return bytes;
}
inline void Bytes16::store(char* to) const { std::memcpy(to, bytes_.at, size); }
inline Bytes16::Found Bytes16::equal(char c) const {
  Register mask = bytes_;
  for (unsigned char& byte : mask.at) byte = byte == static_cast<unsigned char>(c);
  return mask;
}
inline Bytes16::Found Bytes16::equal(Bytes16 other) const {
  Register mask;
  for (std::size_t i = 0; i < size; i++) mask.at[i] = bytes_.at[i] == other.bytes_.at[i];
  return mask;
}
inline Bytes16::Found Bytes16::at_most(unsigned char most) const {
  Register mask = bytes_;
  for (unsigned char& byte : mask.at) byte = byte <= most;
  return mask;
}
inline Bytes16 Bytes16::minus(char c) const {
  Register less = bytes_;
  for (unsigned char& byte : less.at)
    byte = static_cast<unsigned char>(byte - static_cast<unsigned char>(c));
  return less;
}

#endif

}  // namespace riffle
