// Where a job writes: each file once, and none that it reads but the output.
#pragma once

#include "plan/job.h"

namespace riffle {

// Throws Error (usage) when two of the job's outputs (the output, the rejects, what stages write)
// would replace one file, the last one winning, or when one would replace an input: of the run's
// inputs, another than the output.
void check_destinations(const Job& job);

// All files that the job reads and writes by name, as connectors name what is replaced: whatever is
// named by a record's fields must be none of them.
std::vector<std::string> files_of(const Job& job);

}  // namespace riffle
