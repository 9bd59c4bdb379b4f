// When the windows of a `window` come out, as its words say.
#pragma once

#include "stages/stage.h"

namespace riffle {

// Of --lateness, --early and --panes. Throws Error (usage).
Panes panes_of(const Setup& setup, bool has_delay);

}  // namespace riffle
