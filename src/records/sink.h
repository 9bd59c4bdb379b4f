// Sink: where a stage's side output goes (`tee`, late records). The engine opens and closes it; a
// stage only writes.
#pragma once

#include <string>

#include "records/batch.h"

namespace riffle {

class Sink {
 public:
  virtual ~Sink() = default;
  // Writes the living rows; what could not be written is added to `effects`. Throws Error when the
  // file fails.
  virtual void write(const Batch& batch, Effects& effects) = 0;
};

// Many files of one shape (`split`), each opened at its first record.
class SinkSet {
 public:
  virtual ~SinkSet() = default;
  // As Sink does, to the file of that name.
  virtual void write(const std::string& path, const Batch& batch, Effects& effects) = 0;
};

}  // namespace riffle
