// xz: all streams, padding between them passed over, checks included.
#include <lzma.h>

#include <cstdint>
#include <new>

#include "connectors/decoder.h"

namespace riffle {
namespace {

// xz -9 needs 65 MiB.
constexpr std::uint64_t most_memory = std::uint64_t{256} << 20;

std::string_view reason_of(lzma_ret code) {
  switch (code) {
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
      return "it needs more than 256 MiB to be unpacked";
    case LZMA_OPTIONS_ERROR:
    case LZMA_UNSUPPORTED_CHECK:
      return "its header names an unknown method";
    case LZMA_BUF_ERROR:
      return "it ends too early";
    default:
      return "it holds an invalid block or a wrong checksum, or other bytes follow its last stream";
  }
}

class XzDecoder : public Decoder {
 public:
  XzDecoder() {
    const lzma_ret code =
        lzma_stream_decoder(&stream_, most_memory, LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK);
    if (code != LZMA_OK) throw std::bad_alloc();
  }
  ~XzDecoder() override { lzma_end(&stream_); }
  XzDecoder(const XzDecoder&) = delete;
  XzDecoder& operator=(const XzDecoder&) = delete;

  std::string_view format() const override { return "xz"; }

  std::size_t decode(std::string_view& in, char* to, std::size_t size) override {
    if (!fault_.empty() || has_ended_) return 0;
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(to);
    stream_.avail_out = size;
    // BUF_ERROR: it wants more input.
    while (stream_.avail_out > 0 && take(lzma_code(&stream_, LZMA_RUN))) {
    }
    in.remove_prefix(in.size() - stream_.avail_in);
    return size - stream_.avail_out;
  }

  void end() override {
    if (!fault_.empty() || has_ended_) return;
    has_ended_ = true;
    std::uint8_t none = 0;
    stream_.next_out = &none;
    stream_.avail_out = sizeof none;
    stream_.avail_in = 0;
    lzma_ret code = lzma_code(&stream_, LZMA_FINISH);
    if (code == LZMA_OK) code = lzma_code(&stream_, LZMA_FINISH);
    if (code != LZMA_STREAM_END) fault_ = reason_of(code);
  }

 private:
  // Whether there may be more of it.
  bool take(lzma_ret code) {
    if (code == LZMA_OK) return stream_.avail_in > 0;
    if (code != LZMA_BUF_ERROR) fault_ = reason_of(code);
    return false;
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool has_ended_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_xz_decoder() { return std::make_unique<XzDecoder>(); }

}  // namespace riffle
