#include "records/source_text.h"

#include "values/decode.h"

namespace riffle {

bool SourceDialect::operator==(const SourceDialect& other) const {
  const bool same_header =
      header == other.header || (header && other.header && header->names == other.header->names);
  return same_header && format == other.format && delimiter == other.delimiter &&
         members == other.members;
}

SourceText SourceText::at(Row row) const {
  SourceText result{text ? text + row : nullptr, {}};
  result.header_columns.reserve(header_columns.size());
  for (const Column& column : header_columns) result.header_columns.push_back(column.at(row));
  return result;
}

SourceText SourceText::picked(std::span<const Row> rows, Memory& memory) const {
  SourceText result{riffle::picked(text, rows, memory), {}};
  result.header_columns.reserve(header_columns.size());
  for (const Column& column : header_columns)
    result.header_columns.push_back(riffle::picked(column, rows, memory));
  return result;
}

SourceText SourceText::copied(std::span<const Row> rows, Memory& memory) const {
  SourceText result;
  if (text) {
    auto* const bytes = memory.allocate<std::string_view>(rows.size());
    for (std::size_t i = 0; i < rows.size(); i++) bytes[i] = memory.copy(text[rows[i]]);
    result.text = bytes;
  }
  result.header_columns.reserve(header_columns.size());
  for (const Column& column : header_columns)
    result.header_columns.push_back(riffle::copied(column, rows, *this, result, memory));
  return result;
}

Column copied(const Column& column, std::span<const Row> rows, const SourceText& from,
              const SourceText& to, Memory& memory) {
  if (!column.values) return column;
  Value* const values = memory.allocate<Value>(column.is_constant() ? 1 : rows.size());
  if (column.is_constant()) {
    values[0] = deep_copy(column.values[0], memory);
    return {values, 0};
  }
  for (std::size_t i = 0; i < rows.size(); i++) {
    const Value& value = column[rows[i]];
    if (from.text && value.is_untouched()) {
      const std::string_view old = from.text[rows[i]];
      if (value.text >= old.data() && value.text + value.size <= old.data() + old.size()) {
        values[i] = value;
        values[i].text = to.text[i].data() + (value.text - old.data());
        continue;
      }
    }
    values[i] = deep_copy(value, memory);
  }
  return {values};
}

}  // namespace riffle
