// How wide text is on a terminal, and what must not reach one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace riffle {

// The character that `text` (not empty) begins with, and its bytes.
struct Character {
  std::int32_t code = -1;  // negative: the first byte is no UTF-8
  std::size_t bytes = 1;
};
Character first_character(std::string_view text);

// The text with U+FFFD in place of each byte that is no UTF-8.
std::string as_utf8(std::string_view text);

// The columns that the text takes on a terminal (Unicode's East Asian Width, UAX #11): 2 for wide
// characters, 0 for combining ones.
std::size_t display_width(std::string_view text);

// Whether a character steers a terminal or reverses what is around it: controls (C0, C1, DEL), line
// separators, marks and overrides of direction.
bool is_steering(std::int32_t code);

}  // namespace riffle
