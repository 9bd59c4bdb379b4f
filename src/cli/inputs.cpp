#include "cli/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>

#include "cli/mistaken_inputs.h"
#include "connectors/connector.h"
#include "stages/stage.h"
#include "text/nearest.h"
#include "values/error.h"

namespace riffle {
namespace {

bool could_be_stage(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
}

// jq's `.status`.
bool could_be_path(std::string_view word) {
  return word.size() > 1 && word[0] == '.' && could_be_stage(word.substr(1));
}

// An expression or a flag of a stage; no file is called so by habit.
bool looks_like_argument(std::string_view word) {
  return word == "then" || word.find_first_of("=<>'\"(") != word.npos ||
         word.find(' ') != word.npos || (word.starts_with("--") && word.size() > 2);
}

std::optional<Error> fault_of(const std::string& input) {
  try {
    connector_of(input).check_exists({input});
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

// The word names no file, and does not follow --input.
bool is_free(const GivenInput& input) {
  std::error_code ignored;
  return !input.by_option && fault_of(input.where) &&
         !std::filesystem::exists(input.where, ignored);
}

Error no_file_and_no_stage(const std::string& word) {
  return usage_error(fmt::format("no file and no stage is called '{}'{}", visible(word),
                                 did_you_mean(stage_meant_by(word))));
}

// Whether the word after the input at `i` looks like a stage's argument, and names no file.
bool has_argument(const CommandLine& line, std::size_t i) {
  if (i + 1 == line.inputs.size()) return looks_like_argument(line.behind_inputs);
  return looks_like_argument(line.inputs[i + 1].where) && is_free(line.inputs[i + 1]);
}

}  // namespace

void check_inputs(const CommandLine& line) {
  const bool follows =
      std::any_of(line.options.begin(), line.options.end(),
                  [](const GivenOption& o) { return o.option->name == "--follow"; });
  for (std::size_t i = 0; i < line.inputs.size(); i++) {
    const std::string& word = line.inputs[i].where;
    std::optional<Error> fault = fault_of(word);
    if (!fault) continue;
    if (!is_free(line.inputs[i])) {
      fault = fault_of(word);
      if (fault) throw *fault;
      continue;  // the file has appeared since
    }
    if (follows && !could_be_stage(word)) continue;  // it may come yet
    if (const std::string meant = meant_by_input(word); !meant.empty())
      throw usage_error(fmt::format("no file is called '{}'; {}", visible(word), meant));
    if (!stage_meant_by(word).empty() || (could_be_stage(word) && has_argument(line, i)))
      throw no_file_and_no_stage(word);
    throw could_be_stage(word)
        ? failure(fmt::format("{}; and no stage has that name", fault->what()))
    : could_be_path(word)
        ? failure(fmt::format("{}; a field is chosen by: select {}", fault->what(), word.substr(1)))
        : *fault;
  }
}

Error unknown_stage_or_fault(const CommandLine& line) {
  for (const GivenInput& input : line.inputs)
    if (could_be_stage(input.where) && is_free(input)) return no_file_and_no_stage(input.where);
  return *line.fault;
}

}  // namespace riffle
