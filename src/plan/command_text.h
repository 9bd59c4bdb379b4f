// A pipeline's parts as the user would type them.
#pragma once

#include <string>

#include "plan/job.h"

namespace riffle {

// A stage's call as one line, flags in the order of the stage's row.
std::string command_of(const Call& call);
// The same without flags: "window session 30m".
std::string short_command_of(const Call& call);

}  // namespace riffle
