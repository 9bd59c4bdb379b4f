#include "cli/foreign_flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

#include "cli/extra_words.h"
#include "text/digits.h"
#include "text/nearest.h"
#include "text/shell_word.h"

namespace riffle {
namespace {

bool is_letter_flag(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && std::isalpha(static_cast<unsigned char>(word[1]));
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string shell_words(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words)
    line.append(line.empty() ? "" : " ").append(visible(quoted(word)));
  return line;
}

const ForeignFlag* find_foreign(const GivenStage& stage, std::string_view word) {
  const std::vector<ForeignFlag>& flags = stage.row->foreign_flags;
  const auto found = std::find_if(flags.begin(), flags.end(),
                                  [&](const ForeignFlag& f) { return f.flag == word; });
  return found == flags.end() ? nullptr : &*found;
}

// `head -n 3`, `top -5 x`: the count after the flag, or in it.
Error no_count(const GivenStage& stage, std::span<const std::string> words) {
  const std::string_view name = stage.row->name;
  const std::string& word = words[0];
  if (const ForeignFlag* const foreign = find_foreign(stage, word))
    return usage_error(fmt::format("{}: '{}' is no count; {}", name, word, foreign->instead));
  std::string count = "10";
  std::span<const std::string> rest = words.subspan(1);
  if (is_digits(std::string_view(word).substr(1))) {
    count = word.substr(1);
  } else if (word.size() > 2 && is_digits(std::string_view(word).substr(2))) {
    count = word.substr(2);
  } else if (!rest.empty() && is_digits(rest[0])) {
    count = rest[0];
    rest = rest.subspan(1);
  }
  return usage_error(fmt::format("{0}: '{1}' is no count; write: {0} {2}{3}{4}", name,
                                 visible(word), count, rest.empty() ? "" : " ", shell_words(rest)));
}

// A flag where names, a file or a word stands.
Error no_flag(const GivenStage& stage, std::span<const std::string> words) {
  const std::string_view name = stage.row->name;
  const std::string shown = visible(words[0]);
  const ForeignFlag* const foreign = find_foreign(stage, words[0]);
  if (foreign && words.size() == 2)
    return usage_error(fmt::format("{}: '{}' is no flag; {} {}", name, shown, foreign->instead,
                                   visible(quoted(words[1]))));
  const Parameter& first = *stage.row->parameters()[0];
  const bool takes_file =
      first.kind == Parameter::Kind::file || first.kind == Parameter::Kind::input;
  const std::string way_out = takes_file
                                  ? fmt::format("a file of that name is ./{}", shown)
                                  : fmt::format("a field of that name is written '`{}`'", shown);
  return usage_error(
      fmt::format("{}: '{}' is no flag; usage: {}; {}", name, shown, stage.row->usage(), way_out));
}

bool is_direction(std::string_view word) { return word == "asc" || word == "desc"; }

// What the flags of sort(1) and Miller's sort, and words for a direction, ask for.
struct SortFlags {
  std::string first;  // as written
  bool descending = false;
  std::vector<std::string> keys;

  explicit SortFlags(std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size(); i++) {
      const std::string& word = words[i];
      if (const Option* const option =
              find_option(word.substr(0, word.starts_with("--") ? word.find('=') : word.npos))) {
        if (!option->value.empty() && word.find('=') == word.npos) i++;  // its value
        continue;
      }
      const bool is_key = (i > 0 && words[i - 1].ends_with(',')) ||
                          (i + 1 < words.size() && is_direction(words[i + 1]));
      if (is_key || (!take_short(word) && !take_long(word))) keys.push_back(word);
    }
  }

 private:
  bool take(const std::string& word, bool turns) {
    if (first.empty()) first = word;
    descending = descending || turns;
    return true;
  }

  bool take_short(const std::string& word) {
    constexpr std::array<std::string_view, 13> known = {
        "-r", "-n", "-u", "-k", "-g", "-nr", "-rn", "-nf", "-cr", "-tr", "-hr", "-gr", "-rg"};
    const bool is_place = word.size() > 2 && word.starts_with("-k") &&
                          std::isdigit(static_cast<unsigned char>(word[2]));
    if (!is_one_of(word, known) && !is_place) return false;
    return take(word, word.find('r') != word.npos);
  }

  bool take_long(const std::string& word) {
    constexpr std::array<std::string_view, 4> downwards = {"--desc", "--descending", "--reverse",
                                                           "--rev"};
    constexpr std::string_view others =
        " --asc --ascending --by --on --key --numeric --natural --numeric-sort --field ";
    const std::string name = word.substr(0, word.find('='));
    const bool is_other = others.find(" " + name + " ") != others.npos;
    if (!is_one_of(name, downwards) && !is_other) return false;
    if (name.size() < word.size()) keys.push_back(word.substr(name.size() + 1));
    return take(name, is_one_of(name, downwards));
  }
};

}  // namespace

void check_minus(const GivenStage& stage, std::span<const std::string> words) {
  const bool is_number =
      words[0].starts_with('-') && is_digits(std::string_view(words[0]).substr(1));
  const std::vector<const Parameter*> parameters = stage.row->parameters();
  if (!(is_number || is_letter_flag(words[0])) || parameters.empty()) return;
  const Parameter& first = *parameters[0];
  if (first.is_flag() || first.kind == Parameter::Kind::sort_keys) return;
  if (first.kind == Parameter::Kind::count) {
    if (stage.arguments.size() == 1) throw no_count(stage, words);
    return;
  }
  const bool computes =
      first.kind == Parameter::Kind::expression || first.kind == Parameter::Kind::assignments ||
      first.kind == Parameter::Kind::aggregates || first.kind == Parameter::Kind::annotations;
  // Alone it is the name of a field, or of a file.
  const bool has_operand = words.size() > 1 && words[1][0] != '-';
  if (!computes && !is_number && has_operand && stage.arguments.size() == 1)
    throw no_flag(stage, words);
}

void check_sort_words(const GivenStage& stage, std::span<const std::string> words) {
  const std::vector<const Parameter*> parameters = stage.row->parameters();
  if (parameters.empty() || parameters[0]->kind != Parameter::Kind::sort_keys) return;
  if (words.size() > 1 && (words[0] == "by" || words[0] == "BY") && words[1].find(',') != 0 &&
      !is_direction(words[1]))
    throw usage_error(fmt::format("sort: the keys come without 'by'; write: sort {}",
                                  shell_words(words.subspan(1))));
  const SortFlags flags(words);
  if (!flags.first.empty() && (!flags.keys.empty() || flags.first.starts_with("--"))) {
    std::string keys = flags.keys.empty() ? "FIELD" : fmt::format("{}", fmt::join(flags.keys, " "));
    if (flags.descending && keys.find('(') == keys.npos)
      for (std::size_t comma = keys.find(','); comma != keys.npos;
           comma = keys.find(',', comma + 6))
        keys.insert(comma, " desc");
    for (const std::string_view direction : {" desc", " asc"})
      if (keys.ends_with(direction)) keys.resize(keys.size() - direction.size());
    const std::string line = flags.descending ? keys + " desc" : keys;
    throw usage_error(fmt::format(
        "sort: '{}' is no flag; write: sort {}", visible(flags.first),
        line.find_first_of("()|&;<>*$") == line.npos ? visible(line) : "'" + visible(line) + "'"));
  }
  // `sort a -b` would be sorted by the difference.
  for (std::size_t i = 1; i < flags.keys.size(); i++) {
    const std::string &word = flags.keys[i], &before = flags.keys[i - 1];
    const bool follows_operator =
        before.empty() ||
        std::string_view(",+-*/%(<>=").find(before.back()) != std::string_view::npos;
    if (!is_letter_flag(word) || follows_operator) continue;
    throw usage_error(
        fmt::format("sort: '{1}' is no flag; write: sort {0}, {2} desc, or for the difference: "
                    "sort '{0} - {2}'",
                    visible(before), visible(word), visible(word.substr(1))));
  }
}

Error unknown_flag(const GivenStage& stage, std::string_view name) {
  constexpr std::array<std::string_view, 5> grouping = {"--group-by", "--groupby", "--group_by",
                                                        "--group", "--key"};
  const std::string_view row = stage.row->name;
  std::vector<std::string> names;
  for (const Parameter* const parameter : stage.row->parameters())
    if (parameter->is_flag()) names.emplace_back(parameter->name);
  const Parameter* by = nullptr;
  for (const Parameter* const parameter : stage.row->parameters())
    if (parameter->is_flag() && parameter->kind == Parameter::Kind::keys) by = parameter;
  for (const Option& option : options()) names.emplace_back(option.name);
  std::string meant = nearest(name, names);
  if (by && is_one_of(name, grouping)) meant = by->name;
  if (const ForeignFlag* const foreign = find_foreign(stage, name))
    return usage_error(
        fmt::format("{}: unknown flag '{}'; {}", row, visible(name), foreign->instead));
  if (name == "--having")
    return usage_error(
        fmt::format("{}: unknown flag '--having'; put a filter after it: then filter "
                    "EXPR",
                    row));
  if (name.starts_with("--fail") || name == "--exit-status" || name == "--exit-code")
    return usage_error(fmt::format(
        "{}: unknown flag '{}'; the exit status tells by a stage after it: then assert 'n < 10'",
        row, visible(name)));
  if (name == "--where" || name == "--filter")
    return usage_error(fmt::format(
        "{0}: unknown flag '{1}'; put a filter before it: filter EXPR then {0} ...", row, name));
  return usage_error(
      fmt::format("{}: unknown flag '{}'{}", row, visible(name), did_you_mean(meant)));
}

}  // namespace riffle
