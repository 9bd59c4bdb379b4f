#pragma once

#include <string_view>

namespace riffle {

// Whether the bytes of `part` are some of those of `whole`, not only equal to them.
inline bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

}  // namespace riffle
