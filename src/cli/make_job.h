// A split command line becomes a Job: values are read, what is missing or too much is refused.
#pragma once

#include "cli/split.h"
#include "plan/job.h"

namespace riffle {

// Throws Error (usage). Nothing is looked up in the file system.
Job make_job(const CommandLine& line);

}  // namespace riffle
