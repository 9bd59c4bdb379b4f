// Sink: where a stage's side output goes (`tee`, late records). The engine opens and closes it; a stage only writes.
#pragma once

#include "data/batch.h"

namespace riffle {

class Sink {
 public:
  virtual ~Sink() = default;
  // Writes the living rows. Throws Error when the file fails.
  virtual void write(const Batch& batch) = 0;
};

}  // namespace riffle
