// A Markdown table (GitHub's): what is shown, once rendered, is the text of the value. Line ends
// become <br>. A column whose first value is a number is aligned to the right.
//
// Columns are those of table_columns.h: a record with a field that has no column begins a new
// table, an empty line below.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<RecordWriter> make_markdown_writer(const OutputOptions& options,
                                                   const Shape& shape);

}  // namespace riffle
