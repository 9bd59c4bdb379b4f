// What `table` and `markdown` have in common: records as cells of text, and the columns that they
// go to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "records/batch.h"
#include "records/flat_members.h"
#include "records/record.h"
#include "text/text_map.h"

namespace riffle {

// A record's field, nested ones by their path (`user.id`).
struct Cell {
  std::string name;
  std::string text;  // of a list: its JSON; of null: empty
  bool number = false;
  bool nothing = false;      // null, or a map without members
  std::size_t fraction = 0;  // the columns from a number's point on
};

// How values are shown.
struct CellStyle {
  std::size_t digits = 0;         // significant digits of numbers; 0: all
  bool spells_durations = false;  // as 1h30m; else in seconds
};

// The rows of batches as cells.
class RowCells {
 public:
  explicit RowCells(CellStyle style = {}) : style_(style) {}

  // The cells of a row's members, in their order. None where two of them have one name: the row is
  // rejected.
  std::optional<std::vector<Cell>> of(const Batch& batch, Row row, Effects& effects);

 private:
  CellStyle style_;
  FlatMembers members_;
};

// The columns of one table: the first record's fields, and those of a closed shape (`select`) that
// it lacks, in their places.
class TableColumns {
 public:
  TableColumns() = default;
  TableColumns(const Shape& shape, const std::vector<Cell>& first);
  explicit TableColumns(std::vector<std::string> names);

  const std::vector<std::string>& names() const { return names_; }
  // Moves a record's cells to their columns; a column that it lacks gets an empty one. False: a
  // field of it, null and empty maps apart, has no column.
  bool arrange(std::vector<Cell>& cells) const;

 private:
  void add_fields(const Shape& shape);

  std::vector<std::string> names_;
  TextMap<std::size_t> places_;
};

}  // namespace riffle
