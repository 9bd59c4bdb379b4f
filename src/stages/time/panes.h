// When the windows of a `window` come out, as its words say.
#pragma once

#include <string>

#include "stages/stage.h"

namespace riffle {

// Of --lateness, --early and --panes. Throws Error (usage).
Panes panes_of(const Setup& setup, bool has_delay);
// What --explain says of them, behind when windows close; empty: they come out once.
std::string text_of(const Panes& panes);

}  // namespace riffle
