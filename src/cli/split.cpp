#include "cli/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/call.h"
#include "cli/foreign_flags.h"
#include "cli/foreign_options.h"
#include "cli/missing_then.h"
#include "text/nearest.h"
#include "text/shell_word.h"
#include "values/error.h"

namespace riffle {
namespace {

// "--to=csv" as "--to" and "csv".
struct Word {
  std::string_view name;
  std::optional<std::string> value;
};

Word taken_apart(std::string_view word) {
  const std::size_t equals = word.starts_with("--") ? word.find('=') : word.npos;
  if (equals == word.npos) return {word, std::nullopt};
  return {word.substr(0, equals), std::string(word.substr(equals + 1))};
}

bool takes_pattern(const GivenStage& stage) {
  const std::vector<const Parameter*> parameters = stage.row->parameters();
  return !stage.arguments.empty() && !parameters.empty() &&
         parameters[0]->kind == Parameter::Kind::pattern;
}

class Splitter {
 public:
  Splitter(std::span<const std::string> words, CommandLine& line, const std::string& pipeline_file)
      : words_(words), line_(line), pipeline_file_(pipeline_file) {}

  void split() {
    // Words after a pipeline file are inputs first, then further stages.
    before_stages();
    while (at_ < words_.size()) {
      start_stage();
      while (at_ < words_.size() && words_[at_] != "then") take_word_of_stage();
      if (at_ == words_.size()) return;
      at_++;
      while (at_ < words_.size() && take_option()) {
      }
      if (at_ == words_.size() && !pipeline_file_.empty()) return;
      if (at_ == words_.size()) throw usage_error("a stage must follow the last 'then'");
    }
  }

 private:
  void before_stages() {
    while (at_ < words_.size()) {
      const std::string& word = words_[at_];
      if (take_option()) continue;
      if (find_stage(word)) return;
      if (word == "then") {
        if (line_.stages.empty())
          return end_at(usage_error("'then' stands between two stages; no stage stands before it"));
        at_++;
        return;
      }
      if (word.size() > 1 && word[0] == '-') return end_at(unknown_option(word));
      if (!pipeline_file_.empty()) throw no_input_in_file(word);
      line_.inputs.push_back({word});
      line_.behind_inputs = ++at_ < words_.size() ? words_[at_] : std::string();
    }
  }

  void end_at(Error fault) {
    if (line_.inputs.empty()) throw fault;
    line_.fault = std::move(fault);
    at_ = words_.size();
  }

  void start_stage() {
    const std::string& name = words_[at_];
    const StageRow* const row = find_stage(name);
    if (!row && !line_.stages.empty() && takes_pattern(line_.stages.back()))
      throw usage_error(fmt::format(
          "no stage is called '{0}'; a pattern is one word: {1} '{2} then "
          "{0}'",
          visible(name), line_.stages.back().row->name, visible(line_.stages.back().arguments[0])));
    if (!row)
      throw usage_error(fmt::format("no stage is called '{}'{}", visible(name),
                                    did_you_mean(stage_meant_by(name))));
    line_.stages.push_back({row, {}, {}});
    at_++;
    check_sort_words(line_.stages.back(), rest_of_stage());
  }

  void take_word_of_stage() {
    GivenStage& stage = line_.stages.back();
    const std::string& word = words_[at_];
    const Word parts = taken_apart(word);
    const Parameter* const flag = stage.row->find_parameter(parts.name);
    if (flag && flag->is_flag()) return take_flag(stage, *flag, parts);
    if (take_option()) return;
    if (word.starts_with("--")) {
      const auto check = [](const GivenStage& given) { make_call(given); };
      if (const auto missing = missing_then(stage, check)) throw *missing;
      throw unknown_flag(stage, parts.name);
    }
    stage.arguments.push_back(word == "`then`" ? "then" : word);
    check_minus(stage, rest_of_stage());
    at_++;
  }

  void take_flag(GivenStage& stage, const Parameter& flag, const Word& parts) {
    at_++;
    if (flag.kind == Parameter::Kind::flag) {
      if (parts.value)
        throw usage_error(fmt::format("{}: {} takes no value", stage.row->name, flag.name));
      stage.flags.push_back({&flag, "true", stage.arguments.size()});
      return;
    }
    std::string value = value_of(fmt::format("{}: {}", stage.row->name, flag.name), parts, &stage);
    stage.flags.push_back({&flag, std::move(value), stage.arguments.size()});
  }

  bool take_option() {
    const Word parts = taken_apart(words_[at_]);
    const Option* const option = find_option(parts.name);
    if (!option) return false;
    at_++;
    if (option->value.empty()) {
      if (parts.value) throw usage_error(fmt::format("{} takes no value", parts.name));
      line_.options.push_back({option, "true", pipeline_file_});
    } else {
      const std::string value = value_of(std::string(parts.name), parts, nullptr);
      if (option->name == "--arg") check_argument(value);
      if (option->name == "--input")
        add_input(value);
      else
        line_.options.push_back({option, value, pipeline_file_});
    }
    return true;
  }

  // `--arg min 500`, as jq has it.
  void check_argument(const std::string& argument) const {
    if (argument.find('=') != argument.npos || at_ == words_.size() || words_[at_] == "then" ||
        words_[at_].starts_with("--") || find_stage(words_[at_]))
      return;
    throw usage_error(fmt::format("--arg: '{0}' is not NAME=VALUE; write: --arg {0}={1}",
                                  visible(argument), visible(quoted(words_[at_]))));
  }

  // Of --input: in its place among the others.
  void add_input(const std::string& file) {
    if (!pipeline_file_.empty())
      throw usage_error(
          fmt::format("{}: --input: a pipeline file names no inputs", visible(pipeline_file_)));
    line_.inputs.push_back({file, true});
  }

  Error no_input_in_file(std::string_view word) const {
    return usage_error(
        fmt::format("{}: '{}' is neither an option nor a stage{}; a pipeline file names no inputs",
                    visible(pipeline_file_), visible(word), did_you_mean(stage_meant_by(word))));
  }

  // The value after "=", or the next word; never a word that is an option, a flag or `then`
  // itself.
  std::string value_of(const std::string& whose, const Word& parts, const GivenStage* stage) {
    if (parts.value) return *parts.value;
    if (at_ == words_.size() || words_[at_] == "then" || is_option_or_flag(words_[at_], stage))
      throw usage_error(fmt::format("{} needs a value", whose));
    return words_[at_++];
  }

  static bool is_option_or_flag(std::string_view word, const GivenStage* stage) {
    const Word parts = taken_apart(word);
    if (find_option(parts.name)) return true;
    const Parameter* const flag = stage ? stage->row->find_parameter(parts.name) : nullptr;
    return flag && flag->is_flag();
  }

  static Error unknown_option(std::string_view word) {
    std::vector<std::string> names;
    for (const Option& option : options()) names.emplace_back(option.name);
    if (word.size() > 2 && word[1] != '-' && find_option(word.substr(0, 2)))
      return usage_error(fmt::format("unknown option '{}'; write: {} {}", visible(word),
                                     word.substr(0, 2), visible(word.substr(2))));
    const std::string_view name = taken_apart(word).name;
    const std::string here = option_here(name);
    return usage_error(fmt::format("unknown option '{}'{}", visible(word),
                                   here.empty() ? did_you_mean(name, names) : "; " + here));
  }

  // The words of the stage from here on.
  std::span<const std::string> rest_of_stage() const {
    const auto from = words_.begin() + static_cast<std::ptrdiff_t>(at_);
    return {from, std::find(from, words_.end(), "then")};
  }

  std::span<const std::string> words_;
  CommandLine& line_;
  const std::string& pipeline_file_;
  std::size_t at_ = 0;
};

}  // namespace

void split(std::span<const std::string> words, CommandLine& line,
           const std::string& pipeline_file) {
  Splitter(words, line, pipeline_file).split();
}

}  // namespace riffle
