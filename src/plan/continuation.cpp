#include "plan/continuation.h"

#include "stages/stage.h"

namespace riffle {
namespace {

// Windows of event time that close at the end of the input alone.
bool wait_for_the_end(const Call& call) {
  return call.form->makes_windows && call.form->follows_time &&
         !call.arguments.has(Parameter::Kind::delay);
}

}  // namespace

Continuation continuation_of(const Plan& plan) {
  bool windows_close = false;
  for (const PlannedStep& step : plan.steps) {
    if (step.planned.windows) windows_close = !wait_for_the_end(step.call);
    const bool holds_back = step.gathers() && !step.planned.gathers->emits_at_once();
    if (holds_back && !(step.window && windows_close)) return Continuation::replacing;
  }
  return Continuation::appending;
}

}  // namespace riffle
