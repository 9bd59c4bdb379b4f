#include "cli/extra_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include "arguments/condition.h"
#include "text/shell_word.h"

namespace riffle {
namespace {

std::string visible_word(const std::string& word) { return visible(quoted(word)); }

using Kind = Parameter::Kind;

bool is_list(Kind kind) {
  return kind == Kind::assignments || kind == Kind::aggregates || kind == Kind::annotations ||
         kind == Kind::items || kind == Kind::names || kind == Kind::plain_names ||
         kind == Kind::renamings || kind == Kind::keys;
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

// `count by service`: the keys of a group without the flag.
std::string keys_after_by(const GivenStage& stage, std::span<const std::string> words,
                          std::size_t places) {
  const auto by = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return word == "by" || word == "BY" || word == "group-by" || word == "over";
  });
  const std::size_t at = static_cast<std::size_t>(by - words.begin());
  const bool is_clause = at == places + 1 && words[places] == "group";  // group by level
  if (by == words.end() || by + 1 == words.end() || (at > places && !is_clause)) return {};
  const std::string rest = visible_word(joined(std::span(by + 1, words.end()), ","));
  if (at < places)
    return fmt::format("write: {} {}{}", stage.row->name,
                       at > 0 ? visible_word(joined(words.first(at), " ")) + " " : "", rest);
  for (const Parameter* const flag : stage.row->parameters())
    if (flag->is_flag() && flag->kind == Kind::keys)
      return fmt::format("write: {} {}", flag->name, rest);
  return {};
}

// `count level`, `join b.csv id`: keys in place of the flag that takes them.
std::string keys_without_flag(const GivenStage& stage, const Signature& signature,
                              std::span<const std::string> extra) {
  const bool are_names = std::all_of(extra.begin(), extra.end(), [](const std::string& word) {
    return word.find_first_of(" -(") == word.npos;
  });
  const bool takes_values = std::any_of(
      signature.parameters.begin(), signature.parameters.end(), [](const Parameter& parameter) {
        return !parameter.is_flag() && parameter.kind != Kind::input;
      });
  if (!are_names || takes_values) return {};
  for (const Parameter& parameter : signature.parameters) {
    const bool takes_keys = parameter.kind == Kind::keys || parameter.kind == Kind::key_pairs;
    const bool is_given =
        std::any_of(stage.flags.begin(), stage.flags.end(),
                    [&](const GivenFlag& flag) { return flag.flag->name == parameter.name; });
    if (parameter.is_flag() && takes_keys && !is_given)
      return fmt::format("write: {} {}", parameter.name,
                         visible_word(joined(without_commas(extra), ",")));
  }
  return {};
}

// grep's and jq's order: the file after the expression.
std::string inputs_first(const GivenStage& stage, std::span<const std::string> extra) {
  const bool from = extra.size() > 1 && (extra[0] == "from" || extra[0] == "FROM");
  const std::string& file = extra[from ? 1 : 0];
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return {};
  return fmt::format("inputs come before the first stage: riffle {} {} ...", visible_word(file),
                     stage.row->name);
}

// Of an expression in several words, from which a shell may have taken signs and quotes. Empty:
// they are no expression.
std::string one_expression(const GivenStage& stage, const std::string& expression) {
  if (const auto whole = with_lost_quotes(expression))
    return fmt::format("an expression is one word: {} {}", stage.row->name, visible_word(*whole));
  const bool takes_nothing_else = stage.row->parameters().size() == 1;
  return takes_nothing_else
             ? "an expression is one word in quotes, since < > ( ) * & | are the shell's"
             : "";
}

std::string hint(const GivenStage& stage, const Signature& signature,
                 std::span<const Parameter* const> places, std::span<const std::string> words) {
  const std::span<const std::string> extra = words.subspan(places.size());
  if (std::string keys = keys_after_by(stage, words, places.size()); !keys.empty()) return keys;
  if (std::string inputs = inputs_first(stage, extra); !inputs.empty()) return inputs;
  if (const GivenFlag* const given = list_before(stage, places.size()))
    return with_commas(fmt::format("{} {}", given->flag->name,
                                   visible_word(given->value + "," + joined(extra, ","))));
  const Parameter* const only = places.size() == 1 ? places[0] : nullptr;
  if (only && is_list(only->kind) && std::find(words.begin(), words.end(), "=") != words.end())
    return fmt::format("an assignment is one word: {} {}", stage.row->name,
                       visible_word(joined(words, " ")));
  if (only && is_list(only->kind))
    return with_commas(visible_word(joined(without_commas(words), ",")));
  if (only && only->kind == Kind::expression && words[0].size() == 2 && words[0][0] == '-') {
    const std::string expression = joined(words.subspan(1), " ");
    const bool inverts = words[0] == "-v" || words[0] == "-x";
    return fmt::format("there is no flag '{}'; write: {} {}", visible(words[0]), stage.row->name,
                       visible_word(inverts ? fmt::format("not ({})", expression) : expression));
  }
  const bool is_without_quotes = words[0].find(' ') == std::string::npos;
  if (only && only->kind == Kind::expression && is_without_quotes)
    if (std::string one = one_expression(stage, joined(words, " ")); !one.empty()) return one;
  if (extra[0] == "|" || extra[0] == ";") return "'then' stands between stages";
  const std::string keys = keys_without_flag(stage, signature, extra);
  return keys.empty() ? fmt::format("usage: {}", signature.usage) : keys;
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
