// How wide a table's columns are, and which of them fit a terminal.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/saved_state.h"

namespace riffle {

struct ColumnLayout {
  std::size_t width = 0;
  std::size_t fraction = 0;  // columns from the numbers' points on, which stand under each other
  bool right = false;        // holds numbers alone
  bool hidden = false;       // there is no room for it
  bool fitted = false;       // cut to its width; otherwise a wider cell pushes

  void save(StateWriter& to) const;
  void load(StateReader& from);
};

constexpr std::string_view column_gap = "  ", ellipsis = "\u2026";

// The columns of a layout in at most `limit` columns of a terminal. Cells of text are cut first,
// numbers never; then columns before the last one are hidden, in whose place one of the width 1
// stands.
// `least`: what each column needs at least.
void fit(std::span<ColumnLayout> columns, std::span<const std::size_t> least, std::size_t limit);

// The beginning of a text, with an ellipsis where it takes more than `width` columns.
std::string cut_to(std::string_view text, std::size_t width);

}  // namespace riffle
