// From untouched values to the kinds that can be computed with.
#pragma once

#include <string>
#include <string_view>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// An untouched value as what it says: a JSON text's scalar, list or map (whose items are untouched
// again); a cell by the rules of typing (JSON's numbers, true and false, empty is null; quoted ones
// are text). Others: themselves.
Value decode(const Value& value, Memory& memory);

// Null or missing, untouched ones included.
bool is_nothing(const Value& value);

// What a cell's bytes say, quotes and escapes taken off.
std::string_view cell_text(const Value& cell, Memory& memory);

// The number that a value is when arithmetic asks: a number; an untouched JSON number; an untouched
// cell that is JSON's number, quoted or not. Missing: it is none.
Value number_of(const Value& value);
// Missing, too, where it is beyond every real (1e400).
Value finite_number_of(const Value& value);

// A scalar's text as it was written: a text's characters, an untouched number's own digits, a time
// as printed. A list's or map's JSON. Null and missing have none: empty.
std::string_view text_of(const Value& value, Memory& memory);

// Copies a value and all that it points to.
Value deep_copy(const Value& value, Memory& memory);

// What a value is as one key of a group: its text; of a list or map its JSON without blanks, each
// string written in one way only. Null and missing have none: empty.
std::string_view key_text(const Value& value, Memory& memory);

// Appends what makes a value one key of a group (language.md "Keys"): its text, with null and
// missing apart from every text. Keys of several values can be appended one after the other and
// stay distinct.
void append_key(const Value& value, std::string& key);

}  // namespace riffle
