#include <algorithm>

#include "stages/rows.h"
#include "text/nearest.h"

namespace riffle {
namespace {

// In the order in which the manual lists them.
const std::vector<StageRow>& table() {
  static const std::vector<StageRow> rows = {
      filter_row(),   transform_row(), select_row(),   drop_row(),      rename_row(),
      reorder_row(),  aggregate_row(), count_row(),    window_row(),    head_row(),
      tail_row(),     skip_row(),      top_row(),      bottom_row(),    sort_row(),
      distinct_row(), join_row(),      match_row(),    explode_row(),   implode_row(),
      flatten_row(),  unflatten_row(), pivot_row(),    unpivot_row(),   fill_row(),
      parse_row(),    sample_row(),    describe_row(), histogram_row(), detect_row(),
      tee_row(),      split_row()};
  return rows;
}

}  // namespace

std::span<const StageRow> stages() { return table(); }

const StageRow* find_stage(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const StageRow& row) { return row.name == name; });
  return found == table().end() ? nullptr : &*found;
}

std::string stage_meant_by(std::string_view word) {
  std::vector<std::string> names;
  for (const StageRow& row : stages()) {
    if (std::find(row.elsewhere.begin(), row.elsewhere.end(), word) != row.elsewhere.end())
      return std::string(row.name);
    names.emplace_back(row.name);
  }
  return nearest(word, names);
}

}  // namespace riffle
