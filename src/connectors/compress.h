// Compression on the fly: gzip by zlib, zstd, each at its default level. The same bytes in give the
// same bytes out.
#pragma once

#include <memory>
#include <string_view>

#include "connectors/byte_sink.h"

namespace riffle {

// A sink that compresses what goes into `file` as its name says (`.gz`, `.zst`); `file` itself for
// other names. `is_one_of_many`: of files that are open together; it takes little memory.
std::unique_ptr<ByteSink> compressed_by_name(std::unique_ptr<ByteSink> file, std::string_view name,
                                             bool is_one_of_many = false);

}  // namespace riffle
