#include "cli/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "connectors/connector.h"
#include "data/error.h"
#include "data/nearest.h"
#include "stages/stage.h"

namespace riffle {
namespace {

std::string nearest_stage(const std::string& word) {
  std::vector<std::string> names;
  for (const StageRow& row : stages()) names.emplace_back(row.name);
  return nearest(word, names);
}

// An expression or a flag of a stage; no file is called so by habit.
bool looks_like_argument(std::string_view word) {
  return word == "then" || word.find_first_of("=<>'\"(") != word.npos || word.find(' ') != word.npos ||
         (word.starts_with("--") && word.size() > 2);
}

std::optional<Error> fault_of(const std::string& input) {
  try {
    connector_of(input).look_up(input);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

void check_inputs(const std::vector<std::string>& inputs, const std::vector<std::string>& words_behind) {
  std::vector<std::optional<Error>> faults;
  for (const std::string& input : inputs) faults.push_back(fault_of(input));
  for (std::size_t i = 0; i < inputs.size(); i++) {
    if (!faults[i]) continue;
    const std::string& word = inputs[i];
    if (const std::string stage = nearest_stage(word); !stage.empty())
      throw usage_error(fmt::format("no file and no stage is called '{}'; did you mean '{}'?", word, stage));
    const bool last = i + 1 == inputs.size();
    const std::string next = !last ? inputs[i + 1] : words_behind.empty() ? std::string() : words_behind.front();
    if (looks_like_argument(word) || (looks_like_argument(next) && (last || faults[i + 1])))
      throw usage_error(fmt::format("no file and no stage is called '{}'", word));
    throw *faults[i];
  }
}

}  // namespace riffle
