#include "engine/input/open_input.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "engine/input/input.h"
#include "values/error.h"

namespace riffle {
namespace {

bool has_content(std::string_view bytes) {
  return bytes.find_first_not_of(
             " \t\r\n"
             "\xef\xbb\xbf") != bytes.npos;
}

}  // namespace

OpenInput::OpenInput(std::unique_ptr<ByteSource> source, const Format*& format,
                     const InputOptions& options, const Interrupt& interrupt,
                     std::size_t block_size)
    : source_(std::move(source)),
      format_(format),
      options_(options),
      interrupt_(interrupt),
      block_size_(block_size) {
  if (format_) begin_part();
}

void OpenInput::begin_part() {
  check_direction(*format_, Direction::in);
  cutter_ = format_->make_cutter(options_);
}

bool OpenInput::find_format(bool may_wait) {
  if (format_) return true;
  if (!carried_.data()) carried_ = Buffer(64 * 1024);
  while (!at_end_ && !has_content({carried_.data(), carried_size_})) {
    if (may_wait ? !wait_for_more() : source_->would_wait()) return false;
    if (carried_size_ == carried_.capacity()) {
      Buffer larger(2 * carried_.capacity());
      std::memcpy(larger.data(), carried_.data(), carried_size_);
      carried_ = std::move(larger);
    }
    const std::size_t n =
        source_->read(carried_.data() + carried_size_, carried_.capacity() - carried_size_);
    at_end_ = n == 0;
    carried_size_ += n;
  }
  format_ = &sniffed_format({carried_.data(), carried_size_});
  begin_part();
  return true;
}

// Waits until a read would not; false: interrupted.
bool OpenInput::wait_for_more() const {
  while (!interrupt_.raised()) {
    if (!source_->would_wait()) return true;
    pollfd files[] = {{source_->descriptor(), POLLIN, 0}, {interrupt_.descriptor(), POLLIN, 0}};
    if (poll(files, 2, -1) < 0 && errno != EINTR) throw system_error("poll", errno);
  }
  return false;
}

OpenInput::Got OpenInput::fill(Block& block, bool may_wait) {
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
    if (must_wait && !may_wait) {
      block.size = 0;
      carry_over(block, size);
      return Got::nothing;
    }
    if (must_wait ? !wait_for_more() : full && interrupt_.raised()) {
      at_end_ = true;  // interrupted: the input ends here
      continue;
    }
    if (size == capacity) {
      Buffer larger(capacity *= 2);
      std::memcpy(larger.data(), block.buffer.data(), size);
      block.buffer = std::move(larger);
    }
    const std::size_t wanted = size < block_size_ ? block_size_ - size : capacity - size;
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
    size += n;
  }
}

// Where a file follows the one that has ended (--follow), everything begins anew.
ByteSource::Successor OpenInput::begin_successor() {
  if (interrupt_.raised()) return ByteSource::Successor::none;
  const auto successor = source_->begin_successor();
  if (successor == ByteSource::Successor::none) return successor;
  offset_ = lines_ = 0;
  begin_part();
  return successor;
}

// Cuts whole records off the first `size` bytes; false: there is none.
bool OpenInput::cut(Block& block, std::size_t size) {
  block.size = static_cast<std::uint32_t>(size);
  block.offset = offset_;
  block.first_line = lines_;
  std::memset(block.buffer.data() + size, 0, Buffer::padding);
  cutter_->cut(block, seen_, at_end_);
  if (block.size == 0) return false;
  // Nothing more may come for a while, however full the block is.
  block.flush = !at_end_ && source_->would_wait();
  offset_ += block.size;
  lines_ += block.lines;
  carry_over(block, size);
  return true;
}

// Keeps what the cutter left of the block's bytes for the next one.
void OpenInput::carry_over(Block& block, std::size_t from_size) {
  const std::size_t left = from_size - block.size;
  seen_ = left;
  carried_size_ = left;
  if (left > carried_.capacity() || !carried_.data())
    carried_ = Buffer(std::max<std::size_t>(left, 4096));
  std::memcpy(carried_.data(), block.buffer.data() + block.size, left);
  std::memset(block.buffer.data() + block.size, 0, Buffer::padding);
}

}  // namespace riffle
