// Words of a command line in messages and --explain.
#pragma once

#include <string>

namespace riffle {

// A word as a shell takes it: in quotes where it needs them.
std::string quoted(const std::string& word);

}  // namespace riffle
