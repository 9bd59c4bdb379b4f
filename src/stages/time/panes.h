// When the windows of a `window` fire, as its words say.
#pragma once

#include <string>

#include "stages/stage.h"

namespace riffle {

// Of --lateness, --early and --panes.
Panes panes_of(const Setup& setup);
// What --explain says of them, after when windows close; empty: they fire once.
std::string text_of(const Panes& panes);

}  // namespace riffle
