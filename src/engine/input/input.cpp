#include "engine/input/input.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "connectors/binary.h"
#include "connectors/encoding.h"
#include "values/error.h"

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

std::vector<std::uint32_t> turns_of(const std::vector<std::string>& names, const LiveInputs& live) {
  std::vector<std::uint32_t> turns;
  std::optional<std::uint32_t> turn_of_live;
  std::uint32_t next = 0;
  for (const std::string& name : names) {
    const bool is_live = live.follow || connector_of(name).is_live(name);
    if (is_live && !turn_of_live) turn_of_live = next++;
    turns.push_back(is_live ? *turn_of_live : next++);
  }
  return turns;
}

Inputs::Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options,
               const Interrupt& interrupt, LiveInputs live)
    : names_(std::move(names)),
      formats_(names_.size(), from),
      sniffed_(names_.size()),
      assumed_(names_.size()),
      options_(options),
      interrupt_(interrupt),
      how_(live),
      block_size_(block_size()) {
  const std::vector<std::uint32_t> turns = turns_of(names_, how_);
  for (std::uint32_t i = 0; i < names_.size(); i++) {
    if (!formats_[i]) formats_[i] = format_of_file(names_[i]);
    sniffed_[i] = !formats_[i];
    turns_.resize(std::max<std::size_t>(turns_.size(), turns[i] + 1));
    turns_[turns[i]].push_back(i);
  }
}

OpenInput& Inputs::opened(std::uint32_t input) {
  std::unique_ptr<OpenInput>& open = open_[input];
  if (open) return *open;
  const Connector& connector = connector_of(names_[input]);
  auto source = how_.follow ? connector.follow(names_[input]) : connector.open(names_[input]);
  source = refusing_binary(std::move(source), names_[input],
                           sniffed_[input] && options_.encoding != InputOptions::Encoding::utf16);
  if (options_.encoding == InputOptions::Encoding::latin1) source = from_latin1(std::move(source));
  if (options_.encoding == InputOptions::Encoding::utf16) source = from_utf16(std::move(source));
  open = std::make_unique<OpenInput>(std::move(source), formats_[input], options_, interrupt_,
                                     block_size_);
  return *open;
}

const Format& Inputs::first_format() {
  if (!formats_[0]) opened(0).find_format(true);
  if (!formats_[0]) formats_[0] = &sniffed_format({});
  return *formats_[0];
}

void Inputs::assume(const Format& format) {
  for (std::size_t i = 0; i < formats_.size(); i++)
    if (!formats_[i]) formats_[i] = &format, assumed_[i] = true;
}

bool Inputs::all_of(const Format& format) {
  return std::all_of(formats_.begin(), formats_.end(),
                     [&](const Format* f) { return f == &format; });
}

bool Inputs::next(Block& block) {
  for (; turn_ < turns_.size(); turn_++) {
    const bool alone = turns_[turn_].size() == 1 && !how_.idle;
    if (alone ? next_alone(block) : next_together(block)) return true;
    if (interrupt_.raised()) return false;
  }
  return false;
}

bool Inputs::next_of(std::uint32_t input, Block& block) {
  if (interrupt_.raised() || opened(input).fill(block, true) != OpenInput::Got::block) return false;
  number(block, input);
  return true;
}

bool Inputs::next_alone(Block& block) {
  if (interrupt_.raised()) return false;
  const std::uint32_t input = turns_[turn_][0];
  switch (opened(input).fill(block, has_flushed_)) {
    case OpenInput::Got::block:
      number(block, input);
      has_flushed_ = block.flush;
      return true;
    case OpenInput::Got::nothing:
      tell(block, input, InputStatus::active);
      return block.flush = has_flushed_ = true;
    case OpenInput::Got::end:
      break;
  }
  open_.erase(input);
  return false;
}

// After an interrupt what has been read is handed out, and that is all.
bool Inputs::next_together(Block& block) {
  const std::vector<std::uint32_t>& inputs = turns_[turn_];
  if (live_.empty())
    for (const std::uint32_t input : inputs) opened(input), live_[input];
  while (true) {
    if (interrupt_.raised())
      for (auto& [input, open] : open_) open->end();
    for (std::size_t i = 0; i < inputs.size(); i++)
      if (try_input(inputs[next_live_++ % inputs.size()], block)) return true;
    if (std::all_of(live_.begin(), live_.end(),
                    [](const auto& live) { return live.second.has_ended; })) {
      live_.clear();
      return false;
    }
    if (!has_flushed_) {
      tell(block, inputs[0], InputStatus::active);
      return block.flush = has_flushed_ = true;
    }
    if (mark_idle(block)) return true;
    wait_for_any();
  }
}

// Whether it has something for us: records, or its end.
bool Inputs::try_input(std::uint32_t input, Block& block) {
  Live& live = live_[input];
  if (live.has_ended || open_[input]->would_wait()) return false;
  const OpenInput::Got got = open_[input]->fill(block, false);
  live.last = Clock::now();
  live.is_idle = false;
  if (got == OpenInput::Got::nothing) return false;
  if (got == OpenInput::Got::end) {
    live.has_ended = true;
    open_.erase(input);
    tell(block, input, InputStatus::ended);
    return true;
  }
  number(block, input);
  block.turn = together_ = std::min(together_ + 1, UINT32_MAX - 1);
  block.flush = block.flush && !any_ready();
  has_flushed_ = block.flush;
  return true;
}

bool Inputs::any_ready() {
  return std::any_of(live_.begin(), live_.end(), [&](const auto& live) {
    return !live.second.has_ended && !open_[live.first]->would_wait();
  });
}

// The first input that has been silent for too long.
bool Inputs::mark_idle(Block& block) {
  if (!how_.idle) return false;
  for (auto& [input, live] : live_) {
    if (live.has_ended || live.is_idle || Clock::now() - live.last < *how_.idle) continue;
    live.is_idle = true;
    tell(block, input, InputStatus::idle);
    return true;
  }
  return false;
}

void Inputs::wait_for_any() {
  std::vector<pollfd> files = {{interrupt_.descriptor(), POLLIN, 0}};
  std::optional<Clock::time_point> until;
  for (const auto& [input, live] : live_) {
    if (live.has_ended) continue;
    files.push_back({open_[input]->descriptor(), POLLIN, 0});
    if (how_.idle && !live.is_idle)
      until = std::min(until.value_or(Clock::time_point::max()), live.last + *how_.idle);
  }
  int milliseconds = -1;
  if (until)
    milliseconds = static_cast<int>(std::clamp<std::int64_t>(
        std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count(), 0, 1 << 30));
  if (poll(files.data(), files.size(), milliseconds) < 0 && errno != EINTR)
    throw system_error("poll", errno);
}

// A block without bytes.
void Inputs::tell(Block& block, std::uint32_t input, InputStatus status) {
  block = Block();
  block.buffer = Buffer(0);
  block.status = status;
  number(block, input);
  has_flushed_ = false;
}

void Inputs::number(Block& block, std::uint32_t input) {
  block.number = number_++;
  block.input = input;
  block.turn = together_;
}

}  // namespace riffle
