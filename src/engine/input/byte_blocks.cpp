#include "engine/input/byte_blocks.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "connectors/binary.h"
#include "connectors/encoding.h"
#include "connectors/file_chain.h"
#include "formats/lines/lines.h"
#include "formats/sniff.h"
#include "values/error.h"

namespace riffle {
namespace {

// What writes a stack trace does not stop for so long in it.
constexpr std::chrono::milliseconds pause_length(500);
// Places in a block have 32 bits.
constexpr std::size_t most_in_block = UINT32_MAX - 4096;

}  // namespace
ByteBlocks::ByteBlocks(std::unique_ptr<ByteSource> source, std::string name, const Format* format,
                       const InputOptions& options, const Interrupt& interrupt,
                       std::size_t block_size)
    : source_(std::move(source)),
      name_(std::move(name)),
      format_(format),
      options_(options),
      interrupt_(interrupt),
      block_size_(block_size) {
  if (format_) begin_part();
}

void ByteBlocks::begin_part() {
  check_direction(*format_, Direction::in);
  cutter_ = format_->make_cutter(options_);
}

bool ByteBlocks::find_format(bool may_wait) {
  if (format_) return true;
  if (!carried_.data()) carried_ = Buffer(64 * 1024);
  const Format& usual =
      options_.multiline.empty() ? usual_format(name_) : *riffle::find_format("text");
  std::size_t blanks = 0;  // that the input begins with, each of which is looked at once
  const auto sniff = [&]() -> const Format* {
    std::string_view bytes{carried_.data(), carried_size_};
    if (blanks == 0 && bytes.starts_with(byte_order_mark)) blanks = byte_order_mark.size();
    blanks = std::min(bytes.find_first_not_of(" \t\r\n", blanks), bytes.size());
    // So many say as much as nothing else.
    if (blanks > options_.max_record) return sniffed_format({}, true, usual);
    if (blanks == bytes.size() && blanks > byte_order_mark.size() && !at_end_) return nullptr;
    const std::size_t before = bytes.find_last_of("\r\n", blanks);
    if (before != bytes.npos) bytes.remove_prefix(before + 1);
    return sniffed_format(bytes, at_end_, usual);
  };
  while (!(format_ = sniff())) {
    if (may_wait ? !wait_for_more() : source_->would_wait()) {
      if (!interrupt_.raised()) return false;
      at_end_ = true;
      continue;
    }
    if (carried_size_ == carried_.capacity()) {
      Buffer larger(2 * carried_.capacity());
      std::memcpy(larger.data(), carried_.data(), carried_size_);
      carried_ = std::move(larger);
    }
    const std::size_t n =
        source_->read(carried_.data() + carried_size_, carried_.capacity() - carried_size_);
    at_end_ = n == 0;
    carried_size_ += n;
    last_read_ = Clock::now();
  }
  begin_part();
  return true;
}

// Waits until a read would not, or the input has paused; false: interrupted.
bool ByteBlocks::wait_for_more() const {
  while (!interrupt_.raised()) {
    if (!source_->would_wait() || has_paused()) return true;
    pollfd files[] = {{source_->descriptor(), POLLIN, 0}, {interrupt_.descriptor(), POLLIN, 0}};
    int milliseconds = -1;
    if (const auto until = deadline())
      milliseconds = static_cast<int>(std::max<std::int64_t>(
          0, std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count()));
    if (poll(files, 2, milliseconds) < 0 && errno != EINTR) throw system_error("poll", errno);
  }
  return false;
}

std::optional<BlockSource::Clock::time_point> ByteBlocks::deadline() const {
  if (!cutter_ || !cutter_->holds_record()) return std::nullopt;
  return last_read_ + pause_length;
}

// Whether nothing has arrived for so long that a record which the next line might belong to is
// whole.
bool ByteBlocks::has_paused() const {
  const auto until = deadline();
  return until && Clock::now() >= *until;
}

BlockSource::Got ByteBlocks::fill(Block& block, bool may_wait) {
  const Got got = fill_more(block, may_wait);
  has_ended_ = got == Got::end;
  return got;
}

// Twice as much, but just enough for the longest record and its neighbours: while bytes are moved
// both are there.
std::size_t ByteBlocks::larger_than(std::size_t capacity) const {
  const std::size_t enough = options_.max_record + block_size_;
  return 2 * capacity >= options_.max_record && capacity < enough ? enough : 2 * capacity;
}

BlockSource::Got ByteBlocks::fill_more(Block& block, bool may_wait) {
  if (failure_) std::rethrow_exception(failure_);
  if (!find_format(may_wait)) return at_end_ || interrupt_.raised() ? Got::end : Got::nothing;
  std::size_t size = carried_size_;
  std::size_t capacity = std::max(block_size_, 2 * size);
  block = Block();
  block.buffer = Buffer(capacity);
  if (size > 0) std::memcpy(block.buffer.data(), carried_.data(), size);
  carried_size_ = 0;
  // What sniffing or the block before left over may already be enough.
  for (bool fresh = size > seen_;;) {
    const bool full = size >= block_size_, waits = !full && would_wait();
    if ((fresh && (full || waits)) || at_end_) {
      fresh = false;
      if (cut(block, size)) return Got::block;
      if (at_end_) {
        const auto successor = begin_successor();
        if (successor == ByteSource::Successor::none) return Got::end;
        at_end_ = false;
        seen_ = size = 0;
        if (successor == ByteSource::Successor::other_file) continue;
        block.size = 0;
        block.status = InputStatus::truncated;
        return Got::block;
      }
      seen_ = size;
    }
    const bool must_wait = full ? would_wait() : waits;
    if (must_wait && has_paused()) {
      cutter_->release();
      if (cut(block, size)) return Got::block;
    }
    if (must_wait && !may_wait) {
      block.size = 0;
      carry_over(block, size);
      return Got::nothing;
    }
    if (must_wait ? !wait_for_more() : full && interrupt_.raised()) {
      at_end_ = true;  // interrupted: the input ends here
      continue;
    }
    if (must_wait && has_paused()) continue;
    if (size == capacity) {
      capacity = larger_than(capacity);
      Buffer larger(capacity);
      std::memcpy(larger.data(), block.buffer.data(), size);
      block.buffer = std::move(larger);
    }
    const std::size_t room = std::min(capacity, most_in_block) - size;
    if (room == 0) throw failure(fmt::format("{}: a record of more than 4 GiB", visible(name_)));
    const std::size_t wanted = size < block_size_ ? block_size_ - size : room;
    std::size_t n = 0;
    try {
      n = source_->read(block.buffer.data() + size, wanted);
    } catch (const Error&) {
      // What came before the damage is whole as far as it goes: it is handed out first.
      if (size == seen_ || !cut(block, size)) throw;
      failure_ = std::current_exception();
      return Got::block;
    }
    at_end_ = n == 0;
    fresh = n > 0;
    last_read_ = Clock::now();
    size += n;
  }
}

// Where a file follows the one that has ended (--follow), everything begins again.
ByteSource::Successor ByteBlocks::begin_successor() {
  if (interrupt_.raised()) return ByteSource::Successor::none;
  const auto successor = source_->begin_successor();
  if (successor == ByteSource::Successor::none) return successor;
  offset_ = lines_ = 0;
  if (successor == ByteSource::Successor::other_file) file_++;
  begin_part();
  return successor;
}

// Cuts whole records off the first `size` bytes; false: there is none.
bool ByteBlocks::cut(Block& block, std::size_t size) {
  block.size = static_cast<std::uint32_t>(size);
  block.offset = offset_;
  block.first_line = lines_;
  std::memset(block.buffer.data() + size, 0, Buffer::padding);
  cutter_->cut(block, seen_, at_end_ && !(keeps_rest_ && !source_->has_successor()));
  if (block.size == 0) return false;
  // Nothing more may come for a while, however full the block is.
  block.flush = !at_end_ && source_->would_wait();
  offset_ += block.size;
  lines_ += block.lines;
  carry_over(block, size);
  if (cutter_->leaves_records()) seen_ = 0;
  return true;
}

// Keeps what the cutter left of the block's bytes for the next one.
void ByteBlocks::carry_over(Block& block, std::size_t from_size) {
  const std::size_t left = from_size - block.size;
  seen_ = left;
  carried_size_ = left;
  if (left > carried_.capacity() || !carried_.data())
    carried_ = Buffer(std::max<std::size_t>(left, 4096));
  std::memcpy(carried_.data(), block.buffer.data() + block.size, left);
  std::memset(block.buffer.data() + block.size, 0, Buffer::padding);
}

InputStatus ByteBlocks::status() const {
  if (has_ended_) return InputStatus::ended;
  return would_wait() && !has_paused() ? InputStatus::idle : InputStatus::active;
}

SourcePosition ByteBlocks::position() const {
  SourcePosition position{offset_, lines_, std::string(format()), {}, file_};
  StateWriter to(position.cutter);
  if (cutter_) cutter_->save(to);
  return position;
}

void ByteBlocks::seek(const SourcePosition& position) {
  if (!can_seek())
    throw failure(fmt::format("{}: cannot go on from byte {}: it is no file", visible(name_),
                              position.offset));
  if (!source_->skip(position.offset))
    throw failure(fmt::format("{}: ends before byte {}, where the last run stopped", visible(name_),
                              position.offset));
  offset_ = position.offset;
  lines_ = position.lines;
  if (position.format.empty()) return;
  format_ = riffle::find_format(position.format);
  if (format_) begin_part();
  if (!format_) throw failure(name_ + ": the saved position is damaged");
  StateReader from(position.cutter);
  try {
    cutter_->load(from);
    from.end();
  } catch (const Error&) {
    throw failure(name_ + ": the saved position is damaged");
  }
}

std::unique_ptr<ByteSource> open_bytes(const SourceOptions& source, const InputOptions& options,
                                       bool is_guessed) {
  using Encoding = InputOptions::Encoding;
  auto bytes = connector_of(source.where).open(source);
  bytes = refusing_binary(std::move(bytes), source.where,
                          is_guessed && options.encoding != Encoding::utf16);
  if (options.encoding == Encoding::utf8 && !source.follow)
    bytes = utf16_if_marked(std::move(bytes));
  if (options.encoding == Encoding::latin1) bytes = from_latin1(std::move(bytes));
  if (options.encoding == Encoding::windows_1252) bytes = from_windows_1252(std::move(bytes));
  if (options.encoding == Encoding::utf16) bytes = from_utf16(std::move(bytes));
  if (options.replace_invalid_utf8) bytes = with_invalid_utf8_replaced(std::move(bytes));
  return bytes;
}

std::unique_ptr<BlockSource> open_blocks(const SourceOptions& source, const Format* format,
                                         const InputOptions& options, const Interrupt& interrupt,
                                         std::size_t block_size) {
  return std::make_unique<ByteBlocks>(
      open_bytes(source, options, !format),
      source.where == "-" ? "standard input" : visible(source.where), format, options, interrupt,
      block_size);
}

std::unique_ptr<BlockSource> open_continued(const std::string& where, const ContinuedInput& input,
                                            const Format* format, const InputOptions& options,
                                            const Interrupt& interrupt, std::size_t block_size) {
  std::vector<std::unique_ptr<ByteSource>> files;
  for (const int file : input.files)
    files.push_back(open_bytes({where, false, file}, options, !format));
  auto blocks = std::make_unique<ByteBlocks>(one_after_the_other(std::move(files)), visible(where),
                                             format, options, interrupt, block_size);
  if (!input.is_last_run) blocks->keep_rest();
  if (input.position) blocks->seek(*input.position);
  return blocks;
}

}  // namespace riffle
