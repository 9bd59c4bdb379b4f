// Runs a whole job, from files to a file, for tests of the engine.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "engine/run.h"
#include "folder.h"
#include "stage_running.h"

namespace riffle {

// Blocks of so many bytes, for as long as this lives.
class BlockSize {
 public:
  explicit BlockSize(std::size_t bytes) {
    setenv("RIFFLE_BLOCK", std::to_string(bytes).c_str(), 1);
  }
  ~BlockSize() { unsetenv("RIFFLE_BLOCK"); }
  BlockSize(const BlockSize&) = delete;
  BlockSize& operator=(const BlockSize&) = delete;
};

// Lines {"n":0} to {"n":count - 1}.
inline std::string numbered_lines(int count) {
  std::string text;
  for (int n = 0; n < count; n++) text += "{\"n\":" + std::to_string(n) + "}\n";
  return text;
}

}  // namespace riffle
