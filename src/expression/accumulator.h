// Accumulators: what can be said of a lambda of reduce() before it is called.
#pragma once

#include "expression/syntax.h"

namespace riffle {

// Whether the lambda gives back its first parameter, or what set() and merge() make of it, and
// keeps nothing of it elsewhere: it is only looked into before. Then nobody sees it if the
// parameter's list or map is changed in its place.
bool changes_accumulator_alone(const Syntax& lambda);

}  // namespace riffle
