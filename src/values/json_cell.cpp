#include "values/json_cell.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "text/bytes16.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::size_t width = Bytes16::size;

// Bit i: a JSON string cannot hold byte i as it is.
Bytes16::Bits to_escape(Bytes16 bytes) {
  return bytes.at_most(0x1F) | bytes.equal('"') | bytes.equal('\\');
}

// The rest of a string, something in which must be escaped. `doubled`: each quote in it stands for
// half of one.
[[gnu::noinline]] char* write_with_escapes(const char* at, const char* end, bool doubled,
                                           char* to) {
  while (at < end) {
    const Bytes16 bytes = Bytes16::load(at);
    bytes.store(to);
    const auto left = static_cast<unsigned>(std::min(static_cast<std::size_t>(end - at), width));
    const auto run = static_cast<unsigned>(std::countr_zero(to_escape(bytes) | 1U << left));
    at += run, to += run;
    if (run == left) continue;
    to = write_json_escape(*at, to);
    at += doubled && *at == '"' ? 2 : 1;
  }
  *to++ = '"';
  return to;
}

// Where the next bytes go follows from sizes alone, not from what is found in them: the processor
// need not wait for that.
[[gnu::always_inline]] inline char* write_string(const char* at, std::size_t size, bool doubled,
                                                 char* to) {
  const char* const end = at + size;
  *to++ = '"';
  if (size == 0) {  // and `at` may be nowhere
    *to++ = '"';
    return to;
  }
  for (; static_cast<std::size_t>(end - at) > width; at += width, to += width) {
    const Bytes16 bytes = Bytes16::load(at);
    bytes.store(to);
    if (to_escape(bytes)) return write_with_escapes(at, end, doubled, to);
  }
  const auto left = static_cast<std::size_t>(end - at);
  const Bytes16 bytes = Bytes16::load(at);
  bytes.store(to);
  if (to_escape(bytes) & ((1U << left) - 1)) return write_with_escapes(at, end, doubled, to);
  to[left] = '"';
  return to + left + 1;
}

char* copy(const char* at, std::size_t size, char* to) {
  for (std::size_t i = 0; i < size; i += width) Bytes16::load(at + i).store(to + i);
  return to + size;
}

// Whether all of the bytes may stand in a number: most times and addresses need no closer look.
bool may_begin_number(Bytes16 bytes) {
  constexpr Bytes16::Bits all = (1U << width) - 1;
  const Bytes16::Found signs = bytes.equal('-') | bytes.equal('+'),
                       powers = bytes.equal('e') | bytes.equal('E');
  return (bytes.minus('0').at_most(9) | bytes.equal('.') | signs | powers) == all;
}

// Whether `bytes`, the first of which stand at `at`, begin with a number of that size: digits
// alone, or with a point between them, is what most numbers are. Text with several points is none.
bool begin_number(Bytes16 bytes, const char* at, std::size_t size) {
  const Bytes16::Bits mine = (1U << size) - 1, others = ~bytes.minus('0').at_most(9) & mine,
                      points = bytes.equal('.') & mine;
  if ((points & (points - 1)) != 0) return false;
  const bool begins_well = at[0] != '0' || size == 1 || at[1] == '.';
  if (others == points) return begins_well && (points & (1U | 1U << (size - 1))) == 0;
  return is_number({at, size});
}

bool is_literal(const char* at, std::size_t size) {
  return (size == 4 && std::memcmp(at, "true", 4) == 0) ||
         (size == 5 && std::memcmp(at, "false", 5) == 0);
}

// A cell with TSV's backslashes, or one that options say how to read: rare, and not to burden the
// others.
[[gnu::noinline]] char* write_rare(const Value& cell, char* to) {
  if ((cell.flags & (Value::escaped | Value::all_text)) == 0) {
    if (cell.size == 0) return copy("null            ", 4, to);
    if (is_number(cell.view()) || cell.view() == "true" || cell.view() == "false")
      return copy(cell.text, cell.size, to);
    const Value number = parse_loose_number(cell.view());
    if (!number.is_missing()) return write_number_or_time(number, to);
  }
  Memory scratch;
  const std::string_view text = cell_text(cell, scratch);
  return write_string(text.data(), text.size(), false, to);
}

}  // namespace

char* write_json_cell(const Value& cell, char* to) {
  const char* const at = cell.text;
  const std::size_t size = cell.size;
  if (cell.flags & Value::quoted)
    return write_string(at + 1, size - 2, cell.flags & Value::escaped, to);
  if (cell.flags & (Value::escaped | Value::all_text | Value::loose)) return write_rare(cell, to);
  if (size == 0) return copy("null            ", 4, to);
  if (static_cast<unsigned char>(at[0] - '0') < 10 || at[0] == '-') {
    const Bytes16 bytes = Bytes16::load(at);
    if (size > width) {
      if (may_begin_number(bytes) && is_number({at, size})) return copy(at, size, to);
    } else if (begin_number(bytes, at, size)) {
      bytes.store(to);
      return to + size;
    }
  } else if (is_literal(at, size)) {
    return copy(at, size, to);
  }
  return write_string(at, size, false, to);
}

}  // namespace riffle
