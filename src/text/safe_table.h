// Abseil's hash tables, made safe where memory runs out. They mark an entry as there before they
// make it, and change their capacity before they allocate: an exception in between would leave a
// table that cannot even be destroyed. So keys are made, and memory for growing is reserved, before
// a table is touched.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <array>
#include <bit>
#include <cstddef>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace riffle {

// A thread's memory for the tables that grow next: what has been reserved is there. A block for
// each power of two, so that a small table never takes what a large one has asked for.
class GrowthMemory {
 public:
  static void reserve(std::size_t bytes) {
    Block& block = block_for(bytes);
    if (block.bytes >= bytes) return;
    void* const larger = ::operator new(bytes);
    ::operator delete(block.memory);
    block.memory = larger;
    block.bytes = bytes;
  }
  static void* take(std::size_t bytes) {
    // What was reserved may be a little more, and of the next power.
    for (Block* const block : {&block_for(bytes), &block_for(2 * bytes)})
      if (block->bytes >= bytes) {
        block->bytes = 0;
        return std::exchange(block->memory, nullptr);
      }
    return ::operator new(bytes);
  }

 private:
  struct Block {
    void* memory = nullptr;
    std::size_t bytes = 0;
    ~Block() { ::operator delete(memory); }
  };
  static Block& block_for(std::size_t bytes) {
    static thread_local std::array<Block, 65> blocks;
    return blocks[static_cast<std::size_t>(std::bit_width(bytes))];
  }
};

template <typename T>
struct GrowthAllocator {
  using value_type = T;  // NOLINT: the name that allocators have
  GrowthAllocator() = default;
  template <typename U>
  GrowthAllocator(const GrowthAllocator<U>&) {}

  T* allocate(std::size_t n) { return static_cast<T*>(GrowthMemory::take(n * sizeof(T))); }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory); }
  bool operator==(const GrowthAllocator&) const { return true; }
  bool operator!=(const GrowthAllocator&) const { return false; }
};

// A key of an entry: a copy, unless it may be moved.
template <typename Key, typename From>
decltype(auto) key_of_entry(From&& from) {
  if constexpr (std::is_same_v<From, Key>)
    return std::forward<From>(from);
  else
    return Key(from);
}

// What the next insertion may need. Abseil doubles a table of which more than 25/32 is in use, a
// small one at any time.
template <typename Table>
void reserve_growth(const Table& table) {
  constexpr std::size_t small = 16, control_bytes = 64;
  const std::size_t capacity = table.capacity();
  if (capacity > small && table.size() <= capacity / 32 * 25) return;
  GrowthMemory::reserve((2 * capacity + 1) * (sizeof(typename Table::value_type) + 1) +
                        control_bytes);
}

template <typename Key, typename V, typename Hash = std::hash<Key>>
class SafeMap : public absl::flat_hash_map<Key, V, Hash, std::equal_to<>,
                                           GrowthAllocator<std::pair<const Key, V>>> {
  using Base =
      absl::flat_hash_map<Key, V, Hash, std::equal_to<>, GrowthAllocator<std::pair<const Key, V>>>;

 public:
  using Base::Base;

  template <typename From, typename... Arguments>
  std::pair<typename Base::iterator, bool> try_emplace(From&& from, Arguments&&... arguments) {
    if (const auto known = this->find(from); known != this->end()) return {known, false};
    reserve_growth(*this);
    return Base::try_emplace(key_of_entry<Key>(std::forward<From>(from)),
                             std::forward<Arguments>(arguments)...);
  }
  template <typename From, typename Value>
  std::pair<typename Base::iterator, bool> emplace(From&& from, Value&& value) {
    return try_emplace(std::forward<From>(from), std::forward<Value>(value));
  }
  template <typename From>
  V& operator[](From&& from) {
    return try_emplace(std::forward<From>(from)).first->second;
  }
};

template <typename Key, typename Hash = std::hash<Key>>
class SafeSet : public absl::flat_hash_set<Key, Hash, std::equal_to<>, GrowthAllocator<Key>> {
  using Base = absl::flat_hash_set<Key, Hash, std::equal_to<>, GrowthAllocator<Key>>;

 public:
  using Base::Base;

  template <typename From>
  std::pair<typename Base::iterator, bool> insert(From&& from) {
    if (const auto known = this->find(from); known != this->end()) return {known, false};
    reserve_growth(*this);
    return Base::insert(key_of_entry<Key>(std::forward<From>(from)));
  }
  template <typename From>
  std::pair<typename Base::iterator, bool> emplace(From&& from) {
    return insert(std::forward<From>(from));
  }
};

}  // namespace riffle
