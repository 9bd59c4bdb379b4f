// Percent-encoding (RFC 3986, 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace riffle {

// Everything but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text);

enum class PercentStyle {
  url,    // `+` is itself; a % without two hexadecimal digits is an error
  query,  // as HTML forms write it: `+` is a blank; a % without two hexadecimal digits is itself
};

// None: an error, or what it says is no UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, PercentStyle style);

}  // namespace riffle
