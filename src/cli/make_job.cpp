#include "cli/make_job.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <thread>

#include "arguments/names.h"
#include "arguments/parse.h"
#include "arguments/quantities.h"
#include "cli/call.h"
#include "engine/input/byte_blocks.h"
#include "formats/lines/multiline.h"
#include "text/width.h"
#include "time/text.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

std::string place_of(const GivenOption& option) {
  return option.file.empty() ? "on the command line" : fmt::format("in {}", visible(option.file));
}

void check_given(const std::vector<GivenOption>& given) {
  std::map<const Option*, const GivenOption*> seen;
  for (const GivenOption& option : given) {
    const std::string_view name = option.option->name;
    if (option.value.empty()) throw usage_error(fmt::format("{} needs a value", name));
    if (option.option->value != "FILE" && option.option->value != "PIPELINE")
      check_utf8(std::string(name), option.value);
    const auto [first, is_new] = seen.emplace(option.option, &option);
    if (is_new || option.option->repeats) continue;
    const bool in_two_places = first->second->file != option.file;
    throw usage_error(fmt::format(
        "{} is given twice{}", name,
        in_two_places ? fmt::format(": {} and {}", place_of(*first->second), place_of(option))
                      : ""));
  }
}

// Options' values by name, as CLI11 accepts them.
std::map<std::string_view, std::vector<std::string>> values_of(
    const std::vector<GivenOption>& given) {
  CLI::App app;
  app.set_help_flag();
  std::map<std::string_view, std::vector<std::string>> values;
  std::map<std::string_view, std::string> single;
  for (const Option& option : options()) {
    const std::string name(option.name);
    if (option.repeats)
      app.add_option(name, values[option.name])->allow_extra_args(false);
    else
      app.add_option(name, single[option.name]);
  }
  check_given(given);
  std::vector<std::string> tokens;
  for (const GivenOption& option : given) {
    tokens.insert(tokens.begin(), {std::string(option.option->name), option.value});
  }
  std::reverse(tokens.begin(), tokens.end());
  app.parse(tokens);
  for (const auto& [name, value] : single)
    if (!value.empty()) values[name] = {value};
  return values;
}

// The single character of --delimiter and its like; \t is a tab.
char character(std::string_view option, const std::string& value) {
  if (value == "\\t") return '\t';
  if (value.size() != 1 || value[0] == '"' || value[0] == '\n' || value[0] == '\r')
    throw usage_error(
        fmt::format("{}: '{}' is not one ASCII character (no quote, no line end)", option, value));
  return value[0];
}

// Of what quotes or escapes, the double quote may be one.
char quote(std::string_view option, const std::string& value) {
  return value == "\"" ? '"' : character(option, value);
}

// A time as language.md 3 says: a text, or a number of seconds.
std::optional<std::int64_t> moment_of(const std::string& text, const Zone& zone) {
  constexpr std::int64_t second = 1000000000;
  Value cell = text_value(text);
  cell.kind = Kind::cell;
  const Value number = number_of(cell);
  if (number.is_missing()) return parse_time(text, zone);
  return number.kind == Kind::integer ? time_from_number(number.integer, second)
                                      : time_from_number(as_real(number), second);
}

const Signature& merge_signature() {
  static const Signature signature{
      .usage = "--merge TIME",
      .parameters = {{"--merge", Parameter::Kind::event_time, "a field, or name = EXPR"}}};
  return signature;
}

// Reads the options' values into a job, one after the other.
class Options {
 public:
  Options(const std::vector<GivenOption>& given, Job& job) : values_(values_of(given)), job_(job) {}

  void read() {
    read_input();
    read_output();
    read_run();
  }
  void read_input() {
    InputOptions& input = job_.input_options;
    if (has("--from")) {
      check_names_no_file(value("--from"));
      job_.from = &format_named(value("--from"), Direction::in);
    }
    if (job_.from) check_direction(*job_.from, Direction::in, "--from");
    input.all_text = has("--all-text");
    if (has("--encoding"))
      input.encoding = static_cast<InputOptions::Encoding>(
          1 + choice("--encoding", {"latin1", "windows-1252", "utf16"}));
    if (has("--invalid-utf8"))
      input.replace_invalid_utf8 = choice("--invalid-utf8", {"reject", "replace"}) == 1;
    if (has("--delimiter")) input.delimiter = character("--delimiter", value("--delimiter"));
    input.header = !has("--no-header");
    read_quotes(input);
    if (has("--comment")) input.comment = character("--comment", value("--comment"));
    if (has("--skip-lines")) input.skip_lines = count("--skip-lines");
    if (has("--ragged"))
      input.ragged =
          static_cast<InputOptions::Ragged>(choice("--ragged", {"reject", "pad", "cut"}));
    if (has("--null")) input.nulls = values_.at("--null");
    if (has("--numbers")) input.loose_numbers = choice("--numbers", {"json", "loose"}) == 1;
    input.quoted_tsv = has("--quoted");
    if (has("--multiline")) {
      input.multiline = value("--multiline");
      make_continuation(input.multiline);  // throws where it is none
    }
    if (has("--max-record") && (input.max_record = size("--max-record")) == 0)
      throw usage_error("--max-record must be greater than 0");
    if (input.max_record > greatest_max_record)
      throw usage_error("--max-record must be at most 2GiB");
  }

 private:
  bool has(std::string_view name) const {
    const auto found = values_.find(name);
    return found != values_.end() && !found->second.empty();
  }
  const std::string& value(std::string_view name) const { return values_.at(name).front(); }

  void read_quotes(InputOptions& input) {
    if (has("--quote")) input.quote = quote("--quote", value("--quote"));
    if (has("--escape")) input.escape = quote("--escape", value("--escape"));
    if (input.escape == input.quote) input.escape = 0;  // a doubled quote is one, anyway
    const char delimiter = input.delimiter ? input.delimiter : ',';
    for (const auto& [name, c] : {std::pair("--quote", input.quote), {"--escape", input.escape}})
      if (c == delimiter)
        throw usage_error(fmt::format("{}: '{}' is what separates cells", name, c));
  }

  void read_output() {
    OutputOptions& output = job_.output_options;
    if (has("--to")) job_.to = &format_named(value("--to"), Direction::out);
    if (has("--output")) job_.output = value("--output");
    if (const Format* const format = find_format(job_.output))
      throw usage_error(
          fmt::format("--output names a file; the format is -t {0}, and a file of "
                      "that name ./{0}",
                      format->name));
    if (has("--columns")) output.columns = names_in("--columns", value("--columns"));
    if (has("--extra"))
      output.extra =
          static_cast<OutputOptions::Extra>(choice("--extra", {"reject", "drop", "union"}));
    if (has("--out-delimiter"))
      output.delimiter = character("--out-delimiter", value("--out-delimiter"));
    output.header = !has("--out-no-header");
    output.quote_all = has("--quote-all");
    output.crlf = has("--crlf");
    output.safe_cells = has("--csv-safe");
    output.quoted_tsv = has("--quoted");
    if (has("--color"))
      output.color =
          static_cast<OutputOptions::Color>(choice("--color", {"auto", "always", "never"}));
    if (has("--indent")) output.indent = indent();
    output.wide = has("--wide");
    output.digits_given = has("--digits");
    if (output.digits_given) output.digits = count("--digits");
  }

  // Miller's --from FILE.
  static void check_names_no_file(const std::string& format) {
    std::error_code ignored;
    if (!find_format(format) && std::filesystem::exists(format, ignored))
      throw usage_error(
          fmt::format("--from names the input's format, and '{0}' is a file; inputs "
                      "need no option: riffle {0}",
                      visible(format)));
  }

  int indent() const {
    constexpr std::uint64_t most = 64;
    const std::uint64_t blanks = count("--indent");
    if (blanks > most)
      throw usage_error(
          fmt::format("--indent: {} is too large; at most {} blanks a level", blanks, most));
    return static_cast<int>(blanks);
  }

  void read_run() {
    job_.threads = std::max(1u, std::thread::hardware_concurrency());
    if (has("--jobs")) {
      const std::uint64_t threads = count("--jobs");
      if (threads < 1 || threads > 1024)
        throw usage_error("--jobs: the number of threads must be between 1 and 1024");
      job_.threads = static_cast<unsigned>(threads);
    }
    if (has("--memory") && (job_.memory = size("--memory")) == 0)
      throw usage_error("--memory must be greater than 0");
    if (has("--errors")) choice("--errors", {"text", "json"});  // heeded before: command.cpp
    if (has("--rejects")) job_.rejects = value("--rejects");
    if (has("--summary")) job_.summary = value("--summary");
    job_.progress = has("--progress");
    if (has("--max-rejects")) read_max_rejects(value("--max-rejects"));
    job_.strict = has("--strict");
    if (has("--state")) job_.state = value("--state");
    job_.is_final = has("--final");
    job_.resets = has("--reset");
    for (const std::string_view option : {"--final", "--reset"})
      if (job_.state.empty() && has(option))
        throw usage_error(fmt::format("{} concerns a state, and there is no --state FILE", option));
    job_.explain = has("--explain");
    job_.in_order = has("--in-order");
    job_.live.follow = has("--follow");
    if (has("--merge"))
      job_.merge = parse_arguments("merge", {}, merge_signature(), {{"--merge", value("--merge")}});
    if (has("--merge") && (job_.in_order || has("--idle")))
      throw usage_error(
          fmt::format("--merge reads all inputs as one stream; {} does not go with it",
                      job_.in_order ? "--in-order" : "--idle"));
    if (has("--idle")) read_idle(value("--idle"));
    if (job_.live.follow && job_.input_options.encoding == InputOptions::Encoding::utf16)
      throw usage_error("--follow does not support --encoding utf16");
    job_.quiet = has("--quiet");
    read_settings();
  }

  void read_idle(const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration || *duration <= 0)
      throw usage_error(
          fmt::format("--idle: '{}' is no length of time; write it as 30s", visible(text)));
    job_.live.idle = std::chrono::nanoseconds(*duration);
  }

  void read_max_rejects(const std::string& text) {
    if (!text.ends_with('%')) {
      job_.reject_limit.count = count("--max-rejects");
      return;
    }
    double percent = -1;
    const char* const end = text.data() + text.size() - 1;
    const auto answer = std::from_chars(text.data(), end, percent, std::chars_format::fixed);
    if (answer.ec != std::errc() || answer.ptr != end || !(percent >= 0 && percent <= 100))
      throw usage_error(
          fmt::format("--max-rejects: '{}' is no percentage between 0% and 100%", text));
    job_.reject_limit.percent = percent;
  }

  void read_settings() {
    Settings& settings = job_.settings;
    if (has("--tz")) {
      const auto zone = Zone::named(value("--tz"));
      if (!zone) throw usage_error(fmt::format("--tz: no time zone is called '{}'", value("--tz")));
      settings.zone = *zone;
    }
    settings.now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
    if (has("--now")) {
      const auto now = moment_of(value("--now"), settings.zone);
      if (!now)
        throw usage_error(fmt::format(
            "--now: '{}' is no time; write it as 2026-01-31T10:00:00Z, or in seconds since 1970",
            value("--now")));
      settings.now = *now;
    }
    job_.input_options.logs = {settings.zone, settings.now};
    if (has("--seed")) settings.seed = count("--seed");
    if (!has("--arg")) return;
    for (const std::string& argument : values_.at("--arg")) {
      const std::size_t equals = argument.find('=');
      if (equals == argument.npos || equals == 0)
        throw usage_error(fmt::format("--arg: '{}' is not NAME=VALUE", argument));
      const std::string name = argument.substr(0, equals);
      if (!settings.arguments.emplace(name, argument.substr(equals + 1)).second)
        throw usage_error(fmt::format("--arg: '{}' is given twice", name));
    }
  }

  template <typename Parse>
  static auto in_option(std::string_view name, Parse parse) {
    try {
      return parse();
    } catch (const std::invalid_argument& reason) {
      throw usage_error(fmt::format("{}: {}", name, reason.what()));
    }
  }

  std::uint64_t count(std::string_view name) const {
    return in_option(name, [&] { return parse_count(value(name)); });
  }
  std::size_t size(std::string_view name) const {
    return in_option(name, [&] { return parse_size(value(name)); });
  }

  // The value's place among the choices.
  int choice(std::string_view name, const std::vector<std::string>& choices) const {
    for (std::size_t i = 0; i < choices.size(); i++)
      if (value(name) == choices[i]) return static_cast<int>(i);
    throw usage_error(
        fmt::format("{}: '{}' is none of {}", name, value(name), fmt::join(choices, ", ")));
  }

  std::map<std::string_view, std::vector<std::string>> values_;
  Job& job_;
};

// "csv delimiter=; no-header": a format's name, and input options that concern it.
SideFormat side_format(const std::string& stage, const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != text.npos;) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  if (words.empty()) words.emplace_back();
  Job job;
  job.from = &format_named(words[0], Direction::in);
  check_direction(*job.from, Direction::in, format_flag());
  std::vector<GivenOption> given;
  for (std::size_t i = 1; i < words.size(); i++) {
    const std::size_t equals = std::min(words[i].find('='), words[i].size());
    const std::string name = "--" + words[i].substr(0, equals);
    const Option* const option = find_option(name);
    const auto refuse = [&](std::string_view why) {
      throw usage_error(
          fmt::format("{}: {}: '{}' {}", stage, format_flag(), visible(words[i]), why));
    };
    if (!option || option->group != "Input" || option->formats.empty())
      refuse("is no option of a format; write: 'csv delimiter=; no-header'");
    if (option->formats.find(job.from->name) == option->formats.npos)
      refuse(fmt::format("concerns {}", option->formats));
    if (option->value.empty() != (equals == words[i].size()))
      refuse(option->value.empty() ? "takes no value" : "needs a value: NAME=VALUE");
    given.push_back({option, option->value.empty() ? "true" : words[i].substr(equals + 1), {}});
  }
  Options(given, job).read_input();
  return {job.from, job.input_options};
}

// Whether the run has to know how the clock goes on.
void read_clock(Job& job) {
  const bool by_arrival = job.is_by_arrival();
  if (job.merge.has_arrival() || (by_arrival && !job.merge.empty()))
    throw usage_error("--merge orders records by a time that they have; `arrival` is none");
  job.live.ticks = by_arrival || job.live.idle;
}

}  // namespace

Job make_job(const CommandLine& line) {
  Job job;
  for (const GivenInput& input : line.inputs) job.inputs.push_back(input.where);
  Options(line.options, job).read();
  for (const GivenOption& given : line.options) {
    const Option& option = *given.option;
    const bool both = option.name == "--quoted";
    if (!option.formats.empty())
      job.format_options.push_back({option.name, option.formats, both || option.group == "Input",
                                    both || option.group == "Output"});
  }
  if (job.inputs.empty()) job.inputs = {"-"};
  for (const GivenStage& stage : line.stages) {
    job.stages.push_back(make_call(stage));
    for (const Argument& argument : job.stages.back().arguments.all())
      if (argument.parameter->kind == Parameter::Kind::format)
        job.side_formats[argument.text->text] =
            side_format(argument.text->stage, argument.text->text);
  }
  read_clock(job);
  return job;
}

}  // namespace riffle
