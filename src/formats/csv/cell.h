// One cell of a row, as an untouched value.
#pragma once

#include <cstring>
#include <string_view>

#include "formats/csv/csv.h"
#include "values/value.h"

namespace riffle {

// Whether a row's only cell is empty.
inline bool is_blank_row(std::string_view row) { return row.find_first_not_of('\r') == row.npos; }

// What the cells of a column are, but for their bytes.
inline Value cell_of(const CsvDialect& dialect, std::uint8_t flags = 0) {
  return cell_value({}, dialect.delimiter, flags);
}

// Gives `cell` its bytes: from `begin` to the mark at `end`; the last one of a row may have
// carriage returns before its line end (`\r\r\n`: each line feed became `\r\n` once too often).
[[gnu::always_inline]] inline void put_cell(std::string_view text, std::uint32_t begin,
                                            std::uint32_t end, bool last, const CsvDialect& dialect,
                                            Value& cell) {
  const char* const bytes = text.data() + begin;
  std::uint32_t size = end - begin;
  while (last && size > 0 && bytes[size - 1] == '\r') size--;
  cell.size = size;
  cell.text = bytes;
  if (dialect.quotes && size > 0 && bytes[0] == '"') {
    cell.flags |= Value::quoted;
    if (size > 2 && std::memchr(bytes + 1, '"', size - 2)) cell.flags |= Value::escaped;
  } else if (dialect.escapes && size > 0 && std::memchr(bytes, '\\', size)) {
    cell.flags |= Value::escaped;
  }
}

// Makes a cell of a foreign dialect one of RFC 4180: what was quoted stays so, and what was escaped
// is quoted, too. The bytes are in `memory`.
void restate_cell(const CsvDialect& dialect, Value& cell, Memory& memory);

}  // namespace riffle
