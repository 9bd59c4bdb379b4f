// Whole records as keys.
#pragma once

#include "records/batch.h"

namespace riffle {

// For each living row a text that two records share when they say the same of every name: in any
// order, null being the same as missing, and of a name that stands twice the last. The shape's
// reader gives all members (Slots::rest).
Column whole_records(Batch& batch);

}  // namespace riffle
