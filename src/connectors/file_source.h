// Reading files: a path, `file:PATH`, or `-` for standard input.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"

namespace riffle {

// Throws Error (failed) when the file is missing, unreadable or a directory. Reads nothing, and
// opens nothing: a pipe's writer would notice.
void look_up_file(const std::string& where);

// The bytes of the file, decompressed (decompress.h).
std::unique_ptr<ByteSource> open_file(const std::string& where);

// Whether it is there, and no regular file.
bool is_live_file(const std::string& where);

}  // namespace riffle
