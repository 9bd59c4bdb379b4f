// A file as it grows.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"

namespace riffle {

// As Connector::follow says. Whether there is more is looked at every tenth of a second: that works on every file system, and
// misses nothing.
std::unique_ptr<ByteSource> follow_file(const std::string& where);

}  // namespace riffle
