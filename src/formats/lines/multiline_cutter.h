// Blocks of records that are one line or several (--multiline). Each is a run of its own.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

// Of lines alone where the options join none.
std::unique_ptr<Cutter> make_multiline_cutter(const InputOptions& options);

}  // namespace riffle
