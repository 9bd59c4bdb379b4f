// BlockSource: an input as blocks of whole records, each with its position. Files, pipes and
// followed files are one with a cutter (engine/input/byte_blocks.h). One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/block.h"
#include "records/input_status.h"

namespace riffle {

// A place between two blocks of a source, where a later run can go on.
struct SourcePosition {
  std::uint64_t offset = 0;  // bytes before it, after decompression
  std::uint64_t lines = 0;   // line ends before it
  std::string format;        // of the records, by its name; empty: not known yet
  std::string cutter;        // what finding the ends of records needs to know: see Cutter::save
  std::size_t file = 0;      // of files that follow one another in one run: the one it is in

  bool operator==(const SourcePosition&) const = default;
};

class BlockSource {
 public:
  virtual ~BlockSource() = default;

  // What fill() came to: a block, which says in its status what became of the input where it has
  // no bytes; nothing yet (more may come); the end of the input.
  enum class Got { block, nothing, end };
  // Reads until there is a whole record and the block is full, or no more is to be had without
  // waiting. `may_wait`: waits for one; an interrupt ends the input. Throws Error (failed), once
  // what came before has been handed out.
  virtual Got fill(Block& block, bool may_wait) = 0;

  // The name of the records' format; empty: not known yet.
  virtual std::string_view format() const = 0;
  // Reads until it is known; it reads nothing that fill() does not hand out. False: not yet, or
  // interrupted.
  virtual bool find_format(bool may_wait) = 0;

  // active: fill() has something, if only its end or a failure. idle: it would wait. ended: fill()
  // said so.
  virtual InputStatus status() const = 0;
  // What to poll while it is idle; -1: it never is.
  virtual int descriptor() const = 0;
  // When it is active again, although nothing arrives: what it holds back is a record by then.
  using Clock = std::chrono::steady_clock;
  virtual std::optional<Clock::time_point> deadline() const { return std::nullopt; }
  // Nothing is to be read any more: what has been read is handed out, and that is the end.
  virtual void end() = 0;

  // After the last block that was handed out.
  virtual SourcePosition position() const = 0;
  // Whether a later run can seek(): not in a pipe.
  virtual bool can_seek() const = 0;
  // Goes on at a position that a source of the same input had. REQUIRES: nothing has been read.
  // Throws Error (failed) when it cannot seek, or ends before that.
  virtual void seek(const SourcePosition& position) = 0;
};

}  // namespace riffle
