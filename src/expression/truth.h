// What a value means where a condition is asked for.
#pragma once

#include "values/decode.h"
#include "values/value.h"

namespace riffle {

// The answer of a comparison or condition. unknown: null. failed: an error, counted, which gives
// null.
enum class Verdict : std::uint8_t { no, yes, unknown, failed };

inline Verdict verdict(bool b) { return b ? Verdict::yes : Verdict::no; }

inline Verdict truth_of(const Value& value) {
  if (value.kind == Kind::boolean) return verdict(value.boolean);
  if (is_nothing(value)) return Verdict::unknown;
  if (value.kind == Kind::json && (value.text[0] == 't' || value.text[0] == 'f'))
    return verdict(value.text[0] == 't');
  if (value.kind == Kind::cell && (value.flags & (Value::quoted | Value::all_text)) == 0) {
    if (value.view() == "true") return Verdict::yes;
    if (value.view() == "false") return Verdict::no;
  }
  return Verdict::failed;
}

}  // namespace riffle
