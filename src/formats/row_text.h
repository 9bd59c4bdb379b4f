// The text of a row while it is put together: room is made without being filled, and all of it is appended at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace riffle {

class RowText {
 public:
  // Where the next bytes go; at least `size` of them can be written. advance() says how many were.
  char* room(std::size_t size) {
    if (used_ + size > capacity_) grow(size);
    return bytes_.get() + used_;
  }
  // Where what can be written ends.
  const char* end() const { return bytes_.get() + capacity_; }
  void advance(const char* end) { used_ = static_cast<std::size_t>(end - bytes_.get()); }

  void append(char c) {
    *room(1) = c;
    used_++;
  }
  void append(std::string_view text) {
    std::memcpy(room(text.size()), text.data(), text.size());
    used_ += text.size();
  }

  bool empty() const { return used_ == 0; }
  void clear() { used_ = 0; }
  // Appends the text to `out`; then it is empty.
  void move_to(std::string& out) {
    out.append(bytes_.get(), used_);
    used_ = 0;
  }

 private:
  void grow(std::size_t size) {
    capacity_ = std::max(capacity_ * 2, used_ + size);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity_);
    if (used_ > 0) std::memcpy(larger.get(), bytes_.get(), used_);
    bytes_ = std::move(larger);
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t used_ = 0, capacity_ = 0;
};

}  // namespace riffle
