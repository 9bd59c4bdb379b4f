// One instruction set's kernel of csv_index.h: RIFFLE_KERNEL is its name. Nothing of the standard
// library is used but what is inlined away: functions compiled for a newer processor must not serve
// the rest of the program.
#include <hwy/highway.h>

#include <type_traits>

#include "formats/csv/index.h"

namespace riffle::RIFFLE_KERNEL {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<std::uint8_t, 64>;
using Bytes = hn::VFromD<Lanes>;
constexpr std::size_t width = hn::MaxLanes(Lanes());

using Bits = std::uint64_t;  // bit i: byte i of 64

HWY_INLINE int count(Bits bits) { return __builtin_popcountll(bits); }

// Bit i: the number of bits below and at i, modulo two.
HWY_INLINE Bits prefix_xor(Bits bits) {
#if HWY_TARGET == HWY_SCALAR
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
#else
  const hn::Full128<Bits> d;
  return hn::GetLane(hn::CLMulLower(hn::Set(d, bits), hn::Set(d, ~Bits{0})));
#endif
}

// The 64 bytes at a place, in registers.
class Chunk {
 public:
  HWY_INLINE explicit Chunk(const std::uint8_t* at) {
    const Lanes d;
    first_ = hn::LoadU(d, at);
    if constexpr (width <= 32) second_ = hn::LoadU(d, at + width);
    if constexpr (width <= 16)
      third_ = hn::LoadU(d, at + 2 * width), fourth_ = hn::LoadU(d, at + 3 * width);
  }

  // Where `needle` is.
  HWY_INLINE Bits find(std::uint8_t needle) const {
    const Bytes wanted = hn::Set(Lanes(), needle);
    Bits bits = find(first_, wanted);
    if constexpr (width <= 32) bits |= find(second_, wanted) << width % 64;
    if constexpr (width <= 16)
      bits |= find(third_, wanted) << 2 * width % 64 | find(fourth_, wanted) << 3 * width % 64;
    return bits;
  }

 private:
  static HWY_INLINE Bits find(Bytes bytes, Bytes wanted) {
    std::conditional_t<width == 64, std::uint64_t,
                       std::conditional_t<width == 32, std::uint32_t, std::uint16_t>>
        bits = 0;
    hn::StoreMaskBits(Lanes(), hn::Eq(bytes, wanted), reinterpret_cast<std::uint8_t*>(&bits));
    return bits;
  }

  Bytes first_, second_, third_, fourth_;
};

#if defined(__AVX512VBMI2__)

// The positions of the bits of `marks`, after `base`. Writes up to 64 places. (Not Highway's
// Compress: 1.0.3 has it for bytes only where the compiler may use AVX-VNNI, too.)
HWY_INLINE void store(Bits marks, std::uint32_t base, int many, std::uint32_t* to) {
  const __m512i places = _mm512_maskz_compress_epi8(
      marks, _mm512_set_epi64(0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928,
                              0x2726252423222120, 0x1f1e1d1c1b1a1918, 0x1716151413121110,
                              0x0f0e0d0c0b0a0908, 0x0706050403020100));
  const __m512i add = _mm512_set1_epi32(static_cast<int>(base));
  const auto sixteen = [&](int from, __m128i quarter) {
    _mm512_storeu_si512(to + from, _mm512_add_epi32(add, _mm512_cvtepu8_epi32(quarter)));
  };
  sixteen(0, _mm512_castsi512_si128(places));
  if (many <= 16) return;
  sixteen(16, _mm512_extracti32x4_epi32(places, 1));
  sixteen(32, _mm512_extracti32x4_epi32(places, 2));
  sixteen(48, _mm512_extracti32x4_epi32(places, 3));
}

#else

// The lowest bit's place; of no bits anything.
HWY_INLINE std::uint32_t lowest(Bits bits) {
#if defined(__BMI__)
  return static_cast<std::uint32_t>(_tzcnt_u64(bits));
#else
  return static_cast<std::uint32_t>(__builtin_ctzll(bits | Bits{1} << 63));
#endif
}

// The positions of the bits of `marks`, after `base`. Writes up to 64 places.
HWY_INLINE void store(Bits marks, std::uint32_t base, int many, std::uint32_t* to) {
  const auto store_to = [&](int from, int end) {
    for (int i = from; i < end; i++, marks &= marks - 1) to[i] = base + lowest(marks);
  };
  store_to(0, 8);
  if (many > 8) store_to(8, 16);
  if (many > 16) store_to(16, many);
}

#endif

class Indexer {
 public:
  HWY_INLINE Indexer(const CsvText& text, const CsvIndex& index, std::uint32_t* marks)
      : quote_(text.quotes ? '"' : 0),
        quotes_(text.quotes ? ~Bits{0} : 0),
        delimiter_(static_cast<std::uint8_t>(text.delimiter)),
        marks_(marks),
        mark_(marks + index.marks),
        rows_(index.rows),
        lines_(index.lines),
        open_(index.open ? ~Bits{0} : 0),
        may_open_(index.may_open),
        closed_(index.closed),
        closed_return_(index.closed_return) {}

  // `size` bytes, at most 64, which stand at `position`.
  HWY_INLINE void step(const std::uint8_t* bytes, std::size_t position, std::size_t size) {
    const Chunk chunk(bytes);
    const Bits valid = size < 64 ? (Bits{1} << size) - 1 : ~Bits{0};
    const Bits quote = chunk.find(quote_) & quotes_ & valid, feed = chunk.find('\n') & valid;
    const Bits in = prefix_xor(quote) ^ open_;
    const Bits ends = feed & ~in, separators = (chunk.find(delimiter_) & valid & ~in) | ends;
    const Bits opening = quote & in, closing = quote & ~in, before_opening = separators | closing;

    irregular_ |= opening & ~(before_opening << 1 | may_open_);
    const Bits after = (closing << 1 | closed_) & ~(separators | opening) & valid;
    if (after | closed_return_) check_returns(after, chunk.find('\r'), ends, valid, size);
    open_ = static_cast<Bits>(static_cast<std::int64_t>(in) >> 63);
    closed_ = closing >> (size - 1) & 1;
    may_open_ = before_opening >> (size - 1) & 1;

    lines_ += static_cast<Bits>(count(feed));
    rows_ += static_cast<Bits>(count(ends));
    const int many = count(separators);
    store(separators, static_cast<std::uint32_t>(position), many, mark_);
    mark_ += many;
  }

  HWY_INLINE void save(CsvIndex& index) const {
    index.marks = static_cast<std::size_t>(mark_ - marks_);
    index.rows = rows_;
    index.lines = lines_;
    index.regular = index.regular && irregular_ == 0;
    index.open = open_ != 0;
    index.may_open = may_open_ != 0;
    index.closed = closed_ != 0;
    index.closed_return = closed_return_ != 0;
  }

 private:
  // After a closing quote comes neither a separator nor a quote: a line end of two bytes, or what
  // must not be there.
  HWY_INLINE void check_returns(Bits after, Bits returns, Bits ends, Bits valid, std::size_t size) {
    irregular_ |= after & ~returns;
    irregular_ |= (after << 1 | closed_return_) & ~ends & valid;
    closed_return_ = after >> (size - 1) & 1;
  }

  std::uint8_t quote_;
  Bits quotes_;
  std::uint8_t delimiter_;
  std::uint32_t* const marks_;
  std::uint32_t* mark_;  // after those found
  Bits rows_, lines_;
  // Of the bytes before, as bit 0; `open_` as all bits.
  Bits open_, may_open_, closed_, closed_return_;
  Bits irregular_ = 0;
};

}  // namespace

void index_csv(const CsvText& text, CsvIndex& index, std::uint32_t* marks) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.bytes);
  Indexer indexer(text, index, marks);
  std::size_t at = index.end;
  for (; text.size - at >= 64; at += 64) indexer.step(bytes + at, at, 64);
  if (at < text.size) indexer.step(bytes + at, at, text.size - at);
  indexer.save(index);
  index.end = text.size;
}

}  // namespace riffle::RIFFLE_KERNEL
