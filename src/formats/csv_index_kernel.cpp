// One instruction set's kernel of csv_index.h: RIFFLE_KERNEL is its name. Nothing of the standard library is used but what
// is inlined away: functions compiled for a newer processor must not serve the rest of the program.
#include <hwy/highway.h>

#include "formats/csv_index.h"

namespace riffle::RIFFLE_KERNEL {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<std::uint8_t>;
constexpr std::size_t width = hn::MaxLanes(Bytes()) < 64 ? hn::MaxLanes(Bytes()) : 64;
using Lanes = hn::CappedTag<std::uint8_t, 64>;

// Which of 64 bytes are `needle`.
HWY_INLINE std::uint64_t where_is(const std::uint8_t* bytes, std::uint8_t needle) {
  const Lanes d;
  std::uint64_t bits = 0;
  std::uint8_t* const out = reinterpret_cast<std::uint8_t*>(&bits);
  for (std::size_t i = 0; i < 64; i += width)
    hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, bytes + i), hn::Set(d, needle)), out + i / 8);
  return bits;
}

// Bit i: the number of bits below and at i, modulo two.
HWY_INLINE std::uint64_t prefix_xor(std::uint64_t bits) {
#if HWY_TARGET == HWY_SCALAR
  for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
#else
  const hn::Full128<std::uint64_t> d;
  return hn::GetLane(hn::CLMulLower(hn::Set(d, bits), hn::Set(d, ~std::uint64_t{0})));
#endif
}

// The positions of the bits of `marks`, after `base`. Writes up to 64 places.
HWY_INLINE void store(std::uint64_t marks, std::uint32_t base, int count, std::uint32_t* to) {
#if HWY_TARGET <= HWY_AVX3_DL
  const hn::Full512<std::uint8_t> bytes;
  const hn::Full512<std::uint32_t> words;
  const hn::Full128<std::uint8_t> quarter;
  const auto packed = hn::Compress(hn::Iota(bytes, 0), hn::LoadMaskBits(bytes, reinterpret_cast<const std::uint8_t*>(&marks)));
  const auto add = hn::Set(words, base);
  alignas(64) std::uint8_t places[64];
  hn::Store(packed, bytes, places);
  for (int i = 0; i < count; i += 16)
    hn::StoreU(hn::Add(hn::PromoteTo(words, hn::Load(quarter, places + i)), add), words, to + i);
#else
  const auto one = [&] {
    *to++ = base + static_cast<std::uint32_t>(marks == 0 ? 64 : __builtin_ctzll(marks));
    marks &= marks - 1;
  };
  const auto eight = [&] {
    for (int i = 0; i < 8; i++) one();
  };
  if (count == 0) return;
  // Past the last bit the count of zeros means nothing, and what is written there is written over.
  eight();
  if (count > 8) eight();
  for (; count > 16; count--) one();
#endif
}

}  // namespace

CsvIndex index_csv(const char* text, std::size_t size, char delimiter, bool quotes, std::uint32_t* marks,
                   std::uint32_t* row_ends) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text);
  CsvIndex index;
  std::uint64_t inside = 0;        // all ones: a quote is open
  std::uint64_t may_open = 1;      // bit 0: a quote as the next byte would open a cell
  std::uint64_t closed = 0;        // bit 0: the byte before closed a cell
  std::uint64_t closed_return = 0;  // bit 0: a carriage return behind a closed cell stood before
  std::uint64_t irregular = 0;
  for (std::size_t at = 0; at < size; at += 64) {
    const std::uint64_t valid = size - at >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << (size - at)) - 1;
    const std::uint64_t quote = quotes ? where_is(bytes + at, '"') & valid : 0;
    const std::uint64_t feed = where_is(bytes + at, '\n') & valid;
    const std::uint64_t comma = where_is(bytes + at, static_cast<std::uint8_t>(delimiter)) & valid;
    const std::uint64_t in = prefix_xor(quote) ^ inside;
    inside = static_cast<std::uint64_t>(static_cast<std::int64_t>(in) >> 63);
    const std::uint64_t ends = feed & ~in, separators = (comma & ~in) | ends;
    if (quote | closed | closed_return) {
      const std::uint64_t opening = quote & in, closing = quote & ~in;
      const std::uint64_t returns = where_is(bytes + at, '\r') & valid & ~in;
      irregular |= opening & ~((separators | closing) << 1 | may_open);
      const std::uint64_t behind = (closing << 1 | closed) & valid;
      irregular |= behind & ~(separators | opening | returns);
      const std::uint64_t behind_return = ((behind & returns) << 1 | closed_return) & valid;
      irregular |= behind_return & ~ends;
      closed = closing >> 63;
      closed_return = (behind & returns) >> 63;
      may_open = (separators | closing) >> 63;
    } else {
      may_open = separators >> 63;
    }
    index.lines += static_cast<std::uint64_t>(__builtin_popcountll(feed));
    for (std::uint64_t left = ends; left; left &= left - 1) {
      const std::uint64_t below = (left & (0 - left)) - 1;
      row_ends[index.rows++] = static_cast<std::uint32_t>(index.marks + static_cast<std::size_t>(__builtin_popcountll(separators & below)));
    }
    const int count = __builtin_popcountll(separators);
    store(separators, static_cast<std::uint32_t>(at), count, marks + index.marks);
    index.marks += static_cast<std::size_t>(count);
  }
  index.regular = irregular == 0 && closed_return == 0;
  index.open = inside != 0;
  return index;
}

}  // namespace riffle::RIFFLE_KERNEL
