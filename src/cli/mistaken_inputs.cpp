#include "cli/mistaken_inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "arguments/condition.h"
#include "formats/format.h"
#include "stages/stage.h"
#include "text/letter_case.h"
#include "text/shell_word.h"
#include "values/error.h"

namespace riffle {
namespace {

// `filter status > 500` in one word.
std::string whole_stage(const std::string& word) {
  const std::size_t blank = word.find(' ');
  const bool could_be_file = word.find('/') != word.npos || format_of_file(word);
  if (blank == word.npos || could_be_file) return {};
  const std::string name = word.substr(0, blank);
  const StageRow* row = find_stage(name);
  if (!row) row = stage_called_elsewhere(name);
  if (!row) return {};
  return fmt::format("a stage and its arguments are words of their own: {} {}", row->name,
                     visible(quoted(word.substr(blank + 1))));
}

}  // namespace

std::string meant_by_input(const std::string& word) {
  const std::string small = lower_ascii(word);
  if (small.starts_with("select ") && small.find(" from ") != small.npos)
    return "stages in place of SQL: riffle FILE filter 'status >= 500' then select ts,path";
  if (small.find("{print") != small.npos || small.find("{ print") != small.npos)
    return "stages in place of awk: riffle FILE filter 'status >= 500' then select ts,path";
  const bool has_pipe = word.find('|') != word.npos, has_slash = word.find('/') != word.npos;
  if (word.starts_with('.') && word.size() > 1 && !has_slash &&
      (has_pipe || word.find_first_of("[(") != word.npos))
    return "stages in place of jq: riffle FILE filter 'status >= 500' then select ts,path";
  if (small.starts_with("select(") || small.starts_with("map("))
    return "stages in place of jq: riffle FILE filter 'status >= 500' then select ts,path";
  if (is_condition(word)) return fmt::format("write: filter {}", visible(quoted(word)));
  return whole_stage(word);
}

}  // namespace riffle
