// Accumulators: what aggregates gather of a group's records, and sequence functions of the records
// before. An Accumulator is one call of the pipeline, prepared, immutable and shared by threads.
// Its states are plain bytes that somebody else owns, for each group those of all calls side by
// side.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "values/saved_state.h"

namespace riffle {

class Accumulator {
 public:
  virtual ~Accumulator() = default;

  // Of a state; it is aligned to 8 bytes.
  virtual std::size_t size() const = 0;
  // Begins and ends a state's life. Between these calls it has gathered what it was given.
  virtual void start(std::byte* state) const = 0;
  virtual void stop(std::byte* state) const = 0;
  // Whether a state may hold more bytes than its own size(), and how many they are.
  virtual bool holds_more() const { return false; }
  virtual std::size_t held(const std::byte*) const { return 0; }
  virtual void save(const std::byte* state, StateWriter& to) const = 0;
  // REQUIRES: `state` has just been started. Throws Error, and leaves a state that can be stopped.
  virtual void load(std::byte* state, StateReader& from) const = 0;
};

// One whose states are plain C++ values. `Self` derives from this and has: void save_state(const
// State&, StateWriter&) const and void load_state(State&, StateReader&) const. `Base`: Accumulator,
// or what derives from it.
template <typename Self, typename State, typename Base>
class AccumulatorOf : public Base {
 public:
  std::size_t size() const override { return sizeof(State); }
  void start(std::byte* bytes) const override {
    static_assert(alignof(State) <= 8);
    new (bytes) State();
  }
  void stop(std::byte* bytes) const override { state(bytes).~State(); }
  void save(const std::byte* bytes, StateWriter& to) const override {
    self().save_state(state(bytes), to);
  }
  void load(std::byte* bytes, StateReader& from) const override {
    self().load_state(state(bytes), from);
  }

 protected:
  static State& state(std::byte* bytes) { return *std::launder(reinterpret_cast<State*>(bytes)); }
  static const State& state(const std::byte* bytes) {
    return *std::launder(reinterpret_cast<const State*>(bytes));
  }
  const Self& self() const { return static_cast<const Self&>(*this); }
};

// Several accumulators' states side by side in one block. The accumulators outlive this.
class AccumulatorBlocks {
 public:
  // Where in a block the state of `accumulator` will be: after those that were added before. Before
  // the first block is started.
  std::size_t add(const Accumulator& accumulator);
  // How much of a block it takes.
  static std::size_t room_for(const Accumulator& accumulator) {
    return (accumulator.size() + 7) / 8 * 8;
  }

  std::size_t size() const { return size_; }
  void start(std::byte* block) const;
  void stop(std::byte* block) const;
  bool hold_more() const;
  std::size_t held(const std::byte* block) const;
  void save(const std::byte* block, StateWriter& to) const;
  void load(std::byte* block, StateReader& from) const;

 private:
  struct Place {
    const Accumulator* accumulator = nullptr;
    std::size_t offset = 0;
  };
  std::vector<Place> places_;
  std::size_t size_ = 0;
};

// The state of `Of`, an Accumulator or AccumulatorBlocks, in memory of its own. `Of` outlives it.
template <typename Of>
class OwnedState {
 public:
  explicit OwnedState(const Of& of)
      : of_(&of), bytes_(std::make_unique<std::uint64_t[]>((of.size() + 7) / 8)) {
    of_->start(at());
  }
  OwnedState(OwnedState&&) noexcept = default;
  OwnedState& operator=(OwnedState&&) = delete;
  ~OwnedState() {
    if (bytes_) of_->stop(at());
  }

  std::byte* at() { return reinterpret_cast<std::byte*>(bytes_.get()); }
  const std::byte* at() const { return reinterpret_cast<const std::byte*>(bytes_.get()); }
  void clear() {
    of_->stop(at());
    of_->start(at());
  }
  void save(StateWriter& to) const { of_->save(at(), to); }
  void load(StateReader& from) { of_->load(at(), from); }

 private:
  const Of* of_;
  std::unique_ptr<std::uint64_t[]> bytes_;
};

}  // namespace riffle
