#include "cli/extra_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "text/shell_word.h"

namespace riffle {
namespace {

std::string visible_word(const std::string& word) { return visible(quoted(word)); }

using Kind = Parameter::Kind;

bool is_list(Kind kind) {
  return kind == Kind::assignments || kind == Kind::aggregates || kind == Kind::items ||
         kind == Kind::names || kind == Kind::plain_names || kind == Kind::renamings ||
         kind == Kind::keys;
}

std::string joined(std::span<const std::string> words, std::string_view separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

// `a, b` are words with commas already.
std::vector<std::string> without_commas(std::span<const std::string> words) {
  std::vector<std::string> bare(words.begin(), words.end());
  for (std::string& word : bare)
    if (word.ends_with(',')) word.pop_back();
  return bare;
}

std::string with_commas(const std::string& list) {
  return fmt::format("a list is one word with commas: {}", list);
}

// The flag whose list ends right before the argument at `i`; null: there is none.
const GivenFlag* list_before(const GivenStage& stage, std::size_t i) {
  for (const GivenFlag& given : stage.flags)
    if (given.arguments_before == i &&
        (given.flag->kind == Kind::keys || given.flag->kind == Kind::key_pairs))
      return &given;
  return nullptr;
}

std::string hint(const GivenStage& stage, const Signature& signature,
                 std::span<const Parameter* const> places, std::span<const std::string> words) {
  const std::span<const std::string> extra = words.subspan(places.size());
  if (const GivenFlag* const given = list_before(stage, places.size()))
    return with_commas(fmt::format("{} {}", given->flag->name,
                                   visible_word(given->value + "," + joined(extra, ","))));
  const Parameter* const only = places.size() == 1 ? places[0] : nullptr;
  if (only && is_list(only->kind))
    return with_commas(visible_word(joined(without_commas(words), ",")));
  if (find_stage(extra[0])) return fmt::format("'then' stands between stages: then {}", extra[0]);
  if (only && only->kind == Kind::expression && words[0].size() == 2 && words[0][0] == '-') {
    const std::string expression = joined(words.subspan(1), " ");
    const bool inverts = words[0] == "-v" || words[0] == "-x";
    return fmt::format("there is no flag '{}'; write: {} {}", visible(words[0]), stage.row->name,
                       visible_word(inverts ? fmt::format("not ({})", expression) : expression));
  }
  const bool is_without_quotes = words[0].find(' ') == std::string::npos;
  if (only && only->kind == Kind::expression && is_without_quotes)
    return fmt::format("an expression is one word: {} {}", stage.row->name,
                       visible_word(joined(words, " ")));
  return fmt::format("usage: {}", signature.usage);
}

}  // namespace

Error word_too_many(const GivenStage& stage, const Signature& signature,
                    std::span<const std::string> words) {
  std::vector<const Parameter*> places;
  for (const Parameter& parameter : signature.parameters)
    if (!parameter.is_flag()) places.push_back(&parameter);
  return usage_error(fmt::format("{}: '{}' is one word too many; {}", stage.row->name,
                                 visible(words[places.size()]),
                                 hint(stage, signature, places, words)));
}

}  // namespace riffle
