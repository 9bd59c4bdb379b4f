// The inputs of a run, cut into blocks: regular files one after the other, as named; those of which
// more may come (pipes, devices, followed files), where there are several, together, in the place
// of the first of them, as their records arrive.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "engine/input/byte_blocks.h"
#include "formats/format.h"
#include "plan/live_inputs.h"
#include "records/block.h"

namespace riffle {

// When the inputs are read: the turn of each among those that are read one after the other; those
// that are read together have one turn.
class Turns {
 public:
  // Of the next input. `is_live`: more may come of it. `current`: the turn that is read now.
  std::uint32_t add(bool is_live, std::uint32_t current = 0);

 private:
  std::uint32_t next_ = 0;
  std::optional<std::uint32_t> live_;  // of those that are read together
};

std::vector<std::uint32_t> turns_of(const std::vector<std::string>& names, const LiveInputs& live);

// Not for several threads at once: callers take turns.
class Inputs {
 public:
  // `from`: the format of all inputs; null: by extension or first line. `interrupt` outlives this.
  Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options,
         const Interrupt& interrupt, LiveInputs live = {});
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  // A further input, while others are read or before: together with the live ones, or after all
  // others. Returns its number.
  std::uint32_t add(std::string name);

  // The input is one that a later run goes on with. REQUIRES: nothing has been read of it.
  void go_on(std::uint32_t input, ContinuedInput how);
  // Where a later run would go on: after the last block of the input that was handed out.
  // REQUIRES: go_on() was called for it.
  SourcePosition position_of(std::uint32_t input);
  // The number of blocks so far, those of the runs before included: a record's turn, so that the
  // records of a later run are after all of those before.
  std::uint32_t turn_of_blocks() const { return together_; }
  void set_turn_of_blocks(std::uint32_t turn) { together_ = turn; }

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
    return formats_[input] ? *formats_[input] : *find_format("ndjson");
  }
  // Whether the format of an input was found by its first line.
  bool was_sniffed(std::uint32_t input) const { return sniffed_[input] && formats_[input]; }

 private:
  using Clock = std::chrono::steady_clock;
  // One of those that are read together.
  struct Live {
    bool has_ended = false, is_idle = false;  // silent for so long that this was told
    Clock::time_point last = Clock::now();    // when it brought something
  };

  BlockSource& opened(std::uint32_t input);
  BlockSource::Got fill(std::uint32_t input, Block& block, bool may_wait);
  void note_format(std::uint32_t input);
  bool next_alone(Block& block);
  bool next_together(Block& block);
  bool try_input(std::uint32_t input, Block& block);
  bool mark_idle(Block& block);
  bool tick(Block& block);
  void wait_for_any();
  bool any_ready();
  void tell(Block& block, std::uint32_t input, InputStatus status);
  void number(Block& block, std::uint32_t input);

  std::vector<std::string> names_;
  const Format* from_;                  // of all inputs; null: each has its own
  std::vector<const Format*> formats_;  // null until known
  std::vector<bool> sniffed_, assumed_;
  InputOptions options_;
  const Interrupt& interrupt_;
  LiveInputs how_;
  std::size_t block_size_;
  Turns turns_;
  std::vector<std::vector<std::uint32_t>> inputs_;  // by turn
  std::uint32_t turn_ = 0;
  std::map<std::uint32_t, std::unique_ptr<BlockSource>> open_;
  std::map<std::uint32_t, ContinuedInput> continued_;
  std::map<std::uint32_t, SourcePosition> ended_at_;  // of those
  std::map<std::uint32_t, Live> live_;
  std::size_t next_live_ = 0;  // whose turn it is, of those that are read together
  // What is read has been handed out, and whoever has it knows that no more comes for a while.
  bool has_flushed_ = true;
  std::uint64_t number_ = 0;
  std::uint32_t together_ = 0;  // blocks of inputs that are read together
  std::int64_t arrival_ = 0;    // of the last block
  Clock::time_point next_tick_ = Clock::now();
};

}  // namespace riffle
