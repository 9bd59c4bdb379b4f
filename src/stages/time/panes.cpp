#include "stages/time/panes.h"

#include <fmt/format.h>

#include "values/number.h"

namespace riffle {

Panes panes_of(const Setup& setup) {
  Panes panes;
  panes.lateness = setup.arguments.duration("--lateness");
  panes.early = setup.arguments.duration("--early");
  panes.discard = setup.arguments.text("--panes") == "discard";
  return panes;
}

std::string text_of(const Panes& panes) {
  const auto duration = [](std::int64_t nanoseconds) {
    char text[number_room];
    return std::string(text, write_duration(nanoseconds, text)) + 's';
  };
  std::string text;
  if (panes.early) text += fmt::format("; open ones fire at each {}", duration(*panes.early));
  if (panes.lateness)
    text += fmt::format("; again for each record up to {} later", duration(*panes.lateness));
  return text;
}

}  // namespace riffle
