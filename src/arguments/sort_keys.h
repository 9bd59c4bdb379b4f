// Sort keys: EXPR [asc|desc], ...
#pragma once

#include <memory>
#include <vector>

#include "expression/syntax.h"

namespace riffle {

struct SortItem {
  std::unique_ptr<Syntax> value;
  bool descending = false;
};

// Throws Error (usage, with a caret).
std::vector<SortItem> parse_sort_keys(const Text& text);

}  // namespace riffle
