// rename --each: every field's new name is computed from its old one.
#pragma once

#include "stages/stage.h"

namespace riffle {

Planned make_rename_each(Setup& setup);

}  // namespace riffle
