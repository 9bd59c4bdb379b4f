// A regular expression (RE2) as a function's argument 1.
#pragma once

#include <re2/re2.h>

#include "functions/function.h"

namespace riffle {

// Compiles a constant one, once. Throws std::invalid_argument: it is no regular expression.
std::shared_ptr<const void> prepare_regex(const Preparation& preparation);

// Null: it is none. One that comes from records is kept, per thread, until another comes: valid
// until the next call.
const RE2* regex_of(FunctionCall& call);

}  // namespace riffle
