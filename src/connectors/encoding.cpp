#include "connectors/encoding.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace riffle {
namespace {

constexpr std::size_t piece = 64 * 1024;

void append_utf8(std::uint32_t c, std::string& out) {
  const auto more = [&](unsigned shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6), more(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12), more(6), more(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18), more(12), more(6), more(0);
  }
}

class Latin1 {
 public:
  void convert(std::string_view bytes, std::string& out) {
    for (const char byte : bytes) append_utf8(static_cast<unsigned char>(byte), out);
  }
  void end(std::string&) {}
};

class Utf16 {
 public:
  void convert(std::string_view bytes, std::string& out) {
    for (const char byte : bytes) {
      if (!has_half_) {
        half_ = static_cast<unsigned char>(byte);
        has_half_ = true;
        continue;
      }
      has_half_ = false;
      const std::uint32_t next = static_cast<unsigned char>(byte);
      take(big_endian_ ? half_ << 8 | next : next << 8 | half_, out);
    }
  }
  void end(std::string& out) {
    if (high_ || has_half_) out += bad;
    high_ = 0;
    has_half_ = false;
  }

 private:
  static constexpr char bad = '\xFF';

  void take(std::uint32_t unit, std::string& out) {
    constexpr std::uint32_t mark = 0xFEFF, swapped_mark = 0xFFFE;
    if (std::exchange(at_start_, false)) {
      big_endian_ = unit == swapped_mark;
      if (unit == mark || unit == swapped_mark) return;
    }
    const bool is_low = unit >= 0xDC00 && unit < 0xE000;
    if (high_ && is_low) {
      append_utf8(0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00), out);
      high_ = 0;
      return;
    }
    if (high_ || is_low) out += bad;
    high_ = 0;
    if (is_low) return;
    if (unit >= 0xD800 && unit < 0xDC00)
      high_ = unit;
    else
      append_utf8(unit, out);
  }

  std::uint32_t half_ = 0, high_ = 0;  // the first byte of a unit; the first unit of a pair
  bool has_half_ = false, at_start_ = true, big_endian_ = false;
};

template <typename Encoding>
class Converted : public ByteSource {
 public:
  explicit Converted(std::unique_ptr<ByteSource> raw) : raw_(std::move(raw)), bytes_(piece) {}

  std::size_t read(char* to, std::size_t size) override {
    while (ready().empty() && !ended_) take_more();
    const std::size_t n = std::min(size, ready().size());
    std::memcpy(to, ready().data(), n);
    given_ += n;
    return n;
  }
  // Exact: what a ready descriptor holds may be half a character.
  bool would_wait() override {
    while (ready().empty() && !ended_) {
      if (raw_->would_wait()) return true;
      take_more();
    }
    return false;
  }
  int descriptor() const override { return raw_->descriptor(); }
  bool is_regular() const override { return raw_->is_regular(); }
  bool can_seek() const override { return raw_->can_seek(); }
  Successor begin_successor() override {
    const Successor successor = raw_->begin_successor();
    if (successor != Successor::none) {
      ended_ = false;
      encoding_ = Encoding();
    }
    return successor;
  }

 private:
  std::string_view ready() const { return std::string_view(converted_).substr(given_); }

  void take_more() {
    converted_.clear();
    given_ = 0;
    const std::size_t n = raw_->read(bytes_.data(), bytes_.size());
    encoding_.convert({bytes_.data(), n}, converted_);
    ended_ = n == 0;
    if (ended_) encoding_.end(converted_);
  }

  std::unique_ptr<ByteSource> raw_;
  Encoding encoding_;
  std::vector<char> bytes_;
  std::string converted_;
  std::size_t given_ = 0;  // bytes of converted_
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> from_latin1(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<Latin1>>(std::move(raw));
}

std::unique_ptr<ByteSource> from_utf16(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<Utf16>>(std::move(raw));
}

}  // namespace riffle
