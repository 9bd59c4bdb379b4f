// The columns of csv and tsv output, and where a batch has their cells.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "records/flat_members.h"
#include "text/text_map.h"

namespace riffle {

// Names in their order, each with its place.
class CsvColumns {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  CsvColumns() = default;
  explicit CsvColumns(const std::vector<std::string>& names);

  const std::vector<std::string>& names() const { return names_; }
  bool empty() const { return names_.empty(); }
  std::size_t size() const { return names_.size(); }

  void add(std::string_view name);
  // `likely`: where it may well be.
  std::size_t find(std::string_view name, std::size_t likely = none) const;
  // Whether a column is nested in `name`: `user.id` in `user`.
  bool has_inside(std::string_view name) const;

 private:
  std::vector<std::string> names_;
  TextMap<std::size_t> places_;
  std::set<std::string, std::less<>> dotted_;  // those that may be inside another
};

// Where the cells of the rows of a shape stand, column by column: for batches whose members' names
// are known without looking at each record.
class CsvLayout {
 public:
  // Of such a batch; nothing where only the records can tell.
  static std::optional<CsvLayout> of(const Batch& batch, const CsvColumns& columns);

  // The batch's, and others' of the same shape, header and columns.
  void use(const Batch& batch);
  const Value& cell(std::size_t column, Row row) const {
    std::size_t at = begins_[column];
    const std::size_t last = begins_[column + 1] - 1;
    while (at < last && columns_[at][row].is_missing()) at++;
    return columns_[at][row];
  }
  // Whether a row has a member that no column is for.
  bool has_more(Row row) const {
    for (std::size_t i = begins_.back(); i < columns_.size(); i++)
      if (!columns_[i][row].is_missing()) return true;
    return false;
  }

 private:
  // A column of the batch: its header's, or a slot's; -1: nowhere.
  struct Place {
    bool of_header = false;
    int index = -1;
  };
  struct Entry {
    std::string_view name;
    std::vector<Place> places;  // the first that is not missing has the value
  };

  static void apply(const Edit& edit, std::vector<Entry>& entries);

  std::vector<Place> places_;
  // Each column's first place; after the last one's, those without a column.
  std::vector<std::uint32_t> begins_;
  std::vector<Column> columns_;  // places_, of the batch in use
};

}  // namespace riffle
