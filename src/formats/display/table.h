// A table for people: aligned by display width, numbers to the right, everything that could steer a
// terminal made visible. Widths come from the first 200 records, or from those before the first
// idle moment; wider cells push.
//
// Columns are those of table_columns.h: a record with a field that has no column begins a new
// table, an empty line below.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<RecordWriter> make_table_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
