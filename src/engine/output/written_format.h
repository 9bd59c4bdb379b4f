// The format of an output for which nothing names one.
#pragma once

#include "formats/format.h"
#include "records/shape.h"

namespace riffle {

// Of records that were read as `input` and come with `shape`: the same, if it can be written;
// ndjson otherwise, and where lines of text have other fields by then.
const Format& written_format(const Format& input, const Shape& shape);

}  // namespace riffle
