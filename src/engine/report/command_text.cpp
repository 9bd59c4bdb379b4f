#include "engine/report/command_text.h"

#include "text/shell_word.h"
#include "values/error.h"

namespace riffle {

std::string command_of(const StageCall& call) {
  std::string command(call.row->name);
  for (const Parameter& parameter : call.row->parameters) {
    if (!call.arguments.has(parameter.name)) continue;
    if (parameter.name.starts_with("--")) command.append(" ").append(parameter.name);
    if (parameter.kind != Parameter::Kind::flag)
      command += " " + quoted(call.arguments[parameter.name]);
  }
  return visible(command);
}

}  // namespace riffle
