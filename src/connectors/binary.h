// Inputs that are no text: Parquet, zip, SQLite, pictures, by their first bytes.
#pragma once

#include <memory>
#include <string>

#include "connectors/byte_source.h"

namespace riffle {

// Passes the source's bytes on. A binary format among the first of them is an Error (failed), which
// says how to turn `name` into something that can be read. `is_guessed`: nobody said what the input
// is, and a NUL among the first bytes is an error, too.
std::unique_ptr<ByteSource> refusing_binary(std::unique_ptr<ByteSource> raw, std::string name,
                                            bool is_guessed);

}  // namespace riffle
