// Words of a command line that are meant as an expression: for messages.
#pragma once

#include <optional>
#include <string>

namespace riffle {

// Whether the text is a comparison or a condition, and no name that a file may have: `a<b.csv`.
bool is_condition(const std::string& text);

// The text of an expression whose quotes a shell may have taken (`level == error`), with quotes
// around what is compared; as it is, where that is no bare word. Nothing: it is no expression.
std::optional<std::string> with_lost_quotes(const std::string& text);

}  // namespace riffle
