// Writing files: a path, `file:PATH`, or `-` for standard output.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"

namespace riffle {

// A regular file, or one that is not there yet, appears whole or not at all: it is written under
// another name next to it, synced, and renamed by publish(); a symlink is followed first, the mode
// (and, where allowed, the owner) of an old file is kept. With SinkOptions::in_place it grows under
// its own name instead. Anything else (a pipe, a device, a descriptor of the process) is written
// straight. By their names, `.gz` and `.zst` are compressed. Throws Error (failed) at once when the
// file cannot be made, or an old one may not be written.
std::unique_ptr<ByteSink> create_file(const SinkOptions& options);

// The file's absolute name, symlinks followed, where it is or becomes a regular file; otherwise
// empty.
std::string file_destination_key(const SinkOptions& options);

}  // namespace riffle
