// A file as it grows.
#pragma once

#include <memory>
#include <string>

#include "connectors/byte_source.h"
#include "connectors/endpoint.h"

namespace riffle {

// Not a descriptor of the process, and a regular file where it is there.
bool can_be_followed(const Endpoint& at);

// As SourceOptions::follow says. Whether there is more is looked at every tenth of a second: that
// works on every file system. A file that was truncated in place is read from its beginning, past
// its old size too: the bytes before the position are compared with those that were read. Only the
// same bytes again cannot be told from those that were there.
std::unique_ptr<ByteSource> follow_file(const std::string& path);

}  // namespace riffle
