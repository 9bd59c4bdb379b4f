// ByteBlocks: a source of bytes (a file, a pipe, a followed file), cut into blocks by a format's
// cutter.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/block_source.h"
#include "connectors/connector.h"
#include "engine/input/interrupt.h"
#include "formats/format.h"

namespace riffle {

// The greatest --max-record: blocks that hold such a record, and what comes with it, have places of
// 32 bits.
constexpr std::size_t greatest_max_record = std::size_t{2} << 30;

class ByteBlocks : public BlockSource {
 public:
  // `name`: for messages. `format`: null when it is not known; it is found by the first line that
  // is not blank, or else the name. `options` and `interrupt` outlive this.
  ByteBlocks(std::unique_ptr<ByteSource> source, std::string name, const Format* format,
             const InputOptions& options, const Interrupt& interrupt, std::size_t block_size);

  // At the end of the bytes what is no whole record stays unread.
  void keep_rest() { keeps_rest_ = true; }

  // An interrupt ends a record longer than a block, too.
  Got fill(Block& block, bool may_wait) override;
  std::string_view format() const override { return format_ ? format_->name : std::string_view(); }
  bool find_format(bool may_wait) override;

  InputStatus status() const override;
  int descriptor() const override { return source_->descriptor(); }
  std::optional<Clock::time_point> deadline() const override;
  void end() override { at_end_ = true; }

  SourcePosition position() const override;
  bool can_seek() const override { return source_->can_seek(); }
  void seek(const SourcePosition& position) override;

 private:
  Got fill_more(Block& block, bool may_wait);
  void begin_part();
  ByteSource::Successor begin_successor();
  bool would_wait() const { return !at_end_ && !failure_ && source_->would_wait(); }
  bool wait_for_more() const;
  bool has_paused() const;
  bool cut(Block& block, std::size_t size);
  std::size_t larger_than(std::size_t capacity) const;
  void carry_over(Block& block, std::size_t from_size);

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  const Format* format_;
  const InputOptions& options_;
  const Interrupt& interrupt_;
  std::size_t block_size_;
  std::unique_ptr<Cutter> cutter_;  // null while the format is not known
  bool at_end_ = false;             // of the bytes
  bool keeps_rest_ = false;         // that is no whole record by then
  bool has_ended_ = false;          // fill() said so
  Clock::time_point last_read_;     // when bytes arrived
  std::exception_ptr failure_;      // of reading, told once what came before it has been handed out
  Buffer carried_;                  // bytes read but not yet in a block
  std::size_t carried_size_ = 0, seen_ = 0;
  std::size_t file_ = 0;                  // of those that follow one another
  std::uint64_t offset_ = 0, lines_ = 0;  // of the first byte that is not yet in a block
};

// Opens an input as the options say: decoded, in UTF-8; a binary file is an Error (failed).
// `format`: as above. The other two outlive the answer.
std::unique_ptr<BlockSource> open_blocks(const SourceOptions& source, const Format* format,
                                         const InputOptions& options, const Interrupt& interrupt,
                                         std::size_t block_size);

// The bytes of an input as the options say: decoded, in UTF-8. `is_guessed`: nobody has said that
// it is text of some format.
std::unique_ptr<ByteSource> open_bytes(const SourceOptions& source, const InputOptions& options,
                                       bool is_guessed);

// One input that a later run goes on with: its files, of which each follows the one before (a log
// that was rotated, several times perhaps), and the place in the first one where it begins. What is
// no whole record at the end of the last one is left for the next run, unless this one is the last.
struct ContinuedInput {
  std::vector<int> files;  // descriptors that outlive the source
  std::optional<SourcePosition> position;
  bool is_last_run = false;
};
std::unique_ptr<BlockSource> open_continued(const std::string& where, const ContinuedInput& input,
                                            const Format* format, const InputOptions& options,
                                            const Interrupt& interrupt, std::size_t block_size);

}  // namespace riffle
