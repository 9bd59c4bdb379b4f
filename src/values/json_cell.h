// CSV and TSV cells as JSON, straight from their bytes: what decode() and write_json() say of a
// cell, without a value between them.
#pragma once

#include <cstddef>

#include "values/value.h"

namespace riffle {

// Room that the JSON of a text or a cell may need, and what is written past its end on the way.
constexpr std::size_t json_room(std::size_t size) { return 6 * size + 32; }

// This many bytes after a cell's end are read; a Block and a Memory have them.
constexpr std::size_t json_cell_padding = 16;

// Writes a cell (Kind::cell) at `to`, where json_room(cell.size) bytes are; where it ends.
char* write_json_cell(const Value& cell, char* to);

}  // namespace riffle
