#include "manual/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

#include "aggregates/aggregate.h"
#include "expression/foreign_words.h"
#include "expression/language.h"
#include "formats/format.h"
#include "functions/function.h"
#include "manual/man_pages.h"
#include "manual/options.h"
#include "manual/page_text.h"
#include "manual/search.h"
#include "manual/wrapping.h"
#include "sequences/sequence.h"
#include "stages/stage.h"
#include "text/letter_case.h"
#include "text/nearest.h"
#include "values/error.h"

namespace riffle {
namespace {

// A command, over several lines where it is long.
std::string command_in_lines(std::string_view command, std::size_t indent) {
  const std::string whole = fmt::format("riffle {}", command);
  if (indent + whole.size() <= page_width()) return whole;
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t then = whole.find(" then ", at);
    const std::size_t end = then == whole.npos ? whole.size() : then + 5;
    if (at > 0) out.append(" \\\n").append(indent + 2, ' ');
    out += whole.substr(at, end - at);
    at = end + 1;
  }
  return out;
}

std::string indented(std::string_view text, std::size_t indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.append(indent, ' ').append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string of_option(const Option& option) {
  std::string name(option.short_name.empty() ? "    " : std::string(option.short_name) + ", ");
  name += option.name;
  if (!option.value.empty()) name.append(" ").append(option.value);
  return entry(name,
               option.formats.empty() ? std::string(option.summary)
                                      : fmt::format("{}: {}", option.formats, option.summary),
               32);
}

std::string list_of_options() {
  std::string out;
  std::string_view group;
  for (const Option& option : options()) {
    if (option.group != group)
      out.append(group.empty() ? "" : "\n").append(option.group).append(":\n");
    group = option.group;
    out += of_option(option);
  }
  return out;
}

std::string list_of_stages() {
  std::string out;
  for (const StageRow& row : stages()) out += entry(row.name, row.summary, 16);
  return out;
}

std::string names_of_stages() {
  std::string out;
  for (const StageRow& row : stages()) out.append(out.empty() ? "" : " ").append(row.name);
  return wrapped(out, 2);
}

std::string list_of_functions() {
  std::string out;
  for (const Function& function : functions()) out += entry(function.usage, function.summary, 40);
  out += "\nsequence, in transform:\n";
  for (const SequenceFunction& function : sequence_functions())
    out += entry(function.usage, function.summary, 40);
  return out;
}

std::string list_of_aggregates() {
  std::string out;
  for (const AggregateFunction& function : aggregate_functions())
    out += entry(function.usage, function.summary, 24);
  return out;
}

std::string list_of_formats() {
  std::string out;
  for (const Format& format : formats()) {
    const std::string_view ways = !format.make_writer   ? "in"
                                  : !format.make_cutter ? "out"
                                                        : "in and out";
    out += entry(format.name, fmt::format("{}. {}", ways, format.summary), 16);
  }
  return out;
}

std::string list_of_expressions() {
  std::string out =
      "An expression computes a value from the fields of a record:\n\n"
      "  status >= 500 and path =~ \"^/api/\" and not (ua ?? \"\" contains \"bot\")\n"
      "  ms = round(latency * 1000, 1), who = user.name ?? \"anonymous\"\n";
  std::string_view group;
  for (const LanguageRow& row : language()) {
    if (row.group != group)
      out += fmt::format(
          "\n"
          "{}{}:\n",
          row.group, row.group == "Operators" ? ", by rising precedence" : "");
    group = row.group;
    out += entry(row.usage, row.summary, 32);
  }
  return out + "\n" +
         wrapped(
             "riffle help functions lists the functions, riffle help WORD tells more: riffle help "
             "contains",
             0) +
         "\n";
}

std::string examples_of(std::span<const Example> examples) {
  std::string out;
  for (const Example& example : examples)
    out += fmt::format("  {} is {}\n", example.expression,
                       example.result.empty() ? "an error" : example.result);
  return out;
}

std::string of_language(const LanguageRow& row) {
  const std::string examples = examples_of(row.examples);
  return fmt::format(
      "{}\n"
      "\n"
      "  {}\n"
      "{}{}",
      row.usage, wrapped(row.summary, 2), examples.empty() ? "" : "\n", examples);
}

std::string of_stage(const StageRow& row) {
  std::string out;
  for (const Form& form : row.forms) out += wrapped(form.signature.usage, 4) + "\n";
  out += fmt::format("\n  {}\n", wrapped(row.summary, 2));
  if (!row.details.empty()) out += fmt::format("\n  {}\n", wrapped(row.details, 2));
  const std::vector<const Parameter*> parameters = row.parameters();
  if (!parameters.empty()) out += "\n";
  for (const Parameter* const parameter : parameters)
    out += entry(parameter->name, parameter->summary, 20);
  for (const StageExample& example : row.examples) {
    out += fmt::format("\nExample: {}\n", command_in_lines(example.command, 9));
    if (!example.file.empty())
      out += fmt::format(
          "  with {}:\n"
          "{}  and the input\n",
          example.file, indented(example.content, 4));
    out += indented(example.input, 2) + "  gives\n" + indented(example.output, 2);
  }
  return out;
}

std::string of_function(const Function& function) {
  std::string out = fmt::format("{}\n\n  {}\n", function.usage, wrapped(function.summary, 2));
  out += fmt::format("  result: {}\n", function.result);
  if (!function.nulls.empty()) out += fmt::format("  {}\n", wrapped(function.nulls, 2));
  return out + "\n" + examples_of(function.examples);
}

std::string of_sequence(const SequenceFunction& function) {
  std::string out = fmt::format(
      "{} (sequence, in transform)\n"
      "\n"
      "  {}\n"
      "  {}\n"
      "\n",
      function.usage, wrapped(function.summary, 2),
      wrapped("null: " + std::string(function.nulls), 2));
  for (const SequenceExample& example : function.examples)
    out += fmt::format("  {} over {} is {}\n", example.call, example.values, example.results);
  return out;
}

std::string of_aggregate(const AggregateFunction& function) {
  std::string out = fmt::format(
      "{} (aggregate)\n"
      "\n"
      "  {}\n"
      "\n",
      function.usage, wrapped(function.summary, 2));
  for (const AggregateExample& example : function.examples)
    out += fmt::format("  {} over {} is {}\n", example.call, example.values, example.result);
  return out;
}

std::string of_format(const Format& format) {
  std::string out = fmt::format("{}\n\n  {}\n", format.name, wrapped(format.summary, 2));
  if (!format.make_cutter) out += "  It can be written, not read.\n";
  for (const std::string_view extension : format.extensions)
    out += fmt::format("  File names that end in .{}\n", extension);
  return out;
}

std::string list_of_pages() {
  std::string out;
  for (const std::string& name : man_pages()) out += name + "\n";
  return out;
}

struct List {
  std::string_view name;
  std::string (*text)();
};

constexpr List lists[] = {{"stages", list_of_stages},
                          {"expressions", list_of_expressions},
                          {"operators", list_of_expressions},
                          {"literals", list_of_expressions},
                          {"functions", list_of_functions},
                          {"aggregates", list_of_aggregates},
                          {"formats", list_of_formats},
                          {"options", list_of_options},
                          {"pages", list_of_pages}};

std::vector<std::string> all_words() {
  std::vector<std::string> words;
  for (const List& list : lists) words.emplace_back(list.name);
  for (const StageRow& row : stages()) words.emplace_back(row.name);
  for (const Function& function : functions()) words.emplace_back(function.name);
  for (const SequenceFunction& function : sequence_functions()) words.emplace_back(function.name);
  for (const AggregateFunction& function : aggregate_functions()) words.emplace_back(function.name);
  for (const LanguageRow& row : language())
    words.insert(words.end(), row.words.begin(), row.words.end());
  for (const Format& format : formats()) words.emplace_back(format.name);
  for (const Option& option : options()) words.emplace_back(option.name);
  return words;
}

// What bears that name.
std::string help_on_name(std::string_view word) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "\n") + text; };
  if (const StageRow* const row = find_stage(word)) add(of_stage(*row));
  if (const Function* const function = find_function(word)) add(of_function(*function));
  if (const SequenceFunction* const function = find_sequence(word)) add(of_sequence(*function));
  if (const AggregateFunction* const function = find_aggregate(word)) add(of_aggregate(*function));
  for (const LanguageRow& row : language())
    if (std::find(row.words.begin(), row.words.end(), word) != row.words.end())
      add(of_language(row));
  if (const Format* const format = find_format(word)) add(of_format(*format));
  const Option* option = find_option(word);
  if (!option) option = find_option("--" + std::string(word));
  if (option) add(of_option(*option));
  return out;
}

}  // namespace

std::string overview() {
  return wrapped(
             "riffle reads records (NDJSON, CSV, ...), takes them through stages, and writes the "
             "results.",
             0) +
         fmt::format(
             "\n\n"
             "  riffle [OPTION...] [INPUT...] [STAGE [ARGUMENT...] [then STAGE ...]...]\n\n"
             "  riffle access.ndjson filter 'status >= 500' then select ts,path,status\n"
             "  riffle jan.csv.gz feb.csv -t ndjson\n"
             "  tail -F access.log | riffle window 1m --on ts --delay 5s then count --by host\n\n"
             "Stages:\n  {}\n\n",
             names_of_stages()) +
         "riffle help WORD      a stage, function, operator, aggregate, format or option;\n"
         "                      other words are searched for\n"
         "riffle help stages    lists them; so do expressions, functions, aggregates,\n"
         "                      formats, options\n"
         "riffle help pages     the manual pages; riffle help riffle.1 shows one\n"
         "riffle help --json    all of these tables for programs\n";
}

// The section of riffle(1) whose heading has the word: "EXIT STATUS" for exit. Empty: none has.
std::string section_of_page(std::string_view word) {
  const std::string page = page_as_text(*man_page("riffle.1"));
  const std::string sought = " " + lower_ascii(word) + " ";
  std::string section;
  bool is_found = false;
  for (std::string_view rest = page; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty() && line[0] != ' ')
      is_found = fmt::format(" {} ", lower_ascii(line)).find(sought) != std::string::npos;
    if (is_found) section.append(line).append("\n");
  }
  return section;
}

std::string help_for(std::string_view word) {
  for (const List& list : lists)
    if (word == list.name) return list.text();
  if (const auto page = man_page(word)) return page_as_text(*page);
  if (const std::string text = help_on_name(word); !text.empty()) return text;
  if (const StageRow* const row = stage_called_elsewhere(word))
    return fmt::format("'{}' is {} here:\n\n{}", word, row->name, of_stage(*row));
  if (const std::string_view here = function_here(word); !here.empty())
    return fmt::format("'{}' is {} here\n", word, here);
  if (const std::string section = section_of_page(word); !section.empty()) return section;
  const std::vector<std::string> words = all_words();
  const std::string near = nearest(word, words);
  const std::string found = found_in_help(word);
  // A typing mistake is more probable than a word that stands in long texts alone.
  if (!found.empty() && near.empty())
    return fmt::format("Nothing is called '{}'; it is found in:\n\n{}", word, found);
  throw usage_error(fmt::format("help: nothing is called '{}'{}", word, did_you_mean(near)));
}

}  // namespace riffle
