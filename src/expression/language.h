// The parts of the expression language that are no functions: operators, literals and names, as
// help and the manual page tell them. The parser does not read this table; a test evaluates its
// examples.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace riffle {

struct LanguageRow {
  std::string_view group;               // "Operators", "Literals", "Names"
  std::vector<std::string_view> words;  // what `riffle help WORD` finds it by: "and", "&&"
  std::string_view usage;               // "a and b"
  std::string_view summary;
  std::vector<Example> examples;  // over a record without fields
};

// By group; operators by rising precedence.
std::span<const LanguageRow> language();

}  // namespace riffle
