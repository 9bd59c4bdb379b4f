// --merge: the inputs as one stream, always from the one whose next record has the least event
// time; of equals from the one named first. Reading waits for the next record of each input that
// has not ended.
#pragma once

#include "engine/input/input.h"
#include "engine/sequencer.h"
#include "engine/worker.h"

namespace riffle {

// Reads all inputs and hands their records to the sequencer. The plan's pipeline has times
// (Pipeline::merge), and no steps that run in parallel.
void read_merged(const Worker::Context& context, Inputs& inputs, Sequencer& sequencer);

}  // namespace riffle
