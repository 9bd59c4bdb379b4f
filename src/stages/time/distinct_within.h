// distinct --within: what the stage's row leaves to a file of its own.
#pragma once

#include <memory>
#include <vector>

#include "stages/stage.h"

namespace riffle {

// `keys`: what tells records apart. Throws Error (usage).
Planned make_distinct_within(Setup& setup, std::vector<ExpressionPtr> keys);

}  // namespace riffle
