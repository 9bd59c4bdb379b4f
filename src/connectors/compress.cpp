#include "connectors/compress.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <new>
#include <optional>
#include <span>
#include <vector>

namespace riffle {
namespace {

// Where compressed bytes are put on their way to the file: one for all files of a thread.
std::span<char> scratch() {
  constexpr std::size_t piece = 128 * 1024;
  thread_local std::vector<char> bytes(piece);
  return bytes;
}

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
    forget_part();
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
  // What was not yet written of the part is gone, and the compressor's memory, until another part
  // begins.
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
  explicit GzipSink(std::unique_ptr<ByteSink> file) : CompressedSink(std::move(file)) {}

 private:
  // zlib's state of a part.
  struct Stream {
    Stream() {
      constexpr int window_of_gzip = 15 + 16, usual_memory = 8;
      if (deflateInit2(&zlib, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of_gzip, usual_memory,
                       Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    }
    ~Stream() { deflateEnd(&zlib); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    z_stream zlib = {};
  };

  void compress(std::string_view bytes, ByteSink& file) override {
    while (!bytes.empty()) {
      const std::size_t n = std::min<std::size_t>(bytes.size(), UINT32_MAX);
      deflate_all(bytes.substr(0, n), Z_NO_FLUSH, file);
      bytes.remove_prefix(n);
    }
  }
  void finish_part(ByteSink& file) override {
    deflate_all({}, Z_FINISH, file);
    deflateReset(&stream_->zlib);
  }
  void forget_part() override { stream_.reset(); }

  void deflate_all(std::string_view bytes, int flush, ByteSink& file) {
    if (!stream_) stream_.emplace();
    z_stream& zlib = stream_->zlib;
    const std::span<char> out = scratch();
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib.avail_in = static_cast<uInt>(bytes.size());
    do {
      zlib.next_out = reinterpret_cast<Bytef*>(out.data());
      zlib.avail_out = static_cast<uInt>(out.size());
      deflate(&zlib, flush);
      file.write({out.data(), out.size() - zlib.avail_out});
    } while (zlib.avail_out == 0);
  }

  std::optional<Stream> stream_;
};

class ZstdSink : public CompressedSink {
 public:
  ZstdSink(std::unique_ptr<ByteSink> file, bool is_one_of_many)
      : CompressedSink(std::move(file)), is_one_of_many_(is_one_of_many) {}

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  using Context = std::unique_ptr<ZSTD_CCtx, Free>;

  void compress(std::string_view bytes, ByteSink& file) override {
    compress(bytes, ZSTD_e_continue, file);
  }
  void finish_part(ByteSink& file) override { compress({}, ZSTD_e_end, file); }
  void forget_part() override { context_.reset(); }

  Context new_context() const {
    Context context(ZSTD_createCCtx());
    if (!context) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    if (!is_one_of_many_) return context;
    // About half a megabyte in place of four.
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, 16);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_hashLog, 14);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_chainLog, 14);
    return context;
  }

  void compress(std::string_view bytes, ZSTD_EndDirective directive, ByteSink& file) {
    if (!context_) context_ = new_context();
    const std::span<char> out = scratch();
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{out.data(), out.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      if (ZSTD_isError(left)) throw std::bad_alloc();  // compressing fails for nothing else
      file.write({out.data(), output.pos});
      if (directive == ZSTD_e_end ? left == 0 : input.pos == input.size) return;
    }
  }

  bool is_one_of_many_;
  Context context_;
};

}  // namespace

std::unique_ptr<ByteSink> compressed_by_name(std::unique_ptr<ByteSink> file, std::string_view name,
                                             bool is_one_of_many) {
  if (name.ends_with(".gz")) return std::make_unique<GzipSink>(std::move(file));
  if (name.ends_with(".zst")) return std::make_unique<ZstdSink>(std::move(file), is_one_of_many);
  return file;
}

}  // namespace riffle
