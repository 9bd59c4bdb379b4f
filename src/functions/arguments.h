// What functions ask of their arguments, untouched values included. Nothing: the argument is not of
// that kind, and the call fails.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "functions/function.h"

namespace riffle {

// What one function makes at most of a text, in bytes, or of a list, in elements: more is a
// failure, not a full memory.
constexpr std::size_t longest_text = std::size_t{64} << 20;
constexpr std::size_t longest_list = std::size_t{1} << 20;

// A scalar's text as it was written; none of a list or map.
std::optional<std::string_view> text_of_scalar(const Value& value, Memory& memory);
// The number that a text says: JSON's, and also a plus sign, leading zeros, a point without
// digits on one side. Decimal always. Missing: it says none.
Value number_in(std::string_view text);
// A whole number in 64 bits with a sign; 3.0 is one.
std::optional<std::int64_t> whole_number_of(const Value& value);
// A time: one itself, a text in RFC 3339 (local time of `zone` without an offset), or a number of
// `unit` nanoseconds.
std::optional<std::int64_t> time_of(const Value& value, const Zone& zone, Memory& memory,
                                    std::int64_t unit = 1000000000);
// A list's items, or a map's members.
std::optional<std::span<const Value>> list_of(const Value& value, Memory& memory);
std::optional<std::span<const Member>> map_of(const Value& value, Memory& memory);

inline std::optional<std::string_view> text_argument(FunctionCall& call, std::size_t i) {
  return text_of_scalar(call[i], call.memory);
}
inline std::optional<std::int64_t> time_argument(FunctionCall& call, std::size_t i) {
  return time_of(call[i], call.settings.zone, call.memory);
}

// Argument `i` as a constant text; none when it is left out, null, or not constant.
std::optional<std::string_view> constant_text(const Preparation& preparation, std::size_t i);

// A part of a text, typed as an unquoted CSV cell: numbers as they are written, true, false; null
// when empty.
inline Value typed_text(std::string_view text) { return cell_value(text, ' '); }

// Positions [start, end) as people write them (negative: from the end), held to 0..length.
struct Stretch {
  std::size_t start = 0, end = 0;
};
Stretch stretch_of(std::int64_t start, std::int64_t end, std::size_t length);

}  // namespace riffle
