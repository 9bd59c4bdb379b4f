// Decoder: one compressed format's state machine, without any reading or buffers of its own.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace riffle {

class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual std::string_view format() const = 0;  // "gzip"
  // Decodes the front of `in` into at most `size` bytes, and takes what it used off `in`. Returns
  // less than `size` only when `in` is used up or damaged. Bytes before the damage are returned,
  // the damage is in fault().
  virtual std::size_t decode(std::string_view& in, char* to, std::size_t size) = 0;
  // The input ends here: damage when this is in the middle of something.
  virtual void end() = 0;
  // Why nothing more can be decoded; empty: all is well.
  const std::string& fault() const { return fault_; }

 protected:
  std::string fault_;
};

// How a file's first bytes look.
enum class Compression {
  none,
  gzip,
  zstd,
  xz,
  bzip2,
  undecided
};  // undecided: more bytes must tell
Compression compression_of(std::string_view first_bytes);

std::unique_ptr<Decoder> make_gzip_decoder();
std::unique_ptr<Decoder> make_zstd_decoder();
std::unique_ptr<Decoder> make_xz_decoder();
std::unique_ptr<Decoder> make_bzip2_decoder();

}  // namespace riffle
