// The names of the fields at the end of a pipeline, for completions: the first records are taken
// through it.
#pragma once

#include <string>
#include <vector>

#include "plan/job.h"

namespace riffle {

// In the order in which they first appear in what the stages make of the first records (a block, or
// a hundred); members of maps as paths (`user.id`). Nothing is written, no side output either.
// Throws Error as run() would.
std::vector<std::string> field_names(const Job& job);

}  // namespace riffle
