#include "cli/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "cli/complete.h"
#include "cli/inputs.h"
#include "cli/make_job.h"
#include "cli/pipeline_file.h"
#include "cli/split.h"
#include "connectors/messages.h"
#include "engine/run.h"
#include "manual/help.h"
#include "manual/json_tables.h"
#include "manual/man_pages.h"
#include "values/calendar.h"

namespace riffle {
namespace {

bool has(const CommandLine& line, std::string_view option) {
  return std::any_of(line.options.begin(), line.options.end(),
                     [&](const GivenOption& o) { return o.option->name == option; });
}

ExitStatus print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw system_error("standard output", errno);
  return ExitStatus::ok;
}

std::string source_of_page(const std::string& name) {
  if (const auto page = man_page(name)) return *page;
  throw usage_error(
      fmt::format("help: no manual page is called '{}'; help pages lists them", name));
}

// Shows a manual page as man(1) does, where there is one; false: there is none.
bool show_with_man(const std::string& page) {
  if (std::system("command -v man >/dev/null 2>&1") != 0) return false;
  std::FILE* const man = popen("man -l - 2>/dev/null", "w");
  if (!man) return false;
  // A reader that closes the pager wants no more of it.
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  std::fwrite(page.data(), 1, page.size(), man);
  const int status = pclose(man);
  std::signal(SIGPIPE, before);
  return status == 0;
}

ExitStatus show_help(const std::vector<std::string>& words) {
  const std::string word = fmt::format("{}", fmt::join(words, " "));
  const auto page = man_page(word);
  if (page && isatty(STDOUT_FILENO) == 1 && show_with_man(*page)) return ExitStatus::ok;
  return print(help_for(word));
}

// The pipeline file that the words name; wherever -f stands, it is the option.
std::optional<std::string> pipeline_file_in(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); i++) {
    if (words[i].starts_with("--file=")) return words[i].substr(words[i].find('=') + 1);
    if ((words[i] == "-f" || words[i] == "--file") && i + 1 < words.size()) return words[i + 1];
  }
  return std::nullopt;
}

// Whether -f is more probably a flag that other tools have for a field: it follows a stage, or what
// other tools call one, and names no file.
void check_pipeline_file(const std::vector<std::string>& words, const std::string& file) {
  std::error_code ignored;
  const auto flag = std::find(words.begin(), words.end(), "-f");
  if (flag == words.end() || std::filesystem::exists(file, ignored)) return;
  for (auto word = words.begin(); word != flag; ++word) {
    const StageRow* row = find_stage(*word);
    if (!row) row = stage_called_elsewhere(*word);
    if (!row) continue;
    throw usage_error(fmt::format(
        "{0}: -f names a file of stages, and '{1}' is none; fields need no flag: {0} {1}",
        row->name, visible(file)));
  }
}

// --errors is heeded before anything can be wrong.
void choose_form_of_messages(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); i++)
    if (words[i] == "--errors=json" ||
        (words[i] == "--errors" && i + 1 < words.size() && words[i + 1] == "json"))
      write_messages_as_json();
}

// The command line, after the words of its pipeline file.
CommandLine read(const std::vector<std::string>& words) {
  CommandLine line;
  if (const auto file = pipeline_file_in(words)) {
    check_pipeline_file(words, *file);
    const std::vector<std::string> of_file = words_of_pipeline(read_pipeline_file(*file), *file);
    choose_form_of_messages(of_file);
    split(of_file, line, *file);
    if (has(line, "--file")) throw usage_error(*file + ": a pipeline file cannot name another");
  }
  split(words, line);
  if (line.fault) throw unknown_stage_or_fault(line);
  return line;
}

Zone print_zone;

}  // namespace

void report_error(const Error& error) {
  say(error, [](std::string_view word) { return find_stage(word) != nullptr; });
}

ExitStatus run_command(const std::vector<std::string>& words) {
  choose_form_of_messages(words);
  if (!words.empty() && words[0] == "help") {
    if (words.size() > 1 && words[1] == "complete")
      return print(completions(std::span(words).subspan(2)));
    if (words == std::vector<std::string>{"help", "--json"}) return print(tables_as_json());
    if (words.size() == 3 && words[1] == "--roff") return print(source_of_page(words[2]));
    return words.size() == 1 ? print(overview()) : show_help({words.begin() + 1, words.end()});
  }
  const CommandLine line = read(words);
  if (has(line, "--help"))
    return print(line.stages.empty() ? overview() : help_for(line.stages.back().row->name));
  if (has(line, "--version")) return print("riffle " RIFFLE_VERSION "\n");
  const Job job = make_job(line);
  check_inputs(line);
  if (!job.settings.zone.is_utc()) {
    print_zone = job.settings.zone;
    print_times_in([](std::int64_t moment) { return print_zone.offset_at(moment); });
  }
  return run(job);
}

}  // namespace riffle
