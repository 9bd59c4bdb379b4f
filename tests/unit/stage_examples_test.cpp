// Each example in the table of stages gives the output that it names.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "cli/command.h"
#include "cli/pipeline_file.h"
#include "stages/stage.h"

using namespace riffle;

namespace {

// A folder of its own, taken away at the end.
class Folder {
 public:
  Folder()
      : path_(std::filesystem::temp_directory_path() /
              ("riffle-examples-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("each stage's examples do what they say") {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.file(""));
  const std::string input = folder.file("input.ndjson"), output = folder.file("output.ndjson");
  for (const StageRow& row : stages()) {
    if (row.name != "tee") CHECK_FALSE(row.examples.empty());
    for (const StageExample& example : row.examples) {
      INFO(example.command);
      std::ofstream(input) << example.input;
      if (!example.file.empty())
        std::ofstream(folder.file(std::string(example.file))) << example.content;
      std::vector<std::string> words = {input, "-o", output, "--quiet"};
      const auto command = words_of_pipeline(example.command, "example");
      words.insert(words.end(), command.begin(), command.end());
      CHECK(run_command(words) == ExitStatus::ok);
      CHECK(content_of(output) == example.output);
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
        if (parameter.rest) CHECK(&parameter == &signature.parameters.front());
      }
    }
  }
}
