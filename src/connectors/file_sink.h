// Writing files: a path, `file:PATH`, or `-` for standard output.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"

namespace riffle {

// A regular file, or one that is not there yet, appears whole or not at all: it is written under
// another name beside it, synced, and renamed by publish(); a symlink is followed first, the mode
// (and, where allowed, the owner) of an old file is kept. Anything else (a pipe, a device, a
// descriptor of the process) is written straight. By their names, `.gz` and `.zst` are compressed.
// Throws Error (failed) at once when the file cannot be made, or an old one may not be written.
std::unique_ptr<ByteSink> create_file(const std::string& where);

// The file's absolute name, symlinks followed, where it would be written under another name and
// renamed; otherwise empty.
std::string replaced_file(const std::string& where);

}  // namespace riffle
