// transform --each: the same expression for every field that a pattern takes.
#pragma once

#include "stages/stage.h"

namespace riffle {

Planned make_transform_each(Setup& setup);

}  // namespace riffle
