// What an untouched value can be told to be without decoding it; what the kinds of others are
// called.
#pragma once

#include <string_view>

#include "values/value.h"

namespace riffle {

// Neither a list nor a map. Null and missing are scalars too.
inline bool is_scalar(const Value& value) {
  if (value.kind == Kind::json) return value.text[0] != '[' && value.text[0] != '{';
  return value.kind != Kind::list && value.kind != Kind::map;
}

// A text, or a cell, which is one where a text is asked for. Not for null and missing: an empty
// cell may be null.
inline bool is_textual(const Value& value) {
  return value.kind == Kind::text || value.kind == Kind::cell ||
         (value.kind == Kind::json && value.text[0] == '"');
}

// As type() says it. Of a decoded value.
inline std::string_view type_name(Kind kind) {
  constexpr std::string_view names[] = {"missing", "null", "boolean", "integer",
                                        "integer", "real", "time",    "duration",
                                        "text",    "list", "map"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace riffle
