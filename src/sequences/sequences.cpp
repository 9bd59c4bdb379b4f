#include <algorithm>
#include <iterator>

#include "sequences/rows.h"

namespace riffle {
namespace {

const std::vector<SequenceFunction>& table() {
  static const std::vector<SequenceFunction> rows = [] {
    std::vector<SequenceFunction> all;
    for (auto* const make_rows : {previous_sequences, running_sequences, moving_sequences}) {
      std::vector<SequenceFunction> some = make_rows();
      std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
  }();
  return rows;
}

}  // namespace

std::span<const SequenceFunction> sequence_functions() { return table(); }

const SequenceFunction* find_sequence(std::string_view name) {
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const SequenceFunction& f) { return f.name == name; });
  return found == table().end() ? nullptr : &*found;
}

}  // namespace riffle
