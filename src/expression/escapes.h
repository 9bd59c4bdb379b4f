// The escapes of a text literal: JSON's, and also \'.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace riffle {

struct Unescaped {
  bool ok = true;
  std::size_t position = 0, length = 0;  // of the first escape that has no meaning
};

// Appends what stands between the quotes to `out`, escapes decoded. A lone surrogate is an escape
// without meaning.
Unescaped unescape(std::string_view inside, std::string& out);

}  // namespace riffle
