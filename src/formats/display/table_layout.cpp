#include "formats/display/table_layout.h"

#include <algorithm>

#include "text/width.h"

namespace riffle {
namespace {

// The columns that those not hidden take, gaps between them, and that of what is hidden.
template <typename Width>
std::size_t total(std::span<const ColumnLayout> columns, Width width) {
  std::size_t sum = 0, shown = 0;
  bool hides = false;
  for (std::size_t i = 0; i < columns.size(); i++) {
    hides = hides || columns[i].hidden;
    if (columns[i].hidden) continue;
    sum += width(i);
    shown++;
  }
  if (hides) sum++, shown++;
  return sum + (shown > 0 ? (shown - 1) * column_gap.size() : 0);
}

}  // namespace

void ColumnLayout::save(StateWriter& to) const {
  to.count(width);
  to.count(fraction);
  to.number(right);
  to.number(hidden);
  to.number(fitted);
}

void ColumnLayout::load(StateReader& from) {
  width = from.number<std::uint64_t>();
  fraction = from.number<std::uint64_t>();
  right = from.number<bool>();
  hidden = from.number<bool>();
  fitted = from.number<bool>();
}

void fit(std::span<ColumnLayout> columns, std::span<const std::size_t> least, std::size_t limit) {
  const auto width = [&](std::size_t i) { return columns[i].width; };
  const auto needed = [&](std::size_t i) { return std::min(least[i], columns[i].width); };
  for (ColumnLayout& column : columns) column.fitted = true;
  // The last one is most often what was computed.
  for (std::size_t i = columns.size(); i-- > 1 && total(columns, needed) > limit;)
    if (i + 1 < columns.size() || columns.size() == 2) columns[i].hidden = true;
  while (total(columns, width) > limit) {
    ColumnLayout* widest = nullptr;
    for (std::size_t i = 0; i < columns.size(); i++) {
      const bool can_give = !columns[i].hidden && columns[i].width > needed(i);
      if (can_give && (!widest || columns[i].width > widest->width)) widest = &columns[i];
    }
    if (!widest) return;
    widest->width--;
  }
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const std::size_t next = bytes + first_character(text.substr(bytes)).bytes;
    if (display_width(text.substr(0, next)) >= width) break;
    bytes = next;
  }
  return std::string(text.substr(0, bytes)).append(ellipsis);
}

}  // namespace riffle
