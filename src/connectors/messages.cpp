#include "connectors/messages.h"

#include <fmt/format.h>

#include <cstdio>

#include "connectors/status_line.h"
#include "text/width.h"
#include "values/json_object.h"

namespace riffle {
namespace {

bool as_json = false;

// Where the repair begins: after the first "; " that no quotes enclose; npos: there is none.
std::size_t start_of_repair(std::string_view text) {
  char quote = '\0';
  for (std::size_t i = 0; i + 1 < text.size(); i++) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '`' || (c == '\'' && (i == 0 || text[i - 1] == ' '))) {
      quote = c;
    } else if (c == ';' && text[i + 1] == ' ') {
      return i;
    }
  }
  return text.npos;
}

std::string json_of(const Message& message) {
  const std::string_view whole = message.message;
  const std::size_t repair = start_of_repair(whole);
  JsonObject object;
  const auto add = [&object](std::string_view name, std::string_view text) {
    if (!text.empty()) object.add(name, std::string_view(as_utf8(text)));
  };
  add("kind", message.kind);
  add("stage", message.stage);
  add("message", whole.substr(0, repair));
  add("file", message.file);
  if (message.line > 0) object.add("line", message.line);
  if (message.count) object.add("count", *message.count);
  if (repair != whole.npos) add("repair", whole.substr(repair + 2));
  return object.text();
}

// Whatever a message quotes, it steers no terminal and begins no line of its own.
std::string text_of(const Message& message) {
  if (!message.shown.empty()) return visible(message.shown);
  return visible(fmt::format("riffle: {}{}{}", message.stage, message.stage.empty() ? "" : ": ",
                             message.message));
}

// As visible(), but for the ends of lines: an error may show where it is in the command.
std::string visible_lines(std::string_view text) {
  std::string lines;
  for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
    lines.append(visible(text.substr(0, end))).append("\n");
    text.remove_prefix(end + 1);
  }
  return lines.append(visible(text));
}

void print(const Message& message, const std::string& text) {
  status_line().hide();
  std::fprintf(stderr, "%s\n", (as_json ? json_of(message) : text).c_str());
  status_line().show_again(true);
}

}  // namespace

void write_messages_as_json() { as_json = true; }

void say(const Message& message) { print(message, text_of(message)); }

void say(const Error& error, bool (*is_stage)(std::string_view word)) {
  const std::string_view what = error.what();
  // Below the first line there is a caret.
  std::string_view message = what.substr(0, what.find('\n'));
  std::string_view stage = message.substr(0, message.find(": "));
  if (stage.size() < message.size() && is_stage(stage))
    message.remove_prefix(stage.size() + 2);
  else
    stage = {};
  print({.kind = error.status() == ExitStatus::usage ? "usage" : "failed",
         .message = std::string(message),
         .stage = std::string(stage)},
        visible_lines(fmt::format("riffle: {}", what)));
}

}  // namespace riffle
