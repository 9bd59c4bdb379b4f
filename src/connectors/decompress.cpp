#include "connectors/decompress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "connectors/decoder.h"
#include "values/error.h"

namespace riffle {

namespace {

// "BZh", the level, and the mark of a first block, or of a stream without any: a text that begins
// with B is none.
Compression bzip2_or_none(std::string_view first) {
  constexpr std::string_view block = "\x31\x41\x59\x26\x53\x59",
                             no_block = "\x17\x72\x45\x38\x50\x90";
  constexpr std::string_view name = "BZh";
  constexpr std::size_t level = name.size(), mark = level + 1;
  const auto begins = [](std::string_view bytes, std::string_view whole) {
    return bytes.substr(0, whole.size()) == whole.substr(0, bytes.size());
  };
  if (!begins(first, name)) return Compression::none;
  if (first.size() > level && (first[level] < '1' || first[level] > '9')) return Compression::none;
  const std::string_view rest = first.substr(std::min(mark, first.size()));
  if (!begins(rest, block) && !begins(rest, no_block)) return Compression::none;
  return rest.size() < block.size() ? Compression::undecided : Compression::bzip2;
}

}  // namespace

Compression compression_of(std::string_view first) {
  using namespace std::string_view_literals;
  const auto begins = [first](std::string_view magic) {
    return first.substr(0, magic.size()) == magic.substr(0, first.size());
  };
  const auto found = [&](std::string_view magic, Compression kind) {
    return first.size() < magic.size() ? Compression::undecided : kind;
  };
  constexpr std::string_view gzip = "\x1f\x8b", zstd = "\x28\xb5\x2f\xfd"sv,
                             skippable = "\x2a\x4d\x18"sv,
                             xz = "\xfd"
                                  "7zXZ\0"sv;
  if (first.empty()) return Compression::undecided;
  if (begins(gzip)) return found(gzip, Compression::gzip);
  if (begins(zstd)) return found(zstd, Compression::zstd);
  if (begins(xz)) return found(xz, Compression::xz);
  if (first[0] == 'B') return bzip2_or_none(first);
  if ((first[0] & 0xf0) == 0x50) {  // zstd's skippable frames: 0x184D2A50 to 0x184D2A5F
    const std::string_view rest = first.substr(1);
    if (rest.substr(0, skippable.size()) == skippable.substr(0, rest.size()))
      return rest.size() < skippable.size() ? Compression::undecided : Compression::zstd;
  }
  return Compression::none;
}

namespace {

constexpr std::size_t piece = 128 * 1024;

class Decompressed : public ByteSource {
 public:
  Decompressed(std::unique_ptr<ByteSource> raw, std::string path)
      : raw_(std::move(raw)), path_(std::move(path)) {}

  std::size_t read(char* to, std::size_t size) override {
    while (kind_ == Compression::undecided) take_more();
    if (kind_ == Compression::none) return read_plain(to, size);
    if (!ready_.empty()) return take_ready(to, size);
    while (true) {
      if (const std::size_t n = decode(to, size)) return n;
      if (!decoder_->fault().empty())
        throw failure(fmt::format("{}: {} data is damaged: {}", visible(path_), decoder_->format(),
                                  decoder_->fault()));
      if (raw_ended_) return 0;
      take_more();
    }
  }

  // Exact: what a ready descriptor holds may decode to nothing yet, so it is decoded here.
  bool would_wait() override {
    if (raw_->is_regular()) return false;
    while (true) {
      if (kind_ == Compression::none) return input_.empty() && !raw_ended_ && raw_->would_wait();
      if (!ready_.empty()) return false;
      if (decoder_) {
        decoded_.resize(piece);
        ready_ = {decoded_.data(), decode(decoded_.data(), decoded_.size())};
        if (!ready_.empty() || !decoder_->fault().empty()) return false;
      }
      if (raw_ended_) return false;
      if (raw_->would_wait()) return true;
      take_more();
    }
  }

  int descriptor() const override { return raw_->descriptor(); }
  bool is_regular() const override { return raw_->is_regular(); }
  bool can_seek() const override { return raw_->can_seek(); }
  bool skip(std::uint64_t count) override {
    while (kind_ == Compression::undecided) take_more();
    if (kind_ != Compression::none) return ByteSource::skip(count);
    const std::uint64_t in_hand = std::min<std::uint64_t>(count, input_.size());
    input_.remove_prefix(in_hand);
    return count == in_hand || (!raw_ended_ && raw_->skip(count - in_hand));
  }

 private:
  // Reads once, after what is not decoded yet.
  void take_more() {
    if (buffer_.empty()) buffer_.resize(piece);
    if (!input_.empty()) std::memmove(buffer_.data(), input_.data(), input_.size());
    const std::size_t n =
        raw_->read(buffer_.data() + input_.size(), buffer_.size() - input_.size());
    input_ = {buffer_.data(), input_.size() + n};
    raw_ended_ = n == 0;
    if (kind_ != Compression::undecided) return;
    kind_ = compression_of(input_);
    if (raw_ended_ && input_.empty()) check_may_be_empty();
    if (kind_ == Compression::undecided && raw_ended_) kind_ = Compression::none;
    if (kind_ == Compression::gzip) decoder_ = make_gzip_decoder();
    if (kind_ == Compression::zstd) decoder_ = make_zstd_decoder();
    if (kind_ == Compression::xz) decoder_ = make_xz_decoder();
    if (kind_ == Compression::bzip2) decoder_ = make_bzip2_decoder();
  }

  // Nothing at all is no compressed file, but one that was cut off at its first byte.
  void check_may_be_empty() const {
    for (const std::string_view extension : {".gz", ".zst", ".xz", ".bz2"})
      if (path_.ends_with(extension))
        throw failure(fmt::format("{}: is empty, and no {} file is", visible(path_), extension));
  }

  std::size_t read_plain(char* to, std::size_t size) {
    if (input_.empty()) return raw_ended_ ? 0 : raw_->read(to, size);
    const std::size_t n = std::min(size, input_.size());
    std::memcpy(to, input_.data(), n);
    input_.remove_prefix(n);
    return n;
  }

  std::size_t take_ready(char* to, std::size_t size) {
    const std::size_t n = std::min(size, ready_.size());
    std::memcpy(to, ready_.data(), n);
    ready_.remove_prefix(n);
    return n;
  }

  std::size_t decode(char* to, std::size_t size) {
    const std::size_t n = decoder_->decode(input_, to, size);
    if (n == 0 && raw_ended_) decoder_->end();
    return n;
  }

  std::unique_ptr<ByteSource> raw_;
  std::string path_;
  Compression kind_ = Compression::undecided;
  std::unique_ptr<Decoder> decoder_;
  std::vector<char> buffer_, decoded_;
  std::string_view input_;  // of buffer_: read, not decoded
  std::string_view ready_;  // of decoded_: decoded, not given
  bool raw_ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> raw, std::string path) {
  return std::make_unique<Decompressed>(std::move(raw), std::move(path));
}

}  // namespace riffle
