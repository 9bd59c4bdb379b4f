// Column: a value for each row of a batch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

using Row = std::uint32_t;

// A value for each row of a batch, or one for all of them (mask 0). Only the living rows' values
// are filled.
struct Column {
  const Value* values = nullptr;
  Row mask = ~Row{0};

  const Value& operator[](Row row) const { return values[row & mask]; }
  bool is_constant() const { return mask == 0; }
  // The column of that row alone.
  Column at(Row row) const { return values ? Column{values + (row & mask), 0} : *this; }
};

// Item i is `rows[i]` of `from`; null when that is null. Lives in `memory`.
template <typename T>
T* picked(const T* from, std::span<const Row> rows, Memory& memory) {
  if (!from) return nullptr;
  T* const to = memory.allocate<T>(rows.size());
  for (std::size_t i = 0; i < rows.size(); i++) to[i] = from[rows[i]];
  return to;
}

inline Column picked(const Column& column, std::span<const Row> rows, Memory& memory) {
  if (column.is_constant()) return column;
  return {picked(column.values, rows, memory)};
}

}  // namespace riffle
