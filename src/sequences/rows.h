// The rows of the table of sequence functions, by file.
#pragma once

#include <vector>

#include "sequences/sequence.h"

namespace riffle {

std::vector<SequenceFunction> previous_sequences();  // of a record and the one before it
std::vector<SequenceFunction> running_sequences();   // over all records so far
std::vector<SequenceFunction> moving_sequences();    // over the last few

}  // namespace riffle
