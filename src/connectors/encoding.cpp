#include "connectors/encoding.h"

#include <algorithm>
#include <array>
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

class Windows1252 {
 public:
  void convert(std::string_view bytes, std::string& out) {
    for (const char byte : bytes) {
      const auto code = static_cast<unsigned char>(byte);
      append_utf8(code >= 0x80 && code < 0xA0 ? own[code - 0x80] : code, out);
    }
  }
  void end(std::string&) {}

 private:
  static constexpr std::uint16_t own[] = {
      0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
};

class RepairedUtf8 {
 public:
  void convert(std::string_view bytes, std::string& out) {
    for (const char byte : bytes) take(static_cast<unsigned char>(byte), out);
  }
  void end(std::string& out) {
    if (wanted_ > 0) out += replacement;
    wanted_ = 0;
  }

 private:
  static constexpr std::string_view replacement = "\xEF\xBF\xBD";

  void take(unsigned char byte, std::string& out) {
    if (wanted_ > 0) {
      if (byte >= least_ && byte <= most_) {
        sequence_ += static_cast<char>(byte);
        least_ = 0x80, most_ = 0xBF;
        if (--wanted_ == 0) out += sequence_;
        return;
      }
      out += replacement;
      wanted_ = 0;
    }
    if (byte < 0x80)
      out += static_cast<char>(byte);
    else
      begin(byte, out);
  }

  // Which bytes may follow tells the table of well-formed sequences (Unicode, table 3-7).
  void begin(unsigned char byte, std::string& out) {
    if (byte < 0xC2 || byte > 0xF4) {
      out += replacement;
      return;
    }
    wanted_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    least_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
    most_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    sequence_.assign(1, static_cast<char>(byte));
  }

  std::string sequence_;                // that has begun
  int wanted_ = 0;                      // how many more bytes it needs
  unsigned char least_ = 0, most_ = 0;  // of the next one
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

// Bytes that were read already, then the rest of their source.
class Replayed : public ByteSource {
 public:
  Replayed(std::string read, std::unique_ptr<ByteSource> rest)
      : read_(std::move(read)), rest_(std::move(rest)) {}

  std::size_t read(char* to, std::size_t size) override {
    if (read_.empty()) return rest_->read(to, size);
    const std::size_t n = read_.copy(to, size);
    read_.erase(0, n);
    return n;
  }
  bool would_wait() override { return read_.empty() && rest_->would_wait(); }
  int descriptor() const override { return rest_->descriptor(); }
  bool is_regular() const override { return rest_->is_regular(); }
  bool can_seek() const override { return rest_->can_seek(); }
  bool skip(std::uint64_t count) override {
    const std::size_t n = std::min<std::uint64_t>(count, read_.size());
    read_.erase(0, n);
    return rest_->skip(count - n);
  }

 private:
  std::string read_;
  std::unique_ptr<ByteSource> rest_;
};

// Looks at the first two bytes, and then is the source of the others, or of what they are in UTF-8.
class Utf16IfMarked : public ByteSource {
 public:
  explicit Utf16IfMarked(std::unique_ptr<ByteSource> raw) : source_(std::move(raw)) {}

  std::size_t read(char* to, std::size_t size) override {
    while (!is_decided_) look();
    return source_->read(to, size);
  }
  bool would_wait() override {
    while (!is_decided_) {
      if (source_->would_wait()) return true;
      look();
    }
    return source_->would_wait();
  }
  int descriptor() const override { return source_->descriptor(); }
  bool is_regular() const override { return source_->is_regular(); }
  bool can_seek() const override { return source_->can_seek(); }
  bool skip(std::uint64_t count) override {
    while (!is_decided_) look();
    return source_->skip(count);
  }

 private:
  void look() {
    std::array<char, 2> bytes;
    const std::size_t n = source_->read(bytes.data(), bytes.size() - first_.size());
    first_.append(bytes.data(), n);
    if (n > 0 && first_.size() < bytes.size()) return;
    is_decided_ = true;
    const bool is_utf16 = has_utf16_mark(first_);
    source_ = std::make_unique<Replayed>(std::move(first_), std::move(source_));
    if (is_utf16) source_ = from_utf16(std::move(source_));
  }

  std::unique_ptr<ByteSource> source_;
  std::string first_;
  bool is_decided_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> from_latin1(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<Latin1>>(std::move(raw));
}

std::unique_ptr<ByteSource> from_windows_1252(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<Windows1252>>(std::move(raw));
}

std::unique_ptr<ByteSource> with_invalid_utf8_replaced(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<RepairedUtf8>>(std::move(raw));
}

std::unique_ptr<ByteSource> from_utf16(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Converted<Utf16>>(std::move(raw));
}

bool has_utf16_mark(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
}

std::unique_ptr<ByteSource> utf16_if_marked(std::unique_ptr<ByteSource> raw) {
  return std::make_unique<Utf16IfMarked>(std::move(raw));
}

}  // namespace riffle
