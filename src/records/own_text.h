// For stages that make several records of one: each gets a text of its own, in which its value
// stands in place of what all of them were made of. Otherwise each would carry the text of all,
// and whatever reads or holds the records would take time and memory by the square of their number.
#pragma once

#include "records/batch.h"

namespace riffle {

// The records' field `name` is about to be set to `values`, row by row, in place of `wholes`. JSON
// texts then hold the new values, and what other columns have of the texts moves with them; a
// value that is JSON's becomes the one in its new text. The text of other dialects is gone, where
// the header's columns say what the records are. A missing value: the row stays as it is.
// REQUIRES: the columns of the batch were made for it alone, `name` is that of a field.
void give_own_texts(Batch& batch, const Name& name, const Column& wholes, Value* values);

}  // namespace riffle
