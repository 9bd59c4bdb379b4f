// A gathering stage, window by window: one instance of the stage for each open window, closed in the order of the
// windows' ends when the watermark passes them. (Those that have numbers: numbered_windows.h.)
#pragma once

#include <memory>

#include "stages/stage.h"

namespace riffle {

// `in`: the slots of a record's window in the batches that come; `out`: where to write it in those that go. Of windows
// with the same end the one whose first record came first is closed first. `holder`: who holds what comes out before its
// window closes.
std::unique_ptr<Stage> by_window(std::unique_ptr<Stage> prototype, WindowFields in, WindowFields out, Holder holder);

}  // namespace riffle
