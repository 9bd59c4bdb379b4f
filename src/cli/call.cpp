#include "cli/call.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

#include "arguments/parse.h"
#include "cli/extra_words.h"
#include "cli/missing_then.h"
#include "text/width.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.code < 0) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

std::string name_of(const GivenStage& stage, const Parameter& parameter) {
  return parameter.is_flag() ? fmt::format("{}: {}", stage.row->name, parameter.name)
                             : std::string(stage.row->name);
}

// A form's word may stand in one word with what follows it: 'session 30m'.
std::vector<std::string> separated(const GivenStage& stage) {
  std::vector<std::string> words = stage.arguments;
  for (const Form& form : stage.row->forms) {
    const std::string start = std::string(form.signature.word) + ' ';
    if (form.signature.word.empty() || words.empty() || !words[0].starts_with(start)) continue;
    const std::string rest = words[0].substr(start.size());
    words[0] = form.signature.word;
    words.insert(words.begin() + 1, rest);
  }
  return words;
}

GivenArguments given_flags(const GivenStage& stage) {
  GivenArguments flags;
  for (const GivenFlag& given : stage.flags) {
    const Parameter& flag = *given.flag;
    if (given.value.empty())
      throw usage_error(fmt::format("{}: {} needs a value", stage.row->name, flag.name));
    if (flag.kind != Parameter::Kind::file && flag.kind != Parameter::Kind::input)
      check_utf8(name_of(stage, flag), given.value);
    const auto [known, is_new] = flags.emplace(flag.name, given.value);
    if (is_new) continue;
    if (!flag.repeats)
      throw usage_error(fmt::format("{}: {} is given twice", stage.row->name, flag.name));
    known->second += ", " + given.value;
  }
  return flags;
}

// The words that belong to no flag, as CLI11 gives them to the form's parameters.
void add_positionals(const GivenStage& stage, const Signature& signature,
                     std::vector<std::string> words, GivenArguments& given) {
  CLI::App app{std::string(stage.row->summary), std::string(stage.row->name)};
  app.set_help_flag();
  std::map<const Parameter*, std::string> values;
  std::vector<const Parameter*> places;
  for (const Parameter& parameter : signature.parameters) {
    if (parameter.is_flag()) continue;
    places.push_back(&parameter);
    app.add_option(std::string(parameter.name), values[&parameter]);
  }
  if (!places.empty() && places.back()->rest && words.size() > places.size()) {
    const auto last = words.begin() + static_cast<std::ptrdiff_t>(places.size());
    for (auto word = last; word != words.end(); ++word) *(last - 1) += " " + *word;
    words.erase(last, words.end());
  }
  if (words.size() > places.size()) throw word_too_many(stage, signature, words);
  for (const std::string& word : words)
    if (word.empty())
      throw usage_error(
          fmt::format("{}: an argument is empty; usage: {}", stage.row->name, signature.usage));
  // CLI11 takes its words from the back.
  std::vector<std::string> tokens(words.rbegin(), words.rend());
  if (!words.empty()) tokens.emplace_back("--");
  app.parse(tokens);
  for (const Parameter* const parameter : places) {
    const std::string& value = values[parameter];
    if (value.empty()) continue;
    if (parameter->kind != Parameter::Kind::file && parameter->kind != Parameter::Kind::input)
      check_utf8(name_of(stage, *parameter), value);
    given.emplace(parameter->name, value);
  }
}

Call call_of(const GivenStage& stage) {
  const std::vector<const Signature*> signatures = stage.row->signatures();
  std::vector<std::string> words = separated(stage);
  GivenArguments given = given_flags(stage);
  const Signature& signature = signature_meant(stage.row->name, signatures, words, given);
  if (!signature.word.empty()) words.erase(words.begin());
  add_positionals(stage, signature, std::move(words), given);
  Call call;
  call.row = stage.row;
  for (const Form& form : stage.row->forms)
    if (&form.signature == &signature) call.form = &form;
  call.arguments = parse_arguments(stage.row->name, signatures, signature, given);
  return call;
}

}  // namespace

void check_utf8(const std::string& whose, std::string_view text) {
  if (!is_utf8(text)) throw usage_error(fmt::format("{}: '{}' is not UTF-8", whose, visible(text)));
}

Call make_call(const GivenStage& stage) {
  try {
    return call_of(stage);
  } catch (const Error&) {
    if (const auto missing = missing_then(stage, [](const GivenStage& s) { call_of(s); }))
      throw *missing;
    throw;
  }
}

}  // namespace riffle
