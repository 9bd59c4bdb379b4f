// Logs whose columns a line in the log names: the extended log format of the W3C (IIS, CloudFront,
// `#Fields: date time cs-uri-stem`) and Zeek's (`#fields` and names with the separator between).
// The last such line counts. Other lines that begin with # are skipped, and `-` is null. After
// #Fields cells are parted by tabs where a line has any, and else by one blank; one that begins
// with a quote ends with the next. Values are typed as unquoted cells of CSV.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// All lines of a block have the same columns.
std::unique_ptr<Cutter> make_w3c_cutter(const InputOptions& options);
// REQUIRES: the blocks are such a cutter's.
std::unique_ptr<RecordReader> make_w3c_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape);
// Whether a line names the columns, or is one of those that such a log begins with.
bool is_w3c_directive(std::string_view line);

}  // namespace riffle
