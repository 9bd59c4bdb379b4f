// An input that names no file and is meant for something else.
#pragma once

#include <string>

namespace riffle {

// What to write in place of a word that names no file and is an expression, a stage with its
// arguments, a program of jq or awk, or a query: "filter 'status >= 500'". Empty: it is none.
std::string meant_by_input(const std::string& word);

}  // namespace riffle
