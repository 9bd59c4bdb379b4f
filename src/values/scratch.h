// Scratch: memory for what is of use while one record is processed. Once it has grown it is given
// back, so that many records take no more than a few. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>

#include "values/memory.h"

namespace riffle {

class Scratch {
 public:
  // For the next record: what was made for those before may be gone.
  Memory& next() {
    if (!memory_ || memory_->size() > most) memory_ = std::make_unique<Memory>();
    return *memory_;
  }

 private:
  static constexpr std::size_t most = 256 * 1024;

  std::unique_ptr<Memory> memory_;
};

}  // namespace riffle
