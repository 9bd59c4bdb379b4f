// Each example in the table of stages gives the output that it names.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "cli/command.h"
#include "cli/pipeline_file.h"
#include "running.h"
#include "stages/stage.h"

using namespace riffle;

TEST_CASE("each stage's examples do what they say, for any size of blocks") {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder / "");
  const std::string input = folder / "input.ndjson", output = folder / "output.ndjson";
  for (const StageRow& row : stages()) {
    if (row.name != "tee") CHECK_FALSE(row.examples.empty());
    for (const StageExample& example : row.examples) {
      put(input, std::string(example.input));
      if (!example.file.empty())
        put(folder / std::string(example.file), std::string(example.content));
      std::vector<std::string> words = {input, "-o", output, "--quiet"};
      const auto command = words_of_pipeline(example.command, "example");
      words.insert(words.end(), command.begin(), command.end());
      for (const std::size_t bytes : {1, 2, 70, 1 << 20}) {
        INFO(example.command << ", blocks of " << bytes);
        const BlockSize block(bytes);
        CHECK(run_command(words) == ExitStatus::ok);
        CHECK(content_of(output) == example.output);
      }
    }
  }
  std::filesystem::current_path(before);
}

TEST_CASE("every row of the table of stages is complete") {
  for (const StageRow& row : stages()) {
    INFO(row.name);
    CHECK_FALSE(row.summary.empty());
    CHECK_FALSE(row.forms.empty());
    for (const Form& form : row.forms) {
      CHECK(form.signature.usage.starts_with(row.name));
      CHECK(form.make != nullptr);
    }
  }
}

TEST_CASE("the parameters of each form of a stage fit together") {
  for (const StageRow& row : stages()) {
    for (const Form& form : row.forms) {
      const Signature& signature = form.signature;
      INFO(signature.usage);
      CHECK((signature.flag.empty() || signature.find(signature.flag)->required));
      std::set<std::string_view> names;
      for (const Parameter& parameter : signature.parameters) {
        INFO(parameter.name);
        CHECK_FALSE(parameter.summary.empty());
        CHECK(names.insert(parameter.name).second);
        CHECK(parameter.choices.empty() == (parameter.kind != Parameter::Kind::choice));
        CHECK(parameter.needs.empty() == parameter.reason.empty());
        for (const std::string_view needed : parameter.needs) CHECK(signature.find(needed));
        // A usage may leave a long list out.
        const std::string choices = fmt::format("{}", fmt::join(parameter.choices, "|"));
        const std::string before = std::string(parameter.name) + " ";
        const std::size_t at = signature.usage.find(before);
        if (at != signature.usage.npos && !choices.empty()) {
          const std::string_view shown = signature.usage.substr(at + before.size());
          CHECK((shown.starts_with("...") || shown.starts_with(choices)));
        }
        if (parameter.rest) CHECK(&parameter == &signature.parameters.front());
      }
    }
  }
}
