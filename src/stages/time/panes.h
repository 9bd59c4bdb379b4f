// When the windows of a `window` come out, as its words say.
#pragma once

#include <string>

#include "stages/stage.h"

namespace riffle {

// Of --lateness, --early and --panes.
Panes panes_of(const Setup& setup);
// What --explain says of them, behind when windows close; empty: they come out once.
std::string text_of(const Panes& panes);

}  // namespace riffle
