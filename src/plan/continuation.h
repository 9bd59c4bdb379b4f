// Whether later runs of a pipeline (--state) add to what it has written, or write it anew.
#pragma once

#include "plan/plan.h"

namespace riffle {

enum class Continuation {
  appending,  // what has been written never changes: a later run writes what comes after it
  replacing   // a stage gathers all input: each run writes the result over all of it so far
};
Continuation continuation_of(const Plan& plan);

}  // namespace riffle
