// Help as text, rendered from the tables of options, stages, functions, aggregates, formats and
// connectors.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

// What `riffle --help` shows; fits a screen.
std::string overview();

// What `riffle help WORD` shows: a stage, function, operator or literal, aggregate, format or
// option; or one of the lists "stages", "expressions", "functions", "aggregates", "formats",
// "options", "pages"; or a manual page, by its file name, as text; or what other programs call so;
// or where the word is found. Throws Error (usage), with the nearest word, when it is nowhere.
std::string help_for(std::string_view word);

}  // namespace riffle
