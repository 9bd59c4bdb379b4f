// Flags that other tools have and riffle's stages do not: `sort -nr x`, `head -n 3`, `select -x a`.
// Each is refused with the line to write.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/split.h"
#include "values/error.h"

namespace riffle {

// Throws Error (usage) when a word with one minus, just taken as the stage's last argument, is
// meant as a flag. `words`: from this word up to the stage's `then`.
void check_minus(const GivenStage& stage, std::span<const std::string> words);
// Throws Error (usage) when sort's words, all of them, hold a flag.
void check_sort_words(const GivenStage& stage, std::span<const std::string> words);
// The error for a word with two minuses that is no flag of the stage.
Error unknown_flag(const GivenStage& stage, std::string_view name);

}  // namespace riffle
