#include "values/memory.h"

#include <algorithm>

namespace riffle {

void Memory::more(std::size_t at_least) {
  const std::size_t next = std::min(std::max(first_chunk, capacity_ * 2), largest_chunk);
  capacity_ = std::max(next, at_least);
  chunks_.push_back(std::make_unique_for_overwrite<char[]>(capacity_ + padding));
  chunk_ = chunks_.back().get();
  taken_ += capacity_;
}

}  // namespace riffle
