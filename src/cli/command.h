// A command line becomes a Job, or is answered at once (help, version).
#pragma once

#include <string>
#include <vector>

#include "values/error.h"

namespace riffle {

// `words`: the command line without the program's name. Runs it. Throws Error.
ExitStatus run_command(const std::vector<std::string>& words);

// Says on stderr what ended the program, in the form that --errors asked for.
void report_error(const Error& error);

}  // namespace riffle
