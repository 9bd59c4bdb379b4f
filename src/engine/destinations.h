// Where a job writes: each file once, and none that it reads but the output.
#pragma once

#include "engine/job.h"

namespace riffle {

// Throws Error (usage) when two of the job's outputs (the output, the rejects, what stages write) would replace one file, the
// last one winning, or when another than the output would replace an input.
void check_destinations(const Job& job);

}  // namespace riffle
