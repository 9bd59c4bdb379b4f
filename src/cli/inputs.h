// The words that stand for inputs: are they there?
#pragma once

#include "cli/split.h"

namespace riffle {

// Checks the inputs' words against the file system. A word that names no file is a wrong command
// (Error, usage) when it is near a stage's name, or could be one and what follows looks like a
// stage's arguments; a missing input (Error, failed) otherwise.
void check_inputs(const CommandLine& line);

// The mistake in a line with a fault after its inputs: that a word before it, which names no file,
// is no stage; else the fault.
Error unknown_stage_or_fault(const CommandLine& line);

}  // namespace riffle
