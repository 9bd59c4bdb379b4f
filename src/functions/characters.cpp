#include "functions/characters.h"

#include <utf8proc.h>

namespace riffle {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += !continues(c);
  return count;
}

std::size_t end_of_character(std::string_view text, std::size_t at) {
  at++;
  while (at < text.size() && continues(text[at])) at++;
  return at;
}

std::size_t byte_of_character(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  while (n-- > 0 && at < text.size()) at = end_of_character(text, at);
  return at < text.size() ? at : text.size();
}

std::string_view characters_between(std::string_view text, std::size_t start, std::size_t end) {
  const std::size_t first = byte_of_character(text, start);
  return text.substr(first, byte_of_character(text.substr(first), end - start));
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      at++;
      continue;
    }
    utf8proc_int32_t character = 0;
    const auto* const from = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
    const utf8proc_ssize_t size =
        utf8proc_iterate(from, static_cast<utf8proc_ssize_t>(text.size() - at), &character);
    if (size <= 0) return false;
    at += static_cast<std::size_t>(size);
  }
  return true;
}

}  // namespace riffle
