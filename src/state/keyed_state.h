// KeyedState: a T for each key, for stages that hold something of each key's records. Keys are
// compared and ordered as Groups says. What the table holds is accounted for in the budget; with
// what its states hold elsewhere, which the stage tells (hold, let_go), and what the stage holds
// besides (account). One thread at a time.
#pragma once

#include <cstddef>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "state/budget.h"
#include "state/groups.h"
#include "state/spilled_groups.h"

namespace riffle {

// The same with blocks of bytes, for states whose size is known at run time (AccumulatorBlocks).
class KeyedBlocks {
 public:
  // `keys` values make a key; of none there is one state. Without a holder the states are not
  // accounted for: whoever has the table adds its held() to something that is.
  KeyedBlocks(std::size_t keys, Groups::Blocks blocks) : groups_(keys, std::move(blocks)) {}
  // They stay in memory.
  KeyedBlocks(std::size_t keys, Groups::Blocks blocks, Holder holder)
      : groups_(keys, std::move(blocks)), holding_(std::in_place, std::move(holder)) {}
  // They can be put on disk, where the budget asks for that.
  KeyedBlocks(std::size_t keys, SpilledGroups::Blocks blocks, Holder holder);

  // The states of these rows, which found() has from now on; states of new keys are started. The
  // rows that brought these keys, in order, are valid until the next call.
  std::span<const Row> find(std::span<const Row> rows, std::span<const Column> keys) {
    found_.resize(rows.size());
    return groups_.find(rows, keys, found_);
  }
  // As find(), for groups of another table with as many keys.
  void find_same(const Groups& other, std::span<const std::size_t> groups) {
    found_.resize(groups.size());
    groups_.find_same(other, groups, found_);
  }
  std::span<std::byte* const> found() const { return found_; }
  // Those that are in memory.
  Groups& groups() { return groups_; }
  const Groups& groups() const { return groups_; }

  // This many more, or fewer, bytes are held by states elsewhere.
  void hold(std::size_t bytes) { held_elsewhere_ += bytes; }
  void let_go(std::size_t bytes) { held_elsewhere_ -= bytes; }
  // They are this many in all.
  void set_held_elsewhere(std::size_t bytes) { held_elsewhere_ = bytes; }
  // Tells the budget what is held, with `besides`. Throws Error where that is too much. REQUIRES:
  // there is a holder.
  void account(std::size_t besides = 0) {
    holding_->set(groups_.held() + held_elsewhere_ + besides);
  }

  // Whether some states have been put on disk: they are merged with those in memory by
  // merge_spilled().
  bool has_spilled() const { return spilled_ && !spilled_->empty(); }
  // From now on they stay in memory: their results are on the way out.
  void disable_spilling() { holding_->disable_spilling(); }
  // Visits all keys in the order in which they first came, with their saved states. Nothing can be
  // added afterwards. REQUIRES: has_spilled().
  void merge_spilled(const SpilledGroups::Visit& visit);

  void save(StateWriter& to, const Groups::Save& write) const;
  // REQUIRES: nothing has been found yet.
  void load(StateReader& from, const Groups::Load& read);

 private:
  void spill();

  Groups groups_;
  std::optional<Holding> holding_;
  std::optional<SpilledGroups> spilled_;  // of tables that can be put on disk
  std::size_t held_elsewhere_ = 0;
  std::vector<std::byte*> found_;
};

template <typename T>
class KeyedState {
 public:
  explicit KeyedState(std::size_t keys) : blocks_(keys, layout()) {}
  KeyedState(std::size_t keys, Holder holder) : blocks_(keys, layout(), std::move(holder)) {}
  // It can be put on disk. `write` and `add` are `save` and `add` of SpilledGroups::Blocks.
  template <typename Save, typename Add>
  KeyedState(std::size_t keys, Holder holder, Save write, Add add)
      : blocks_(keys, spilled_layout(std::move(write), std::move(add)), std::move(holder)) {}

  // Finds the states of these rows; see KeyedBlocks.
  std::span<const Row> find(std::span<const Row> rows, std::span<const Column> keys) {
    return blocks_.find(rows, keys);
  }
  // That of the i-th of the rows that were found.
  T& found(std::size_t i) { return in(blocks_.found()[i]); }
  std::size_t found_count() const { return blocks_.found().size(); }

  // By the number of the key, in the order in which they first came.
  std::size_t size() const { return blocks_.groups().size(); }
  T& operator[](std::size_t number) { return in(blocks_.groups().block_of(number)); }
  const T& operator[](std::size_t number) const { return in(blocks_.groups().block_of(number)); }
  std::span<const Value> keys_of(std::size_t number) const {
    return blocks_.groups().keys_of(number);
  }
  std::size_t held() const { return blocks_.groups().held(); }

  void hold(std::size_t bytes) { blocks_.hold(bytes); }
  void let_go(std::size_t bytes) { blocks_.let_go(bytes); }
  void set_held_elsewhere(std::size_t bytes) { blocks_.set_held_elsewhere(bytes); }
  void account(std::size_t besides = 0) { blocks_.account(besides); }

  bool has_spilled() const { return blocks_.has_spilled(); }
  void disable_spilling() { blocks_.disable_spilling(); }
  void merge_spilled(const SpilledGroups::Visit& visit) { blocks_.merge_spilled(visit); }

  // write(const T&, StateWriter&) writes a state; read(T&, StateReader&) reads it into a new one.
  template <typename Write>
  void save(StateWriter& to, const Write& write) const {
    blocks_.save(to, [&](const std::byte* block, StateWriter& one) { write(in(block), one); });
  }
  template <typename Read>
  void load(StateReader& from, const Read& read) {
    blocks_.load(from, [&](std::byte* block, StateReader& one) { read(in(block), one); });
  }

 private:
  static_assert(alignof(T) <= 8);
  static T& in(std::byte* block) { return *std::launder(reinterpret_cast<T*>(block)); }
  static const T& in(const std::byte* block) {
    return *std::launder(reinterpret_cast<const T*>(block));
  }
  static Groups::Blocks layout() {
    Groups::Blocks blocks{sizeof(T), [](std::byte* block) { new (block) T(); }, nullptr};
    if constexpr (!std::is_trivially_destructible_v<T>)
      blocks.stop = [](std::byte* block) { in(block).~T(); };
    return blocks;
  }
  template <typename Save, typename Add>
  static SpilledGroups::Blocks spilled_layout(Save write, Add add) {
    return {
        layout(), [write](const std::byte* block, StateWriter& to) { write(in(block), to); },
        [add](std::byte* block, StateReader& from, bool fresh) { add(in(block), from, fresh); }};
  }

  KeyedBlocks blocks_;
};

}  // namespace riffle
