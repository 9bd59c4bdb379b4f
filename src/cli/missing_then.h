// A `then` that was forgotten between two stages.
#pragma once

#include <functional>
#include <optional>

#include "cli/split.h"

namespace riffle {

// Of a stage whose words are wrong: that `then` is missing, where one of them is a stage's name, or
// another tool's word for one, and those before it are a whole stage. `check` throws Error where a
// stage is not whole.
std::optional<Error> missing_then(const GivenStage& stage,
                                  const std::function<void(const GivenStage&)>& check);

}  // namespace riffle
