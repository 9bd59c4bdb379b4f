// The inputs of a run, one after the other, cut into blocks.
#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "data/block.h"
#include "formats/format.h"

namespace riffle {

// Ends a run's reading from outside: a signal, or a thread that needs no more. A reader that waits for input wakes up.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  void raise();  // safe in a signal handler
  bool raised() const { return raised_; }
  int descriptor() const { return descriptor_; }

 private:
  std::atomic<bool> raised_ = false;
  int descriptor_ = -1;
};

// Not for several threads at once: callers take turns.
class Inputs {
 public:
  // `from`: the format of all inputs; null: by extension or first byte. `interrupt` outlives this.
  Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options, const Interrupt& interrupt);

  // The first input's format, found without consuming anything (it is opened, and read if need be).
  const Format& first_format();
  // Takes the inputs whose format is not known yet for `format`.
  void assume(const Format& format);
  // What assume() was told of an input.
  bool is_assumed(std::size_t input) const { return assumed_[input]; }
  // Whether every input is of `format`, as far as can be told before they are read.
  bool all_of(const Format& format);

  // Whether an input's format passes a test, or is not known yet.
  template <typename Test>
  bool any_may_be(const Test& test) const {
    return std::any_of(formats_.begin(), formats_.end(), [&](const Format* format) { return !format || test(*format); });
  }

  // The next block, in order; its format is `format_of(block)`. False: the inputs have ended, or the interrupt was raised.
  bool next(Block& block);
  const Format& format_of(const Block& block) const { return format_of(block.input); }
  const Format& format_of(std::size_t input) const { return *formats_[input]; }
  // Whether the format of an input was found by its first byte.
  bool was_sniffed(std::uint32_t input) const { return sniffed_[input]; }

 private:
  bool open_next();
  void sniff();
  bool fill(Block& block);
  bool wait_for_more();
  bool cut(Block& block, std::size_t size);
  void number(Block& block);
  void carry_over(Block& block, std::size_t from);

  std::vector<std::string> names_;
  std::vector<const Format*> formats_;  // null until known
  std::vector<bool> sniffed_, assumed_;
  InputOptions options_;
  const Interrupt& interrupt_;
  std::size_t block_size_;

  std::uint32_t input_ = 0;  // the one being read
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<Cutter> cutter_;
  bool at_end_ = false;       // of this input
  std::exception_ptr failure_;  // of reading, told once what came before it has been handed out
  Buffer carried_;            // bytes read but not yet in a block
  std::size_t carried_size_ = 0, seen_ = 0;
  std::uint64_t offset_ = 0, lines_ = 0, number_ = 0;
};

}  // namespace riffle
