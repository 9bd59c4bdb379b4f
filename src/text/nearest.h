// Did you mean: the candidate that a mistyped word most probably stands for.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace riffle {

// The nearest candidate by edit distance (Damerau's, neighbours swapped being one edit; letter case
// counts little), the first of equals. Empty when none is near: a third of the word's letters may
// differ, at least one; the dashes of a flag are no letters.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// "; did you mean 'length'?" of what is suggested; empty when that is.
std::string did_you_mean(std::string_view suggestion);
// The same of the nearest candidate.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace riffle
