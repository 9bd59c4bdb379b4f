// A gathering stage, window by window, where windows overlap: records are gathered once, in the
// slices that the windows have in common, and a window that fires is put together from its
// slices.
#pragma once

#include <memory>

#include "engine/windows/timed_windows.h"

namespace riffle {

// `prototype` can gather in parts; in the batches that come the window's slots have the bounds of
// slices. Windows fire once, in the order of their ends.
std::unique_ptr<Stage> by_slices(std::unique_ptr<GatheringStage> prototype,
                                 const WindowPlace& place);

}  // namespace riffle
