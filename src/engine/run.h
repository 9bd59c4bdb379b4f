// A Job becomes a Pipeline and runs: readers and workers on job.threads threads, the ordered part
// on the calling one.
#pragma once

#include "plan/job.h"
#include "values/error.h"

namespace riffle {

// Throws Error for a wrong command (before anything is read) and for a failed file or limit.
ExitStatus run(const Job& job);

}  // namespace riffle
