// zstd: all frames, skippable ones passed over, checksums included.
#include <zstd.h>

#include <new>

#include "connectors/decoder.h"

namespace riffle {
namespace {

class ZstdDecoder : public Decoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  std::string_view format() const override { return "zstd"; }

  std::size_t decode(std::string_view& in, char* to, std::size_t size) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{to, size, 0};
    while (fault_.empty() && output.pos < output.size &&
           (input.pos < input.size || holds_output_)) {
      const std::size_t had = input.pos, made = output.pos;
      const std::size_t wants = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(wants)) {
        fault_ = ZSTD_getErrorName(wants);
        break;
      }
      in_frame_ = wants != 0;
      holds_output_ = in_frame_ && output.pos == output.size;
      if (input.pos == had && output.pos == made) break;
    }
    in.remove_prefix(input.pos);
    return output.pos;
  }

  void end() override {
    if (in_frame_ && fault_.empty()) fault_ = "it ends too early";
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool in_frame_ = false, holds_output_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace riffle
