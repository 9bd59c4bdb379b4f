// Bytes as hexadecimal digits.
#pragma once

#include <optional>
#include <string_view>

namespace riffle {

// What two digits say; none: they are not two digits.
inline std::optional<char> byte_of_hexadecimal(std::string_view digits) {
  const auto digit = [](char c) {
    const char letter = static_cast<char>(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  };
  if (digits.size() != 2 || digit(digits[0]) < 0 || digit(digits[1]) < 0) return std::nullopt;
  return static_cast<char>(digit(digits[0]) * 16 + digit(digits[1]));
}

}  // namespace riffle
