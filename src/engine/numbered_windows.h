// A gathering stage, window by window, where the `window` stage gives windows numbers and says what becomes of each
// (WindowEvent): sessions, numbers of records. One instance of the stage for each open window.
//
// Two sessions that become one: a stage that can absorb another of its kind does; the records of any other are held, and go
// through the stage in the order in which they came when the window closes.
#pragma once

#include <memory>

#include "stages/stage.h"

namespace riffle {

// As by_window (windowed.h).
std::unique_ptr<Stage> by_numbered_window(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder);

}  // namespace riffle
