// Blocks on several threads: whoever is free takes the next block; results are handed over in the
// order of the blocks.
#pragma once

#include "engine/input/input.h"
#include "engine/sequencer.h"
#include "engine/worker.h"

namespace riffle {

// Reads and works on `threads` threads, the calling one among them; `sequencer` runs on one of them
// at a time. Returns when the inputs have ended or the sequencer needs no more. What a thread
// throws is thrown here, in the order of the blocks.
void run_parallel(const Worker::Context& context, Inputs& inputs, Interrupt& interrupt,
                  unsigned threads, Sequencer& sequencer);

}  // namespace riffle
