#include "values/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "values/error.h"

namespace riffle {

namespace {

std::atomic<std::size_t> taken_by_all = 0;
std::atomic<std::size_t> limit_of_all = std::numeric_limits<std::size_t>::max();

}  // namespace

Memory::~Memory() { taken_by_all.fetch_sub(taken_, std::memory_order_relaxed); }

void Memory::set_limit(std::size_t bytes) { limit_of_all = bytes; }

void Memory::more(std::size_t at_least) {
  const std::size_t next =
      std::max(std::min(std::max(first_chunk, capacity_ * 2), largest_chunk), at_least);
  take(next);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(next + padding));
  chunk_ = chunks_.back().get();
  capacity_ = next;
}

void Memory::take(std::size_t bytes) {
  const std::size_t all = taken_by_all.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  taken_ += bytes;
  const std::size_t limit = limit_of_all.load(std::memory_order_relaxed);
  if (taken_ <= is_large || all < is_large || all - is_large <= limit) return;
  constexpr double mebibyte = 1 << 20;
  throw failure(fmt::format(
      "what is made of a few records takes {:.1f} MiB and more; --memory allows {:.1f} MiB",
      static_cast<double>(taken_) / mebibyte, static_cast<double>(limit) / mebibyte));
}

}  // namespace riffle
