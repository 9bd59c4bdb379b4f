// Several files as one source of bytes: each is the successor of the one before.
#pragma once

#include <memory>
#include <vector>

#include "connectors/byte_source.h"

namespace riffle {

// REQUIRES: there is one at least.
std::unique_ptr<ByteSource> one_after_the_other(std::vector<std::unique_ptr<ByteSource>> files);

}  // namespace riffle
