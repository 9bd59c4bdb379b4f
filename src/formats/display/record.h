// The format `record`: one field a line, a rule between records.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<RecordWriter> make_record_writer(const OutputOptions& options, const Shape& shape);

}  // namespace riffle
