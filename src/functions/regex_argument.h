// A regular expression (RE2) as a function's argument 1.
#pragma once

#include <re2/re2.h>

#include "functions/function.h"

namespace riffle {

// RE2 with room enough for its fast way of matching (64 MiB at most, where the expression is long),
// or one that is not ok(), with the reason: also where the expression is so long that no way is.
std::shared_ptr<const RE2> compile_constant_regex(std::string_view pattern);

// Compiles a constant one, once. Throws std::invalid_argument: it is no regular expression.
std::shared_ptr<const void> prepare_regex(const Preparation& preparation);

// Null: it is none. One that comes from records is kept, per thread, until another comes: valid
// until the next call.
const RE2* regex_of(FunctionCall& call);

}  // namespace riffle
