// JSON texts: any sequence of values with white space between; each object is a record, and each
// object that is an element of a top-level array. After a syntax error the rest of that input is
// one reject. Out: one array.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// Checks what it cuts: a block's runs are whole, valid values, one each.
std::unique_ptr<Cutter> make_json_cutter(const InputOptions& options);
// Makes a line of NDJSON of each record: the batches' source_format is "ndjson".
std::unique_ptr<RecordReader> make_json_reader(const InputOptions& options,
                                               std::shared_ptr<const Shape> shape);
std::unique_ptr<RecordWriter> make_json_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
