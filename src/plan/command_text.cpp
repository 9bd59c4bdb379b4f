#include "plan/command_text.h"

#include "text/shell_word.h"
#include "values/error.h"

namespace riffle {

namespace {

std::string name_of(const Call& call) {
  std::string name(call.row->name);
  if (!call.form->signature.word.empty()) name.append(" ").append(call.form->signature.word);
  return name;
}

}  // namespace

std::string command_of(const Call& call) {
  std::string command = name_of(call);
  for (const Argument& argument : call.arguments.all()) {
    if (argument.parameter->is_flag()) command.append(" ").append(argument.parameter->name);
    if (argument.parameter->takes_value()) command += " " + quoted(argument.text->text);
  }
  return visible(command);
}

std::string short_command_of(const Call& call) {
  std::string command = name_of(call);
  for (const Argument& argument : call.arguments.all())
    if (!argument.parameter->is_flag()) command += " " + argument.text->text;
  return visible(command);
}

}  // namespace riffle
