#include "functions/percent.h"

#include "functions/characters.h"
#include "functions/hexadecimal.h"

namespace riffle {
namespace {

bool is_unreserved(char c) {
  const char letter = static_cast<char>(c | 0x20);
  return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c))
      out += c;
    else
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text, PercentStyle style) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i++) {
    const auto byte = text[i] == '%' ? byte_of_hexadecimal(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) {
      out += *byte;
      i += 2;
    } else if (text[i] == '%' && style == PercentStyle::url) {
      return std::nullopt;
    } else {
      out += text[i] == '+' && style == PercentStyle::query ? ' ' : text[i];
    }
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

}  // namespace riffle
