// TextBuffer: a text that is put together, as a std::string that need not fill the room it makes.
// What writers append to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace riffle {

class TextBuffer {
 public:
  TextBuffer() = default;
  TextBuffer(TextBuffer&& other) noexcept { *this = std::move(other); }
  TextBuffer& operator=(TextBuffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  // Where the next bytes go; at least `size` of them can be written, up to end_of_room(). advance()
  // says where they end.
  char* room(std::size_t size) {
    if (size > capacity_ - size_) grow(size_ + size);
    return bytes_.get() + size_;
  }
  const char* end_of_room() const { return bytes_.get() + capacity_; }
  void advance(const char* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) grow(capacity);
  }

  TextBuffer& append(std::string_view text) {
    if (text.empty()) return *this;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  TextBuffer& append(const char* begin, const char* end) {
    return append(std::string_view(begin, end));
  }
  TextBuffer& append(std::size_t count, char c) {
    std::fill_n(room(count), count, c);
    size_ += count;
    return *this;
  }
  TextBuffer& operator+=(std::string_view text) { return append(text); }
  TextBuffer& operator+=(char c) {
    *room(1) = c;
    size_++;
    return *this;
  }

  std::string_view view() const { return {bytes_.get(), size_}; }
  operator std::string_view() const { return view(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  // Only the first `size` bytes stay.
  void truncate(std::size_t size) { size_ = size; }

 private:
  void grow(std::size_t at_least) {
    const std::size_t capacity = std::max(capacity_ * 2, at_least);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

}  // namespace riffle
