// Did you mean: the candidate that a mistyped word most probably stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace riffle {

// The nearest candidate by edit distance (Damerau's, neighbours swapped being one edit; letter case
// counts little), the first of equals. Empty when none is near: a third of the word's letters may
// differ, at least one.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace riffle
