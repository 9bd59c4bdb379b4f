// How much memory this process may use.
#pragma once

#include <cstddef>

namespace riffle {

// Of the machine, or less where a control group (version 1 or 2) allows less.
std::size_t machine_memory();

}  // namespace riffle
