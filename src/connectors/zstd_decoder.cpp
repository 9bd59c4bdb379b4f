// zstd: all frames, skippable ones passed over, checksums included.
#include <zstd.h>

#include <algorithm>
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
    ZSTD_outBuffer output{to, size, 0};
    while (fault_.empty() && output.pos < output.size && (!in.empty() || holds_output_)) {
      ZSTD_inBuffer input{in.data(), std::min(in.size(), step()), 0};
      const std::size_t made = output.pos;
      const std::size_t wants = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(wants)) {
        fault_ = ZSTD_getErrorName(wants);
        break;
      }
      wants_ = wants;
      holds_output_ = wants_ != 0 && output.pos == output.size;
      in.remove_prefix(input.pos);
      if (input.pos == 0 && output.pos == made) break;
    }
    return output.pos;
  }

  void end() override {
    if (wants_ != 0 && fault_.empty()) fault_ = "it ends too early";
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  // How much to decode in one call, which gives nothing of what it decoded before damage: a frame's
  // mark, or at most one block. So what is given does not depend on how the bytes arrive.
  std::size_t step() const {
    constexpr std::size_t mark = 4, block_header = 3;
    if (wants_ == 0) return mark;
    // What zstd asks for includes the next block's header.
    return wants_ > block_header ? wants_ - block_header : 1;
  }

  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::size_t wants_ = 0;  // how many bytes the frame goes on for, as far as is known; 0: in none
  bool holds_output_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() { return std::make_unique<ZstdDecoder>(); }

}  // namespace riffle
