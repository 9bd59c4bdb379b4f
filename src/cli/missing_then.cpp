#include "cli/missing_then.h"

#include <fmt/format.h>

namespace riffle {
namespace {

// The stage as its words before the argument at `end` say.
GivenStage until(const GivenStage& stage, std::size_t end) {
  GivenStage before{stage.row, {}, {}};
  before.arguments.assign(stage.arguments.begin(),
                          stage.arguments.begin() + static_cast<std::ptrdiff_t>(end));
  for (const GivenFlag& flag : stage.flags)
    if (flag.arguments_before <= end) before.flags.push_back(flag);
  return before;
}

bool is_whole(const GivenStage& stage, const std::function<void(const GivenStage&)>& check) {
  try {
    check(stage);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::optional<Error> missing_then(const GivenStage& stage,
                                  const std::function<void(const GivenStage&)>& check) {
  // From the end: of `distinct count head 2`, `distinct count` is a stage too.
  for (std::size_t i = stage.arguments.size(); i-- > 0;) {
    const std::string& word = stage.arguments[i];
    const StageRow* const own = find_stage(word);
    const StageRow* const row = own ? own : stage_called_elsewhere(word);
    const bool is_clause = i + 1 < stage.arguments.size() && stage.arguments[i + 1] == "by";
    if (!row || (is_clause && word == "group") || !is_whole(until(stage, i), check)) continue;
    return usage_error(fmt::format("{}: 'then' is missing before '{}'; write: then {}",
                                   stage.row->name, visible(word), row->name));
  }
  return std::nullopt;
}

}  // namespace riffle
