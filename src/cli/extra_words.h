// A stage that is given more words than it takes: what was most probably meant.
#pragma once

#include <span>
#include <string>

#include "cli/split.h"
#include "values/error.h"

namespace riffle {

// A word as a shell must be given it.
std::string shell_word(const std::string& word);

// `places`: the stage's parameters that are no flags; there are more arguments than these.
Error word_too_many(const GivenStage& stage, std::span<const Parameter* const> places);

}  // namespace riffle
