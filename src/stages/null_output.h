// NullOutput: an output whose batches nobody needs: what counts is what a stage, or an evaluation,
// holds and its effects.
#pragma once

#include "stages/stage.h"

namespace riffle {

class NullOutput : public Output {
 public:
  void emit(Batch) override {}
  void stop_after(Position) override {}
};

}  // namespace riffle
