// bzip2: all streams, checksums included.
#include <bzlib.h>

#include <algorithm>
#include <cstdint>
#include <new>

#include "connectors/decoder.h"

namespace riffle {
namespace {

std::string_view reason_of(int code) {
  switch (code) {
    case BZ_DATA_ERROR_MAGIC:
      return "its header is wrong";
    case BZ_MEM_ERROR:
      return "there is no memory to unpack it";
    default:
      return "it holds an invalid block, or its checksum is wrong";
  }
}

class Bzip2Decoder : public Decoder {
 public:
  Bzip2Decoder() = default;
  ~Bzip2Decoder() override {
    if (in_stream_) BZ2_bzDecompressEnd(&stream_);
  }
  Bzip2Decoder(const Bzip2Decoder&) = delete;
  Bzip2Decoder& operator=(const Bzip2Decoder&) = delete;

  std::string_view format() const override { return "bzip2"; }

  std::size_t decode(std::string_view& in, char* to, std::size_t size) override {
    std::size_t produced = 0;
    while (fault_.empty() && produced < size) {
      if (!in_stream_ && !begin_stream(in)) break;
      const std::size_t before = produced, left = in.size();
      produced += unpack(in, to + produced, size - produced);
      if (in_stream_ && produced == before && in.size() == left) break;  // it wants more input
    }
    return produced;
  }

  void end() override {
    if (in_stream_ && fault_.empty()) fault_ = "it ends too early";
  }

 private:
  bool begin_stream(std::string_view in) {
    if (in.empty()) return false;
    if (in.front() != 'B') {
      fault_ = "other bytes follow its last stream";
      return false;
    }
    stream_ = {};
    if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
    return in_stream_ = true;
  }

  std::size_t unpack(std::string_view& in, char* to, std::size_t size) {
    constexpr std::size_t most = UINT32_MAX;
    const auto room = static_cast<unsigned>(std::min(size, most));
    const auto input = static_cast<unsigned>(std::min(in.size(), most));
    stream_.next_in = const_cast<char*>(in.data());
    stream_.avail_in = input;
    stream_.next_out = to;
    stream_.avail_out = room;
    const int code = BZ2_bzDecompress(&stream_);
    in.remove_prefix(input - stream_.avail_in);
    if (code == BZ_STREAM_END) {
      BZ2_bzDecompressEnd(&stream_);
      in_stream_ = false;
      streams_++;
    } else if (code != BZ_OK) {
      fault_ = streams_ > 0 && code == BZ_DATA_ERROR_MAGIC ? "other bytes follow its last stream"
                                                           : reason_of(code);
    }
    return room - stream_.avail_out;
  }

  bz_stream stream_ = {};
  bool in_stream_ = false;
  std::uint64_t streams_ = 0;
};

}  // namespace

std::unique_ptr<Decoder> make_bzip2_decoder() { return std::make_unique<Bzip2Decoder>(); }

}  // namespace riffle
