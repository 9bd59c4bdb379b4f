// Cuts blocks at line ends: for formats in which a record is a line. A byte order mark at the start
// is passed over; a line longer than max_record is bad.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<Cutter> make_line_cutter(const InputOptions& options);

}  // namespace riffle
