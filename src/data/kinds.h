// What an untouched value can be told to be without decoding it.
#pragma once

#include "data/value.h"

namespace riffle {

// Neither a list nor a map. Null and missing are scalars too.
inline bool is_scalar(const Value& value) {
  if (value.kind == Kind::json) return value.text[0] != '[' && value.text[0] != '{';
  return value.kind != Kind::list && value.kind != Kind::map;
}

// A text, or a cell, which is one where a text is asked for. Not for null and missing: an empty cell may be null.
inline bool is_textual(const Value& value) {
  return value.kind == Kind::text || value.kind == Kind::cell || (value.kind == Kind::json && value.text[0] == '"');
}

}  // namespace riffle
