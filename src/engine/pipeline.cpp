#include "engine/pipeline.h"

#include "engine/windows/sliced_windows.h"
#include "engine/windows/windowed.h"

namespace riffle {
namespace {

std::unique_ptr<Stage> made(const PlannedStep& step) {
  if (step.is_record_stage()) return nullptr;
  if (!step.window) return step.planned.make();
  return step.window->in_slices ? by_slices(step.planned.gathers->fresh(), *step.window)
                                : by_window(step.planned.gathers->fresh(), *step.window);
}

}  // namespace

Pipeline::Pipeline(const Plan& plan) : plan_(plan) {
  for (const PlannedStep& step : plan.steps) stages_.push_back(made(step));
}

}  // namespace riffle
