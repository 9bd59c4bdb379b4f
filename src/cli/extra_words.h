// A stage that is given more words than it takes: what was most probably meant.
#pragma once

#include <span>
#include <string>

#include "cli/split.h"
#include "values/error.h"

namespace riffle {

// `words`: those that belong to no flag; there are more than the signature has parameters for.
Error word_too_many(const GivenStage& stage, const Signature& signature,
                    std::span<const std::string> words);

}  // namespace riffle
