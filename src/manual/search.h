// The search in help, for words that nothing is called by.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

// The stages, functions, aggregates, words of the language, formats and options whose names,
// summaries or details have all of the words in `text`, as a list of entries, by kind. A word is
// found where one begins with it, in any letter case. Empty: nothing has them.
std::string found_in_help(std::string_view text);

}  // namespace riffle
