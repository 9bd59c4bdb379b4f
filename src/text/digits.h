#pragma once

#include <string_view>

namespace riffle {

// Whether a text is digits, one at least, and nothing else.
inline bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

}  // namespace riffle
