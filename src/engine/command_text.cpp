#include "engine/command_text.h"

#include "data/error.h"

namespace riffle {

std::string quoted(const std::string& word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:/@%=";
  if (!word.empty() && word.find_first_not_of(plain) == word.npos) return word;
  std::string out = "'";
  for (const char c : word) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

std::string command_of(const StageCall& call) {
  std::string command(call.row->name);
  for (const Parameter& parameter : call.row->parameters) {
    if (!call.arguments.has(parameter.name)) continue;
    if (parameter.name.starts_with("--")) command.append(" ").append(parameter.name);
    if (parameter.kind != Parameter::Kind::flag) command += " " + quoted(call.arguments[parameter.name]);
  }
  return visible(command);
}

}  // namespace riffle
