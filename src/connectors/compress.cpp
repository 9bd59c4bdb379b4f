#include "connectors/compress.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <vector>

namespace riffle {
namespace {

constexpr std::size_t piece = 128 * 1024;

class GzipSink : public ByteSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> file) : file_(std::move(file)), out_(piece) {
    constexpr int window_of_gzip = 15 + 16, usual_memory = 8;
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of_gzip, usual_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;
  ~GzipSink() override { deflateEnd(&stream_); }

  void write(std::string_view bytes) override {
    paused_ = paused_ && bytes.empty();
    while (!bytes.empty()) {
      const std::size_t n = std::min<std::size_t>(bytes.size(), UINT32_MAX);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(n);
      deflate_all(Z_NO_FLUSH);
      bytes.remove_prefix(n);
    }
  }
  // What follows is a further member.
  void pause() override {
    deflate_all(Z_FINISH);
    deflateReset(&stream_);
    file_->pause();
    paused_ = true;
  }
  void publish() override {
    if (!paused_) deflate_all(Z_FINISH);
    file_->publish();
  }
  bool is_terminal() const override { return false; }

 private:
  void deflate_all(int flush) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      deflate(&stream_, flush);
      file_->write({out_.data(), out_.size() - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  std::unique_ptr<ByteSink> file_;
  std::vector<char> out_;
  z_stream stream_ = {};
  bool paused_ = false;  // a member has ended, and no other begun
};

class ZstdSink : public ByteSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> file)
      : file_(std::move(file)), out_(ZSTD_CStreamOutSize()), context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

  void write(std::string_view bytes) override {
    paused_ = paused_ && bytes.empty();
    compress(bytes, ZSTD_e_continue);
  }
  // What follows is a further frame.
  void pause() override {
    compress({}, ZSTD_e_end);
    file_->pause();
    paused_ = true;
  }
  void publish() override {
    if (!paused_) compress({}, ZSTD_e_end);
    file_->publish();
  }
  bool is_terminal() const override { return false; }

 private:
  void compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      if (ZSTD_isError(left)) throw std::bad_alloc();  // compressing fails for nothing else
      file_->write({out_.data(), output.pos});
      if (directive == ZSTD_e_end ? left == 0 : input.pos == input.size) return;
    }
  }

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ByteSink> file_;
  std::vector<char> out_;
  std::unique_ptr<ZSTD_CCtx, Free> context_;
  bool paused_ = false;  // a frame has ended, and no other begun
};

}  // namespace

std::unique_ptr<ByteSink> compressed_by_name(std::unique_ptr<ByteSink> file,
                                             std::string_view name) {
  if (name.ends_with(".gz")) return std::make_unique<GzipSink>(std::move(file));
  if (name.ends_with(".zst")) return std::make_unique<ZstdSink>(std::move(file));
  return file;
}

}  // namespace riffle
