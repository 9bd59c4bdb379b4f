// The header of csv and tsv output: which columns it has (language.md "Columns of CSV output"). A
// field that a stage makes has its column, and that its place, whether the first record has a value
// for it or not.
#pragma once

#include "formats/csv/columns.h"

namespace riffle {

// The columns where the first record is row `row`.
CsvColumns columns_of(const Batch& batch, Row row);

// What they are when no record comes: what is known of the shape's, where the input's header is
// `header` (null: it has none).
CsvColumns columns_of_nothing(const Shape& shape, const Header* header);

}  // namespace riffle
