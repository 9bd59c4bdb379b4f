// The terminal that the program runs in.
#pragma once

#include <cstddef>

namespace riffle {

// The columns of the terminal that `descriptor` is: COLUMNS where the environment has it, else what
// the terminal says; 80 where neither does.
std::size_t terminal_width(int descriptor);

}  // namespace riffle
