// The tables of stages, functions, formats and options for programs: `riffle help --json`.
#pragma once

#include <string>

namespace riffle {

// One JSON object on a line.
std::string tables_as_json();

}  // namespace riffle
