// The words that stand for inputs: are they there?
#pragma once

#include <string>
#include <vector>

namespace riffle {

// Checks the inputs' words against the file system. A word that no file bears is a wrong command (Error, usage) when it is
// near a stage's name, or when what follows looks like a stage's arguments; a missing input (Error, failed) otherwise.
// `words_behind` are the words that followed the last input.
void check_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& words_behind);

}  // namespace riffle
