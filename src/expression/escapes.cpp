#include "expression/escapes.h"

#include <cstdint>
#include <optional>

namespace riffle {
namespace {

std::optional<std::uint32_t> four_hex_digits(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t n = 0;
  for (const char c : text.substr(at, 4)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<std::uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    else
      return std::nullopt;
    n = n * 16 + digit;
  }
  return n;
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(b); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)), byte(0x80 | (code >> 6 & 0x3f)),
        byte(0x80 | (code & 0x3f));
  }
}

// The bytes that \uXXXX at `at` takes, its low surrogate included; 0 when it is none.
std::size_t unescape_unicode(std::string_view text, std::size_t at, std::string& out) {
  const auto first = four_hex_digits(text, at + 2);
  if (!first || (*first >= 0xdc00 && *first < 0xe000)) return 0;
  if (*first < 0xd800 || *first >= 0xe000) {
    append_utf8(*first, out);
    return 6;
  }
  if (text.substr(at + 6, 2) != "\\u") return 0;
  const auto second = four_hex_digits(text, at + 8);
  if (!second || *second < 0xdc00 || *second >= 0xe000) return 0;
  append_utf8(0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00), out);
  return 12;
}

}  // namespace

Unescaped unescape(std::string_view inside, std::string& out) {
  constexpr std::string_view letters = "\"'\\/bfnrt", meanings = "\"'\\/\b\f\n\r\t";
  for (std::size_t i = 0; i < inside.size();) {
    if (inside[i] != '\\') {
      out += inside[i++];
      continue;
    }
    const char letter = i + 1 < inside.size() ? inside[i + 1] : '\0';
    if (const std::size_t which = letters.find(letter); which != letters.npos) {
      out += meanings[which];
      i += 2;
    } else if (const std::size_t taken = letter == 'u' ? unescape_unicode(inside, i, out) : 0;
               taken > 0) {
      i += taken;
    } else {
      std::size_t length = 2;  // a whole character after the backslash
      while (i + length < inside.size() &&
             (static_cast<unsigned char>(inside[i + length]) & 0xc0) == 0x80)
        length++;
      return {false, i, length};
    }
  }
  return {};
}

}  // namespace riffle
