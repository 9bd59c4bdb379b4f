// Decompression on the fly: gzip (RFC 1952), zstd (RFC 8878), xz and bzip2, known by their first
// bytes.
#pragma once

#include <memory>
#include <string>

#include "connectors/byte_source.h"

namespace riffle {

// The bytes of `raw`: all members of a gzip file, all frames of a zstd file, all streams of the
// others; anything else as it is. Takes constant memory (and a zstd frame's window, 128 MiB at
// most, or an xz stream's, 256 MiB at most). What could be decoded before damaged data, or before
// data that end too early, is given first; the next read throws "PATH: gzip data is damaged:
// REASON". Zeros after the last gzip member are padding; other bytes are damage.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> raw, std::string path);

}  // namespace riffle
