// Windows of a number of records: of each key the records [0, size), [every, every + size), ... as
// they come. Pure; one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_map.h"
#include "time/window.h"
#include "values/saved_state.h"

namespace riffle {

class CountedWindows {
 public:
  // Numbered in the order of their first records.
  using Number = std::uint64_t;
  // `bounds`: positions among the key's records, from 0.
  struct Window {
    Number number = 0;
    Bounds bounds;
  };

  // Both are more than zero, `every` is not more than `size`.
  CountedWindows(std::int64_t size, std::int64_t every) : size_(size), every_(every) {}

  // Appends the windows that the next record of this key is in, oldest first. Whether the first of
  // them is complete with it.
  bool add(std::string_view key, std::vector<Window>& windows);
  // Appends those that are not complete, in the order of their first records, and forgets them.
  void close_all(std::vector<Window>& windows);

  // The keys with their open windows.
  void save(StateWriter& to) const;
  // REQUIRES: there is none yet.
  void load(StateReader& from);
  std::size_t held() const {
    return keys_.size() * (sizeof(Key) + 8 * sizeof(void*)) + open_ * sizeof(Window);
  }

 private:
  struct Key {
    std::int64_t count = 0;
    std::deque<Window> open;
  };

  std::int64_t size_, every_;
  Number next_ = 0;
  TextMap<std::unique_ptr<Key>> keys_;
  std::size_t open_ = 0;
};

}  // namespace riffle
