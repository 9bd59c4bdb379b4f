// NDJSON: one JSON object a line (RFC 8259, UTF-8). Blank lines are skipped, lines may end in CR
// LF, the last one need not end, a byte order mark at the start is passed over.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// The batches' source_format is "ndjson".
std::unique_ptr<RecordReader> make_ndjson_reader(const InputOptions& options,
                                                 std::shared_ptr<const Shape> shape);
// Asks for the places in the records at which the writer would splice.
void request_ndjson_fields(Shape& shape);
std::unique_ptr<RecordWriter> make_ndjson_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
