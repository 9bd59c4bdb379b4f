// Code points of a UTF-8 text. A byte that is no UTF-8 belongs to the code point before it.
#pragma once

#include <cstddef>
#include <string_view>

namespace riffle {

std::size_t count_characters(std::string_view text);
// The byte at which character `n` begins; text.size() when there are fewer.
std::size_t byte_of_character(std::string_view text, std::size_t n);
// Where the character that begins at byte `at` ends.
std::size_t end_of_character(std::string_view text, std::size_t at);
// Characters [start, end).
std::string_view characters_between(std::string_view text, std::size_t start, std::size_t end);

// Whether a text is UTF-8 throughout.
bool is_utf8(std::string_view text);

}  // namespace riffle
