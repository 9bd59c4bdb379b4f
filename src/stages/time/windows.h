// The forms of `window` whose windows are of one key's records.
#pragma once

#include "stages/stage.h"

namespace riffle {

Form session_window_form();
Form count_window_form();

}  // namespace riffle
