// The first step of reading a command line: which word is an option, an input, a stage, a flag of a
// stage or an argument. Nothing is looked up in the file system.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "manual/options.h"
#include "stages/stage.h"
#include "values/error.h"

namespace riffle {

struct GivenOption {
  const Option* option = nullptr;
  std::string value;
  std::string file;  // the pipeline file that it stands in; empty: the command line
};

struct GivenInput {
  std::string where;
  bool by_option = false;  // --input: a file for certain
};

struct GivenFlag {
  const Parameter* flag = nullptr;
  std::string value;
  std::size_t arguments_before = 0;  // how many of the stage's arguments stand in front of it
};

struct GivenStage {
  const StageRow* row = nullptr;
  std::vector<std::string> arguments;
  std::vector<GivenFlag> flags;
};

struct CommandLine {
  std::vector<GivenOption> options;
  std::vector<GivenInput> inputs;
  std::vector<GivenStage> stages;
  std::string behind_inputs;  // the word that followed the last input, for messages: see inputs.h
  // What cannot follow inputs (an option that is none, `then`), and ended the splitting. One
  // of the inputs may be meant for a stage: see inputs.h.
  std::optional<Error> fault;
};

// Splits words as language.md 1 says, after what `line` holds already (a pipeline file's options
// and stages). `pipeline_file`: where the words come from, if not from the command line; it names
// no inputs, and may end in `then`. Throws Error (usage).
void split(std::span<const std::string> words, CommandLine& line,
           const std::string& pipeline_file = {});

}  // namespace riffle
