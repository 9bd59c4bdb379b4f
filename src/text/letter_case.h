// Letter case of the words of a language: of ASCII alone, whatever the locale.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

inline std::string lower_ascii(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return small;
}

}  // namespace riffle
