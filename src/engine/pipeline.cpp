#include "engine/pipeline.h"

#include <fmt/format.h>

#include "data/error.h"
#include "engine/windowed.h"

namespace riffle {
namespace {

// Behind `window`, a gathering stage works window by window, and the window's bounds come first in what it emits.
void put_window_first(Step& step, const WindowFields& window, Shape& shape, const Shape& before, Budget& budget) {
  WindowFields fields = window;
  if (&shape.slots() != &before.slots()) fields = {shape.slots().add(), shape.slots().add()};
  shape.edit({Edit::Kind::first, literal_name("window_end"), fields.end, {}});
  shape.edit({Edit::Kind::first, literal_name("window_start"), fields.start, {}});
  shape.window = fields;
  step.stage = by_window(std::move(step.stage), window, fields, {budget, std::string(step.row->name)});
}

// `side_output`: set when the stage writes elsewhere too.
Step make_step(const StageCall& call, const Job& job, const OpenSink& open_sink, const Sides& sides, Budget& budget,
               Shape& shape, bool& side_output) {
  Step step;
  step.row = call.row;
  step.way = call.row->way;
  const Shape before = shape;
  Setup setup{std::string(call.row->name), call.arguments, job.settings, shape, step.way, budget, job.inputs.size(),
              [&](const std::string& path, const Shape& written) { return side_output = true, open_sink(path, written); },
              [&](const std::string& pattern, const Shape& written, std::size_t open) {
                return side_output = true, sides.open_sinks(pattern, written, open);
              },
              sides.read_input};
  step.stage = call.row->make(setup);
  if (step.way == Way::gathers && before.window) put_window_first(step, *before.window, shape, before, budget);
  step.shape = std::make_shared<const Shape>(shape);
  return step;
}

// A window that no stage gathers by is a mistake: its records would pass as they are.
void check_windows(const Pipeline& pipeline) {
  const StageRow* open_window = nullptr;
  for (const Step& step : pipeline.steps) {
    if (step.row->name == "window") {
      if (open_window)
        throw usage_error(fmt::format("window: {} follows before any stage gathers by this one",
                                      step.shape->window ? "another window" : "`window none`"));
      open_window = step.shape->window ? step.row : nullptr;
    } else if (step.way == Way::gathers) {
      open_window = nullptr;
    }
  }
  if (open_window) throw usage_error("window: no stage after it gathers by window; add one, such as: then count");
}

}  // namespace

Pipeline make_pipeline(const Job& job, const OpenSink& open_sink, Budget& budget, const Sides& sides) {
  Pipeline pipeline;
  Shape shape = Shape::of_source();
  pipeline.source = std::make_shared<const Shape>(shape);
  bool side_output = false;
  for (const StageCall& call : job.stages) {
    const bool may_stop = !side_output;
    Step step = make_step(call, job, open_sink, sides, budget, shape, side_output);
    step.may_stop = may_stop;
    if (pipeline.parallel == pipeline.steps.size() && step.way == Way::per_record) pipeline.parallel++;
    pipeline.steps.push_back(std::move(step));
  }
  check_windows(pipeline);
  return pipeline;
}

}  // namespace riffle
