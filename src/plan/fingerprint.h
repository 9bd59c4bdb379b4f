// The fingerprint of a plan: the same for commands that mean the same records, in the same order.
#pragma once

#include <string>

#include "plan/plan.h"

namespace riffle {

// 16 hexadecimal digits. Blanks, the order of flags and options, --jobs, --memory, the inputs and
// the output do not change it; stages, their arguments, and what expressions see of the run
// (--tz, --seed, --arg, --merge) do. Not --now: it is another one in each run.
std::string fingerprint(const Plan& plan);

}  // namespace riffle
