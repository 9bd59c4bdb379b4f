// A gathering stage, window by window, where the `window` stage gives windows numbers and says what
// becomes of each (WindowEvent): sessions, numbers of records.
#pragma once

#include <memory>

#include "engine/windows/timed_windows.h"

namespace riffle {

// As by_window (windowed.h).
std::unique_ptr<Stage> by_numbered_window(std::unique_ptr<GatheringStage> prototype,
                                          const WindowPlace& place);

}  // namespace riffle
