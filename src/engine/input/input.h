// The inputs of a run, cut into blocks: regular files one after the other, as named; those of which
// more may come (pipes, devices, followed files), where there are several, together, in the place
// of the first of them, as their records arrive.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "engine/input/live_inputs.h"
#include "engine/input/open_input.h"
#include "formats/format.h"
#include "records/block.h"

namespace riffle {

// Ends a run's reading from outside: a signal, or a thread that needs no more. A reader that waits
// for input wakes up.
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

// Which of the inputs is read when: the place of each among those that are read one after the
// other; read together, they have one place.
std::vector<std::uint32_t> turns_of(const std::vector<std::string>& names, const LiveInputs& live);

// Not for several threads at once: callers take turns.
class Inputs {
 public:
  // `from`: the format of all inputs; null: by extension or first byte. `interrupt` outlives this.
  Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options,
         const Interrupt& interrupt, LiveInputs live = {});
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

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
    return std::any_of(formats_.begin(), formats_.end(),
                       [&](const Format* format) { return !format || test(*format); });
  }

  // The next block, in order; its format is `format_of(block)`. A block without bytes tells what
  // became of an input. False: the inputs have ended, or the interrupt was raised.
  bool next(Block& block);
  // The next block of one input, whatever the others bring.
  bool next_of(std::uint32_t input, Block& block);
  // Whether its next block may have to be waited for.
  bool may_wait_for(std::uint32_t input) { return opened(input).descriptor() >= 0; }
  const Format& format_of(const Block& block) const { return format_of(block.input); }
  const Format& format_of(std::size_t input) const {
    return formats_[input] ? *formats_[input] : sniffed_format({});
  }
  // Whether the format of an input was found by its first byte.
  bool was_sniffed(std::uint32_t input) const { return sniffed_[input] && formats_[input]; }

 private:
  using Clock = std::chrono::steady_clock;
  // One of those that are read together.
  struct Live {
    bool has_ended = false, is_idle = false;
    Clock::time_point last = Clock::now();  // when it brought something
  };

  OpenInput& opened(std::uint32_t input);
  bool next_alone(Block& block);
  bool next_together(Block& block);
  bool try_input(std::uint32_t input, Block& block);
  bool mark_idle(Block& block);
  void wait_for_any();
  bool any_ready();
  void tell(Block& block, std::uint32_t input, InputStatus status);
  void number(Block& block, std::uint32_t input);

  std::vector<std::string> names_;
  std::vector<const Format*> formats_;  // null until known
  std::vector<bool> sniffed_, assumed_;
  InputOptions options_;
  const Interrupt& interrupt_;
  LiveInputs how_;
  std::size_t block_size_;
  std::vector<std::vector<std::uint32_t>> turns_;  // inputs that are read together
  std::size_t turn_ = 0;
  std::map<std::uint32_t, std::unique_ptr<OpenInput>> open_;
  std::map<std::uint32_t, Live> live_;
  std::size_t next_live_ = 0;  // whose turn it is, of those that are read together
  // What is read has been handed out, and whoever has it knows that no more comes for a while.
  bool has_flushed_ = true;
  std::uint64_t number_ = 0;
  std::uint32_t together_ = 0;  // blocks of inputs that are read together
};

}  // namespace riffle
