// Reading files: a path, `file:PATH`, or `-` for standard input.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"

namespace riffle {

// Throws Error (failed) when the file is missing, unreadable or a directory. Reads nothing, and
// opens nothing: a pipe's writer would notice.
void check_file_exists(const SourceOptions& options);

// The bytes of the file, decompressed (decompress.h), or as it grows (followed_file.h).
std::unique_ptr<ByteSource> open_file(const SourceOptions& options);

// Whether it is followed, or there and no regular file.
bool is_live_file(const SourceOptions& options);

}  // namespace riffle
