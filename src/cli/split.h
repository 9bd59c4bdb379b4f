// The first step of reading a command line: which word is an option, an input, a stage, a flag of a stage or an argument.
// Nothing is looked up in the file system.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "manual/options.h"
#include "stages/stage.h"

namespace riffle {

struct GivenOption {
  const Option* option = nullptr;
  std::string value;
};

struct GivenFlag {
  const Parameter* flag = nullptr;
  std::string value;
};

struct GivenStage {
  const StageRow* row = nullptr;
  std::vector<std::string> arguments;
  std::vector<GivenFlag> flags;
};

struct CommandLine {
  std::vector<GivenOption> options;
  std::vector<std::string> inputs;
  std::vector<GivenStage> stages;
  std::vector<std::string> words_behind;  // what followed the last input, for messages: see inputs.h
};

// Splits words as language.md 1 says, behind what `line` holds already (a pipeline file's options and stages). Throws
// Error (usage).
void split(std::span<const std::string> words, CommandLine& line);

}  // namespace riffle
