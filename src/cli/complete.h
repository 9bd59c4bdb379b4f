// What could stand in the place of a command line's last word: for the shells' completions.
#pragma once

#include <span>
#include <string>

namespace riffle {

// `words`: those after `riffle`, without the shell's quotes; the last one is being written, and
// may be empty. The answer's first line is `words` (each candidate is a whole word), `parts` (a
// word may continue) or `files` (names of files may stand there, too); each further line is
// a candidate for the whole word, a tab, and a word about it. A command that makes no sense has no
// candidates. Field names are those that the stages before make of the first records of the inputs
// named; standard input is never read.
std::string completions(std::span<const std::string> words);

}  // namespace riffle
