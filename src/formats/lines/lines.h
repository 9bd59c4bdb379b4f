// Lines of a text: runs of bytes, each with its line end ("\n" or "\r\n"); the last one may lack
// it.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace riffle {

// What may stand before the first line (U+FEFF).
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::size_t count_line_ends(std::string_view text);

// After the line end of the line that `at` is in; `end` when it has none.
inline const char* next_line(const char* at, const char* end) {
  const void* const found = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
  return found ? static_cast<const char*>(found) + 1 : end;
}

// After the last line end of the text; its beginning when it has none.
inline const char* behind_last_line_end(const char* begin, const char* end) {
  const void* const found = memrchr(begin, '\n', static_cast<std::size_t>(end - begin));
  return found ? static_cast<const char*>(found) + 1 : begin;
}

inline std::string_view text_between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

inline std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

inline bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == line.npos;
}

}  // namespace riffle
