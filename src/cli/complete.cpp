#include "cli/complete.h"

#include <absl/strings/str_split.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <vector>

#include "aggregates/aggregate.h"
#include "cli/make_job.h"
#include "cli/split.h"
#include "engine/report/field_names.h"
#include "formats/format.h"
#include "functions/function.h"
#include "manual/options.h"
#include "sequences/sequence.h"
#include "stages/stage.h"
#include "values/error.h"

namespace riffle {
namespace {

using Kind = Parameter::Kind;
using Words = std::span<const std::string>;

// What stands before the word that is being written.
struct Place {
  const StageRow* stage = nullptr;
  std::size_t chain_end = 0;  // the words before the stage: its records come from there
  std::vector<std::string_view> arguments;  // of the stage, so far
  std::vector<std::string_view> flags;      // the same
  bool wants_stage = false;                 // after `then`
  const Option* option = nullptr;           // its value is wanted
  const Parameter* flag = nullptr;          // the same of a flag
};

Place place_behind(Words words) {
  Place place;
  for (std::size_t i = 0; i < words.size(); i++) {
    const std::string_view word = words[i];
    if (place.option || place.flag) {
      place.option = nullptr;
      place.flag = nullptr;
    } else if (const Option* const option = find_option(word)) {
      if (!option->value.empty()) place.option = option;
    } else if (word == "then") {
      place.stage = nullptr;
      place.wants_stage = true;
      place.chain_end = i;
    } else if (place.stage) {
      const Parameter* const flag = place.stage->find_parameter(word);
      if (flag && flag->is_flag() && flag->takes_value()) place.flag = flag;
      (word.starts_with("--") ? place.flags : place.arguments).push_back(word);
    } else if (const StageRow* const row = find_stage(word)) {
      if (!place.wants_stage) place.chain_end = i;
      place.stage = row;
      place.arguments.clear();
      place.flags.clear();
    }
  }
  return place;
}

class Answer {
 public:
  explicit Answer(std::string_view word) : word_(word) {}

  // `candidate` for what begins at `from` in the word.
  void add(std::string_view candidate, std::string_view about, std::size_t from = 0) {
    if (!candidate.starts_with(word_.substr(from))) return;
    lines_.append(word_.substr(0, from)).append(candidate).append("\t").append(about).append("\n");
  }
  void files() { kind_ = "files"; }
  void parts() { kind_ = "parts"; }
  std::string_view word() const { return word_; }
  std::string take() { return std::string(kind_) + "\n" + lines_; }

 private:
  std::string_view word_, kind_ = "words";
  std::string lines_;
};

// The fields of the records that the words make; none when that cannot be known without waiting, or
// at all.
std::vector<std::string> fields_behind(Words words) {
  try {
    CommandLine line;
    split(words, line);
    const Job job = make_job(line);
    for (const std::string& input : job.inputs)
      if (!std::filesystem::is_regular_file(input)) return {};
    return field_names(job);
  } catch (const Error&) {
    return {};
  } catch (const std::exception&) {
    return {};
  }
}

// The same, without the stages that cannot stand so (a window that nothing gathers by yet).
std::vector<std::string> fields_at(Words words, const Place& place) {
  const std::vector<std::string> found = fields_behind(words.first(place.chain_end));
  if (!found.empty()) return found;
  const auto first_stage =
      std::find_if(words.begin(), words.end(), [](const std::string& w) { return find_stage(w); });
  return fields_behind(words.first(static_cast<std::size_t>(first_stage - words.begin())));
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '_' || c == '.' || c >= 0x80;
         });
}

// Fields, and what may be called, at the end of an expression.
void add_names_in_expression(Answer& answer, Kind kind, const std::vector<std::string>& fields) {
  const std::string_view word = answer.word();
  std::size_t from = word.size();
  while (from > 0 && (is_plain_name(word.substr(from - 1, 1)) ||
                      std::isdigit(static_cast<unsigned char>(word[from - 1]))))
    from--;
  const auto quotes = std::count(word.begin(), word.end(), '"');
  if (quotes % 2 == 1) return;  // inside a text
  for (const std::string& field : fields)
    answer.add(is_plain_name(field) ? field : "`" + field + "`", "field", from);
  const bool has_aggregates = kind == Kind::aggregates || kind == Kind::annotations;
  if (has_aggregates)
    for (const AggregateFunction& row : aggregate_functions())
      answer.add(std::string(row.name) + "(", row.summary, from);
  if (kind == Kind::assignments)
    for (const SequenceFunction& row : sequence_functions())
      answer.add(std::string(row.name) + "(", row.summary, from);
  for (const Function& row : functions())
    if (!has_aggregates || !find_aggregate(row.name))
      answer.add(std::string(row.name) + "(", row.summary, from);
}

void add_names_in_list(Answer& answer, const std::vector<std::string>& fields) {
  const std::size_t comma = answer.word().rfind(',');
  std::size_t from = comma == std::string_view::npos ? 0 : comma + 1;
  from = std::min(answer.word().find_first_not_of(' ', from), answer.word().size());
  for (const std::string& field : fields) answer.add(field, "field", from);
}

bool has_expressions(Kind kind) {
  return kind == Kind::expression || kind == Kind::lambda || kind == Kind::assignments ||
         kind == Kind::aggregates || kind == Kind::annotations || kind == Kind::items ||
         kind == Kind::keys || kind == Kind::sort_keys;
}

bool has_names(Kind kind) {
  return kind == Kind::names || kind == Kind::name || kind == Kind::renamings;
}

void add_formats(Answer& answer, bool are_read) {
  for (const Format& format : formats())
    if (are_read ? format.make_cutter != nullptr : format.make_writer != nullptr)
      answer.add(format.name, format.summary);
}

void add_value_of(const Parameter& parameter, Words words, const Place& place, Answer& answer) {
  for (const std::string_view choice : parameter.choices) answer.add(choice, parameter.summary);
  if (parameter.kind == Kind::format) return add_formats(answer, true);
  if (parameter.kind == Kind::file || parameter.kind == Kind::input) return answer.files();
  if (!has_expressions(parameter.kind) && !has_names(parameter.kind)) return;
  answer.parts();
  const std::vector<std::string> fields = fields_at(words, place);
  // A name stands for itself in a list of items; in an expression, and after `=`, it may need
  // quotes.
  const bool is_list =
      has_names(parameter.kind) || parameter.kind == Kind::items || parameter.kind == Kind::keys;
  if (is_list && answer.word().find('=') == std::string_view::npos)
    add_names_in_list(answer, fields);
  else
    add_names_in_expression(answer, parameter.kind, fields);
}

void add_value_of(const Option& option, Answer& answer) {
  if (option.value == "FILE" || option.value == "PIPELINE") return answer.files();
  if (option.value == "FORMAT") {
    add_formats(answer, option.group == "Input");
  } else if (option.value.find('|') != std::string_view::npos) {
    for (const absl::string_view choice :
         absl::StrSplit(absl::string_view(option.value.data(), option.value.size()), '|'))
      answer.add({choice.data(), choice.size()}, option.name);
  }
}

void add_stages(Answer& answer) {
  for (const StageRow& row : stages()) answer.add(row.name, row.summary);
}

// The forms that what is written so far may belong to.
std::vector<const Signature*> possible_forms(const Place& place) {
  std::vector<const Signature*> possible;
  bool has_word = false;
  for (const Signature* const form : place.stage->signatures()) {
    const bool is_word = !place.arguments.empty() && form->word == place.arguments[0];
    if (!place.arguments.empty() && !form->word.empty() && !is_word) continue;
    if (std::any_of(place.flags.begin(), place.flags.end(),
                    [&](std::string_view flag) { return !form->find(flag); }))
      continue;
    if (is_word && !has_word) possible.clear();
    has_word = has_word || is_word;
    if (is_word == has_word) possible.push_back(form);
  }
  return possible;
}

void add_options(const Place& place, Answer& answer) {
  std::vector<std::string_view> added;
  if (place.stage)
    for (const Signature* const form : possible_forms(place))
      for (const Parameter& parameter : form->parameters) {
        if (!parameter.is_flag() ||
            std::find(added.begin(), added.end(), parameter.name) != added.end())
          continue;
        answer.add(parameter.name, parameter.summary);
        added.push_back(parameter.name);
      }
  for (const Option& option : options()) answer.add(option.name, option.summary);
}

void add_next_in_stage(Words words, const Place& place, Answer& answer) {
  const std::vector<const Signature*> forms = possible_forms(place);
  bool takes_argument = false;
  for (const Signature* const form : forms) {
    if (place.arguments.empty() && !form->word.empty()) {
      answer.add(form->word, form->usage);
      continue;
    }
    std::size_t before = place.arguments.size() - (form->word.empty() ? 0 : 1);
    for (const Parameter& parameter : form->parameters) {
      if (parameter.is_flag() || before-- > 0) continue;
      if (!takes_argument) add_value_of(parameter, words, place, answer);
      takes_argument = true;
      break;
    }
  }
  if (takes_argument) return;
  answer.add("then", "the next stage");
  add_options(place, answer);
}

}  // namespace

std::string completions(Words words) {
  if (words.empty()) return Answer("").take();
  const Words before = words.first(words.size() - 1);
  const Place place = place_behind(before);
  Answer answer(words.back());
  if (place.option)
    add_value_of(*place.option, answer);
  else if (place.flag)
    add_value_of(*place.flag, before, place, answer);
  else if (words.back().starts_with('-'))
    add_options(place, answer);
  else if (place.stage)
    add_next_in_stage(before, place, answer);
  else {
    add_stages(answer);
    if (!place.wants_stage) answer.files();
  }
  return answer.take();
}

}  // namespace riffle
