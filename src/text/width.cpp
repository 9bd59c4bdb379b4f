#include "text/width.h"

#include <utf8proc.h>

namespace riffle {

Character first_character(std::string_view text) {
  utf8proc_int32_t code = -1;
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {};
  return {code, static_cast<std::size_t>(bytes)};
}

std::string as_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character character = first_character(text);
    out += character.code < 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const unsigned char first = static_cast<unsigned char>(text.front());
    if (first >= 0x20 && first < 0x7f) {
      width++;
      text.remove_prefix(1);
      continue;
    }
    const Character character = first_character(text);
    width += character.code < 0 ? 1 : static_cast<std::size_t>(utf8proc_charwidth(character.code));
    text.remove_prefix(character.bytes);
  }
  return width;
}

bool is_steering(std::int32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c || code == 0x200e ||
         code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

}  // namespace riffle
