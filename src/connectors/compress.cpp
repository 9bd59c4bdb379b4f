#include "connectors/compress.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <vector>

namespace riffle {
namespace {

constexpr std::size_t piece = 128 * 1024;

// The file is a chain of parts (gzip's members, zstd's frames), each of which can be read alone.
class CompressedSink : public ByteSink {
 public:
  explicit CompressedSink(std::unique_ptr<ByteSink> file) : file_(std::move(file)) {}

  void write(std::string_view bytes) final {
    if (bytes.empty()) return;
    is_in_part_ = true;
    compress(bytes, *file_);
  }
  void pause() final {
    end_part();
    file_->pause();
  }
  void prepare() final {
    end_part();
    file_->prepare();
  }
  void publish() final {
    end_part();
    file_->publish();
  }
  bool is_terminal() const final { return false; }

  Promise promise() const final { return file_->promise(); }
  std::uint64_t length() final {
    end_part();
    return file_->length();
  }
  void cut_back(std::uint64_t length) final {
    forget_part();
    is_in_part_ = length == 0;
    file_->cut_back(length);
  }

 protected:
  virtual void compress(std::string_view bytes, ByteSink& file) = 0;
  virtual void finish_part(ByteSink& file) = 0;
  // What was not yet written of the part is gone; another one begins.
  virtual void forget_part() = 0;

 private:
  void end_part() {
    if (is_in_part_) finish_part(*file_);
    is_in_part_ = false;
  }

  std::unique_ptr<ByteSink> file_;
  bool is_in_part_ = true;  // a file without bytes has one
};

class GzipSink : public CompressedSink {
 public:
  explicit GzipSink(std::unique_ptr<ByteSink> file) : CompressedSink(std::move(file)), out_(piece) {
    constexpr int window_of_gzip = 15 + 16, usual_memory = 8;
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of_gzip, usual_memory,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;
  ~GzipSink() override { deflateEnd(&stream_); }

 private:
  void compress(std::string_view bytes, ByteSink& file) override {
    while (!bytes.empty()) {
      const std::size_t n = std::min<std::size_t>(bytes.size(), UINT32_MAX);
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(n);
      deflate_all(Z_NO_FLUSH, file);
      bytes.remove_prefix(n);
    }
  }
  void finish_part(ByteSink& file) override {
    deflate_all(Z_FINISH, file);
    deflateReset(&stream_);
  }
  void forget_part() override { deflateReset(&stream_); }

  void deflate_all(int flush, ByteSink& file) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      deflate(&stream_, flush);
      file.write({out_.data(), out_.size() - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  std::vector<char> out_;
  z_stream stream_ = {};
};

class ZstdSink : public CompressedSink {
 public:
  explicit ZstdSink(std::unique_ptr<ByteSink> file)
      : CompressedSink(std::move(file)), out_(ZSTD_CStreamOutSize()), context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }

 private:
  void compress(std::string_view bytes, ByteSink& file) override {
    compress(bytes, ZSTD_e_continue, file);
  }
  void finish_part(ByteSink& file) override { compress({}, ZSTD_e_end, file); }
  void forget_part() override { ZSTD_CCtx_reset(context_.get(), ZSTD_reset_session_only); }

  void compress(std::string_view bytes, ZSTD_EndDirective directive, ByteSink& file) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      if (ZSTD_isError(left)) throw std::bad_alloc();  // compressing fails for nothing else
      file.write({out_.data(), output.pos});
      if (directive == ZSTD_e_end ? left == 0 : input.pos == input.size) return;
    }
  }

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::vector<char> out_;
  std::unique_ptr<ZSTD_CCtx, Free> context_;
};

}  // namespace

std::unique_ptr<ByteSink> compressed_by_name(std::unique_ptr<ByteSink> file,
                                             std::string_view name) {
  if (name.ends_with(".gz")) return std::make_unique<GzipSink>(std::move(file));
  if (name.ends_with(".zst")) return std::make_unique<ZstdSink>(std::move(file));
  return file;
}

}  // namespace riffle
