// Compressed bytes: what is decoded, and whether there is damage, does not depend on how the bytes
// arrive or how many are asked for, which the first byte chooses; but ISA-L gives a few bytes more
// or less of a damaged block.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "connectors/decoder.h"

namespace {

using namespace riffle;

constexpr std::size_t most_decoded = 1 << 20;

std::unique_ptr<Decoder> decoder_of(std::string_view bytes) {
  switch (compression_of(bytes)) {
    case Compression::gzip:
      return make_gzip_decoder();
    case Compression::zstd:
      return make_zstd_decoder();
    case Compression::xz:
      return make_xz_decoder();
    case Compression::bzip2:
      return make_bzip2_decoder();
    case Compression::none:
    case Compression::undecided:
      break;
  }
  return nullptr;
}

struct Decoded {
  std::string bytes, fault;
  bool operator==(const Decoded&) const = default;
};

// `piece`: how many bytes arrive together; `asked`: how many are asked for.
Decoded decode(std::string_view bytes, std::size_t piece, std::size_t asked) {
  const auto decoder = decoder_of(bytes);
  Decoded decoded;
  std::string buffer(asked, '\0');
  while (decoder->fault().empty() && decoded.bytes.size() < most_decoded) {
    std::string_view arrived = bytes.substr(0, piece);
    bytes.remove_prefix(arrived.size());
    if (arrived.empty()) {
      decoder->end();
      break;
    }
    for (std::size_t n = asked; n == asked && decoder->fault().empty();) {
      n = decoder->decode(arrived, buffer.data(), asked);
      if (n > asked || (n < asked && decoder->fault().empty() && !arrived.empty())) std::abort();
      decoded.bytes.append(buffer, 0, n);
      if (decoded.bytes.size() >= most_decoded) break;
    }
  }
  if (decoded.bytes.size() >= most_decoded) decoded.bytes.resize(most_decoded), decoder->end();
  decoded.fault = decoded.bytes.size() == most_decoded ? "" : decoder->fault();
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (!decoder_of(bytes)) return 0;
  const std::size_t piece = 1 + data[0] % 16, asked = 1 + data[0] / 16 * 100;
  const Decoded whole = decode(bytes, bytes.size(), 1 << 16), pieces = decode(bytes, piece, asked);
  const bool is_prefix =
      whole.bytes.starts_with(pieces.bytes) || pieces.bytes.starts_with(whole.bytes);
  if (whole.fault.empty() != pieces.fault.empty() || !is_prefix) std::abort();
  if (whole.fault.empty() && whole.bytes != pieces.bytes) std::abort();
  return 0;
}
