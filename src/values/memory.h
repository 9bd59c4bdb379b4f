// Memory: a bump allocator. What it gives lives as long as it does; nothing is freed singly. Not
// for several threads. `padding` bytes after whatever it gives can be read (their values mean
// nothing): SIMD may look past a text's end.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace riffle {

class Memory {
 public:
  static constexpr std::size_t padding = 64;

  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // `count` objects, not initialised.
  template <typename T>
  T* allocate(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(bytes(count * sizeof(T), alignof(T)));
  }

  std::string_view copy(std::string_view text) {
    char* to = allocate<char>(text.size());
    if (!text.empty()) std::memcpy(to, text.data(), text.size());
    return {to, text.size()};
  }

  template <typename T>
  std::span<T> copy(std::span<const T> items) {
    T* to = allocate<T>(items.size());
    if (!items.empty()) std::memcpy(static_cast<void*>(to), items.data(), items.size_bytes());
    return {to, items.size()};
  }

  // Keeps something alive that values of this memory point into (a Block, another batch's Memory).
  void keep(std::shared_ptr<const void> other) { kept_.push_back(std::move(other)); }

  // Bytes taken from the system, without what is kept.
  std::size_t size() const { return taken_; }

  // From now on, where all memories of the process have taken more than this, one that has grown
  // large gets no more: allocate() throws Error. What stages hold is counted for itself, and has
  // the same limit (state/budget.h).
  static void set_limit(std::size_t bytes);

 private:
  static constexpr std::size_t first_chunk = 16 * 1024, largest_chunk = 1024 * 1024;
  // What a block's records are worked on in is smaller.
  static constexpr std::size_t is_large = 64 * 1024 * 1024;

  void* bytes(std::size_t size, std::size_t alignment) {
    std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start + size > capacity_) {
      more(size);
      start = 0;
    }
    used_ = start + size;
    return chunk_ + start;
  }
  void more(std::size_t at_least);
  void take(std::size_t bytes);

  char* chunk_ = nullptr;
  std::size_t used_ = 0, capacity_ = 0, taken_ = 0;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::vector<std::shared_ptr<const void>> kept_;
};

}  // namespace riffle
