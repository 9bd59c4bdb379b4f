#include "engine/input/input.h"

#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "values/error.h"

namespace riffle {
namespace {

// A block stays in the second-level cache while it is indexed, walked and written.
constexpr std::size_t usual_block_size = 256 * 1024;

// How late a window that closes by the clock may be.
constexpr std::chrono::milliseconds time_between_ticks(100);

// RIFFLE_BLOCK sets another, for tests: results must not depend on it.
std::size_t block_size() {
  const char* const text = std::getenv("RIFFLE_BLOCK");
  std::size_t size = 0;
  if (text) std::from_chars(text, text + std::strlen(text), size);
  return size ? size : usual_block_size;
}

}  // namespace

std::uint32_t Turns::add(bool is_live, std::uint32_t current) {
  if (!is_live) return next_++;
  if (!live_ || *live_ < current) live_ = next_++;
  return *live_;
}

std::vector<std::uint32_t> turns_of(const std::vector<std::string>& names, const LiveInputs& live) {
  Turns turns;
  std::vector<std::uint32_t> all;
  for (const std::string& name : names)
    all.push_back(turns.add(connector_of(name).is_live({name, live.follow})));
  return all;
}

Inputs::Inputs(std::vector<std::string> names, const Format* from, const InputOptions& options,
               const Interrupt& interrupt, LiveInputs live)
    : from_(from), options_(options), interrupt_(interrupt), how_(live), block_size_(block_size()) {
  for (std::string& name : names) add(std::move(name));
}

std::uint32_t Inputs::add(std::string name) {
  const auto input = static_cast<std::uint32_t>(names_.size());
  const std::uint32_t turn = turns_.add(connector_of(name).is_live({name, how_.follow}), turn_);
  inputs_.resize(std::max<std::size_t>(inputs_.size(), turn + 1));
  inputs_[turn].push_back(input);
  formats_.push_back(from_ ? from_ : format_of_file(name));
  sniffed_.push_back(!formats_.back());
  assumed_.push_back(false);
  names_.push_back(std::move(name));
  if (turn == turn_ && !live_.empty()) opened(input), live_[input];
  return input;
}

BlockSource& Inputs::opened(std::uint32_t input) {
  std::unique_ptr<BlockSource>& open = open_[input];
  const auto continued = continued_.find(input);
  if (!open && continued != continued_.end())
    open = open_continued(names_[input], continued->second, formats_[input], options_, interrupt_,
                          block_size_);
  if (!open)
    open = open_blocks({names_[input], how_.follow}, formats_[input], options_, interrupt_,
                       block_size_);
  return *open;
}

void Inputs::go_on(std::uint32_t input, ContinuedInput how) {
  // The format was found, if it had to be, by the first run.
  if (how.position && !formats_[input]) {
    formats_[input] = find_format(how.position->format);
    sniffed_[input] = false;
  }
  continued_[input] = std::move(how);
}

SourcePosition Inputs::position_of(std::uint32_t input) {
  const auto ended = ended_at_.find(input);
  return ended != ended_at_.end() ? ended->second : opened(input).position();
}

BlockSource::Got Inputs::fill(std::uint32_t input, Block& block, bool may_wait) {
  const BlockSource::Got got = opened(input).fill(block, may_wait);
  note_format(input);
  return got;
}

void Inputs::note_format(std::uint32_t input) {
  if (!formats_[input]) formats_[input] = find_format(opened(input).format());
}

const Format& Inputs::first_format() {
  if (!formats_[0]) {
    opened(0).find_format(true);
    note_format(0);
  }
  if (!formats_[0]) formats_[0] = find_format("ndjson");
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
  for (; turn_ < inputs_.size(); turn_++) {
    const bool alone = inputs_[turn_].size() == 1 && !how_.ticks;
    if (alone ? next_alone(block) : next_together(block)) return true;
    if (interrupt_.raised()) return false;
  }
  return false;
}

bool Inputs::next_of(std::uint32_t input, Block& block) {
  if (interrupt_.raised() || fill(input, block, true) != BlockSource::Got::block) return false;
  number(block, input);
  return true;
}

bool Inputs::next_alone(Block& block) {
  if (interrupt_.raised()) return false;
  const std::uint32_t input = inputs_[turn_][0];
  switch (fill(input, block, has_flushed_)) {
    case BlockSource::Got::block:
      if (continued_.contains(input)) together_ = std::min(together_ + 1, UINT32_MAX - 1);
      number(block, input);
      has_flushed_ = block.flush;
      return true;
    case BlockSource::Got::nothing:
      tell(block, input, InputStatus::active);
      return block.flush = has_flushed_ = true;
    case BlockSource::Got::end:
      break;
  }
  if (continued_.contains(input)) ended_at_[input] = opened(input).position();
  open_.erase(input);
  return false;
}

// After an interrupt what has been read is handed out, and that is all.
bool Inputs::next_together(Block& block) {
  const std::vector<std::uint32_t>& inputs = inputs_[turn_];
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
    if (mark_idle(block) || tick(block)) return true;
    wait_for_any();
  }
}

// Whether it has something for us: records, or its end.
bool Inputs::try_input(std::uint32_t input, Block& block) {
  Live& live = live_[input];
  if (live.has_ended || open_[input]->status() == InputStatus::idle) return false;
  const BlockSource::Got got = fill(input, block, false);
  live.last = Clock::now();
  live.is_idle = false;
  if (got == BlockSource::Got::nothing) return false;
  if (got == BlockSource::Got::end) {
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
    return !live.second.has_ended && open_[live.first]->status() != InputStatus::idle;
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

// While nothing comes, a block tells that the clock goes on.
bool Inputs::tick(Block& block) {
  if (!how_.ticks || Clock::now() < next_tick_) return false;
  next_tick_ = Clock::now() + time_between_ticks;
  tell(block, inputs_[turn_][0], InputStatus::active);
  return block.flush = has_flushed_ = true;
}

void Inputs::wait_for_any() {
  std::vector<pollfd> files = {{interrupt_.descriptor(), POLLIN, 0}};
  std::optional<Clock::time_point> until;
  for (const auto& [input, live] : live_) {
    if (live.has_ended) continue;
    files.push_back({open_[input]->descriptor(), POLLIN, 0});
    if (const auto deadline = open_[input]->deadline())
      until = std::min(until.value_or(Clock::time_point::max()), *deadline);
    if (how_.idle && !live.is_idle)
      until = std::min(until.value_or(Clock::time_point::max()), live.last + *how_.idle);
  }
  if (how_.ticks) until = std::min(until.value_or(Clock::time_point::max()), next_tick_);
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
  using std::chrono::nanoseconds;
  const auto now =
      std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
  block.arrival = arrival_ = std::max<std::int64_t>(arrival_, now.count());
  block.number = number_++;
  block.input = input;
  block.turn = together_;
}

}  // namespace riffle
