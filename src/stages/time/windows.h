// The kinds of `window` that are of one key's records: what the stage's row leaves to other files.
#pragma once

#include <memory>
#include <string>

#include "stages/stage.h"

namespace riffle {

// `length`: the word behind the kind. Throws Error (usage).
std::unique_ptr<Stage> make_session_windows(Setup& setup, const std::string& length);
std::unique_ptr<Stage> make_counted_windows(Setup& setup, const std::string& length);

}  // namespace riffle
