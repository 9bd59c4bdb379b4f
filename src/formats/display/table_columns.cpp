#include "formats/display/table_columns.h"

#include <algorithm>
#include <cmath>

#include "formats/display/digits.h"
#include "values/decode.h"

namespace riffle {
namespace {

Cell cell_of(const NamedValue& member, CellStyle style, Memory& memory) {
  const Value value = decode(member.value, memory);
  Cell cell;
  cell.name = member.name;
  cell.number = value.is_number() || value.kind == Kind::duration;
  // A number of the input is shown by its digits, past a real's range too.
  const bool is_untouched = member.value.is_untouched();
  const bool unwritable = value.kind == Kind::real && !std::isfinite(value.real) && !is_untouched;
  cell.nothing = value.is_nothing() || unwritable || value.kind == Kind::map;
  if (!cell.nothing) cell.text = text_of(member.value, memory);
  if (value.kind == Kind::map) cell.text = "{}";
  if (value.kind == Kind::duration && style.spells_durations)
    cell.text = duration_for_people(value.integer, style.digits);
  if (value.is_number() && !cell.nothing) {
    cell.text = rounded(cell.text, style.digits);
    cell.fraction = fraction_of(cell.text);
  }
  return cell;
}

// Whether a column belongs to a field: it is the field, or a member inside it.
bool belongs(const std::string& column, const std::string& field) {
  return column.starts_with(field) &&
         (column.size() == field.size() || column[field.size()] == '.');
}

}  // namespace

std::optional<std::vector<Cell>> RowCells::of(const Batch& batch, Row row, Effects& effects) {
  Memory memory;
  const std::span<const NamedValue> record = members_.of(batch, row, memory);
  if (const auto name = members_.shared_name(memory)) {
    effects.rejects.push_back(rejected(batch, row, "write", shared_column(*name)));
    return std::nullopt;
  }
  std::vector<Cell> cells;
  for (const NamedValue& member : record) cells.push_back(cell_of(member, style_, memory));
  return cells;
}

TableColumns::TableColumns(const Shape& shape, const std::vector<Cell>& first) {
  TextViewSet seen;
  for (const Cell& cell : first)
    if (seen.insert(cell.name).second) names_.push_back(cell.name);
  if (!shape.is_open() && shape.edits().empty()) add_fields(shape);
  for (std::size_t i = 0; i < names_.size(); i++) places_.emplace(names_[i], i);
}

TableColumns::TableColumns(std::vector<std::string> names) : names_(std::move(names)) {
  for (std::size_t i = 0; i < names_.size(); i++) places_.emplace(names_[i], i);
}

void TableColumns::add_fields(const Shape& shape) {
  auto place = names_.begin();  // after the columns of the field before
  for (const Field& field : shape.fields()) {
    if (!field.pattern.empty()) continue;
    const auto is_its = [&](const std::string& column) {
      return belongs(column, field.name.literal);
    };
    const auto last = std::find_if(names_.rbegin(), names_.rend(), is_its);
    place = last == names_.rend() ? names_.insert(place, field.name.literal) + 1 : last.base();
  }
}

bool TableColumns::arrange(std::vector<Cell>& cells) const {
  std::vector<Cell> arranged(names_.size());
  for (const Cell& cell : cells) {
    const auto column = places_.find(cell.name);
    if (column != places_.end())
      arranged[column->second] = cell;
    else if (!cell.nothing)
      return false;
  }
  cells = std::move(arranged);
  return true;
}

}  // namespace riffle
