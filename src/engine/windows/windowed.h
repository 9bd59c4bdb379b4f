// A gathering stage, window by window: for each open window an instance of the stage, or the
// window's records, until it fires as its plan says. (Windows that have numbers:
// numbered_windows.h.)
#pragma once

#include <memory>

#include "engine/windows/timed_windows.h"

namespace riffle {

// Windows fire in the order of their ends, then of their first records.
std::unique_ptr<Stage> by_window(std::unique_ptr<GatheringStage> prototype,
                                 const WindowPlace& place);

}  // namespace riffle
