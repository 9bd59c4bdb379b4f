#include "engine/input.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "connectors/encoding.h"
#include "data/error.h"

namespace riffle {
namespace {

// A block stays in the second-level cache while it is indexed, walked and written.
constexpr std::size_t usual_block_size = 256 * 1024;

// RIFFLE_BLOCK sets another, for tests: results must not depend on it.
std::size_t block_size() {
  const char* const text = std::getenv("RIFFLE_BLOCK");
  std::size_t size = 0;
  if (text) std::from_chars(text, text + std::strlen(text), size);
  return size ? size : usual_block_size;
}

bool has_content(std::string_view bytes) { return bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf") != bytes.npos; }

}  // namespace

Interrupt::Interrupt() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw system_error("eventfd", errno);
}

Interrupt::~Interrupt() { close(descriptor_); }

void Interrupt::raise() {
  raised_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof one);
}

Inputs::Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options, const Interrupt& interrupt)
    : names_(std::move(names)),
      formats_(names_.size(), from),
      sniffed_(names_.size()),
      assumed_(names_.size()),
      options_(options),
      interrupt_(interrupt),
      block_size_(block_size()) {
  for (std::size_t i = 0; i < names_.size(); i++)
    if (!formats_[i]) formats_[i] = format_of_file(names_[i]);
}

const Format& Inputs::first_format() {
  if (!formats_[0]) {
    open_next();
    if (!formats_[0]) formats_[0] = &sniffed_format({});
  }
  return *formats_[0];
}

void Inputs::assume(const Format& format) {
  for (std::size_t i = 0; i < formats_.size(); i++)
    if (!formats_[i]) formats_[i] = &format, assumed_[i] = true;
}

bool Inputs::all_of(const Format& format) {
  return std::all_of(formats_.begin(), formats_.end(), [&](const Format* f) { return f == &format; });
}

bool Inputs::open_next() {
  if (source_) return true;
  if (input_ == names_.size()) return false;
  source_ = connector_of(names_[input_]).open(names_[input_]);
  if (options_.encoding == InputOptions::Encoding::latin1) source_ = from_latin1(std::move(source_));
  if (options_.encoding == InputOptions::Encoding::utf16) source_ = from_utf16(std::move(source_));
  at_end_ = false;
  carried_size_ = seen_ = 0;
  offset_ = lines_ = 0;
  if (!formats_[input_]) sniff();
  if (interrupt_.raised()) return false;
  const Format& format = *formats_[input_];
  if (!format.make_cutter) throw usage_error(std::string(format.name) + " is a format for output; it cannot be read");
  cutter_ = format.make_cutter(options_);
  return true;
}

// Reads until a byte that is not blank tells the format.
void Inputs::sniff() {
  std::size_t capacity = 64 * 1024;
  carried_ = Buffer(capacity);
  while (!at_end_ && !has_content({carried_.data(), carried_size_})) {
    if (!wait_for_more()) return;
    if (carried_size_ == capacity) {
      Buffer larger(capacity *= 2);
      std::memcpy(larger.data(), carried_.data(), carried_size_);
      carried_ = std::move(larger);
    }
    const std::size_t n = source_->read(carried_.data() + carried_size_, capacity - carried_size_);
    at_end_ = n == 0;
    carried_size_ += n;
  }
  formats_[input_] = &sniffed_format({carried_.data(), carried_size_});
  sniffed_[input_] = true;
}

// Waits until a read would not; false: interrupted.
bool Inputs::wait_for_more() {
  while (!interrupt_.raised()) {
    if (!source_->would_wait()) return true;
    pollfd files[] = {{source_->descriptor(), POLLIN, 0}, {interrupt_.descriptor(), POLLIN, 0}};
    if (poll(files, 2, -1) < 0 && errno != EINTR) throw system_error("poll", errno);
  }
  return false;
}

bool Inputs::next(Block& block) {
  while (!interrupt_.raised() && open_next()) {
    if (fill(block)) return true;
    if (at_end_) {
      source_.reset();
      input_++;
    }
  }
  return false;
}

// Reads until the block is full, or no more is to be had without waiting and there is a whole record. False: the input
// has ended (or the run was interrupted) and nothing is left.
bool Inputs::fill(Block& block) {
  if (failure_) std::rethrow_exception(failure_);
  std::size_t size = carried_size_;
  std::size_t capacity = std::max(block_size_, 2 * size);
  block = Block();
  block.buffer = Buffer(capacity);
  if (size > 0) std::memcpy(block.buffer.data(), carried_.data(), size);
  carried_size_ = 0;
  // What sniffing or the block before left over may already be enough.
  for (bool fresh = size > seen_;;) {
    const bool full = size >= block_size_;
    block.idle = !at_end_ && !full && source_->would_wait();
    if ((fresh && (full || block.idle)) || at_end_) {
      fresh = false;
      if (cut(block, size)) return true;
      if (at_end_) return false;
      seen_ = size;
    }
    if (block.idle && !wait_for_more()) {
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
      return true;
    }
    at_end_ = n == 0;
    fresh = n > 0;
    size += n;
  }
}

// Cuts whole records off the first `size` bytes; false: there is none.
bool Inputs::cut(Block& block, std::size_t size) {
  block.size = static_cast<std::uint32_t>(size);
  block.input = input_;
  block.offset = offset_;
  block.first_line = lines_;
  std::memset(block.buffer.data() + size, 0, Buffer::padding);
  cutter_->cut(block, seen_, at_end_);
  if (block.size == 0) return false;
  block.idle = !at_end_ && source_->would_wait();  // nothing more may come for a while, however full the block is
  number(block);
  carry_over(block, size);
  return true;
}

void Inputs::number(Block& block) {
  block.number = number_++;
  offset_ += block.size;
  lines_ += block.lines;
}

// Keeps what the cutter left of the block's bytes for the next one.
void Inputs::carry_over(Block& block, std::size_t from_size) {
  const std::size_t left = from_size - block.size;
  seen_ = left;
  carried_size_ = left;
  if (left > carried_.capacity() || !carried_.data()) carried_ = Buffer(std::max<std::size_t>(left, 4096));
  std::memcpy(carried_.data(), block.buffer.data() + block.size, left);
  std::memset(block.buffer.data() + block.size, 0, Buffer::padding);
}

}  // namespace riffle
