#include "stages/time/panes.h"

#include <fmt/format.h>

#include "stages/time/event_time.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {

Panes panes_of(const Setup& setup, bool has_delay) {
  Panes panes;
  panes.lateness = duration_argument(setup, "--lateness");
  panes.early = duration_argument(setup, "--early");
  for (const std::string_view flag : {"--lateness", "--early"})
    if (setup.arguments.has(flag) && !has_delay)
      throw usage_error(fmt::format(
          "window: {} needs --delay: without it windows come out at the end of the input alone",
          flag));
  if (panes.early == 0)
    throw usage_error("window: --early: the time between panes must be more than zero");
  if (!setup.arguments.has("--panes")) return panes;
  const std::string& answer = setup.arguments["--panes"];
  if (answer != "accumulate" && answer != "discard")
    throw usage_error(
        fmt::format("window: --panes is accumulate (as without it) or discard; '{}' is neither",
                    visible(answer)));
  if (!panes.are_many())
    throw usage_error(
        "window: --panes needs --early or --lateness: without them a window has one pane");
  panes.discard = answer == "discard";
  return panes;
}

std::string text_of(const Panes& panes) {
  const auto duration = [](std::int64_t nanoseconds) {
    char text[number_room];
    return std::string(text, write_duration(nanoseconds, text)) + 's';
  };
  std::string text;
  if (panes.early) text += fmt::format("; open ones come out at each {}", duration(*panes.early));
  if (panes.lateness)
    text += fmt::format("; again for each record up to {} later", duration(*panes.lateness));
  return text;
}

}  // namespace riffle
