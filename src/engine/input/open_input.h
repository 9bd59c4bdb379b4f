// OpenInput: one input, cut into blocks. One thread at a time.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "connectors/connector.h"
#include "formats/format.h"
#include "records/block.h"

namespace riffle {

class Interrupt;

class OpenInput {
 public:
  // What fill() came to: a block, which tells news where it has no bytes; nothing yet (more may
  // come); the end of the input.
  enum class Got { block, nothing, end };

  // Opens it. `format`: null until known; found by the first byte that is not blank. All outlive
  // this.
  OpenInput(std::unique_ptr<ByteSource> source, const Format*& format, const InputOptions& options,
            const Interrupt& interrupt, std::size_t block_size);

  // Reads until there is a whole record and the block is full, or no more is to be had without
  // waiting. `may_wait`: waits for one; the interrupt ends the input, a record longer than a block
  // included.
  Got fill(Block& block, bool may_wait);
  // Reads until the format is known. False: not yet, or interrupted.
  bool find_format(bool may_wait);

  // Whether a read would wait for someone else to write, and what to poll then.
  bool would_wait() const { return !at_end_ && !failure_ && source_->would_wait(); }
  int descriptor() const { return source_->descriptor(); }
  // Nothing is to be read any more.
  void end() { at_end_ = true; }

 private:
  void begin_part();
  ByteSource::Successor begin_successor();
  bool wait_for_more() const;
  bool cut(Block& block, std::size_t size);
  void carry_over(Block& block, std::size_t from_size);

  std::unique_ptr<ByteSource> source_;
  const Format*& format_;
  const InputOptions& options_;
  const Interrupt& interrupt_;
  std::size_t block_size_;
  std::unique_ptr<Cutter> cutter_;
  bool at_end_ = false;
  std::exception_ptr failure_;  // of reading, told once what came before it has been handed out
  Buffer carried_;              // bytes read but not yet in a block
  std::size_t carried_size_ = 0, seen_ = 0;
  std::uint64_t offset_ = 0, lines_ = 0;
};

}  // namespace riffle
