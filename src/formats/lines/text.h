// Text: every line is a record of one field, `line`; there are no quotes and no escapes. Its value
// is always text. Out: the values of a record as they are, tabs between several. A line end or a
// tab inside a value is written as it is.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// The batches' source_format is "text".
std::unique_ptr<RecordReader> make_text_reader(const InputOptions& options,
                                               std::shared_ptr<const Shape> shape);
std::unique_ptr<RecordWriter> make_text_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
