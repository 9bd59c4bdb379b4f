#include "engine/pipeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/input/input.h"
#include "engine/report/command_text.h"
#include "engine/windows/sliced_windows.h"
#include "engine/windows/windowed.h"
#include "values/error.h"
#include "values/random.h"

namespace riffle {
namespace {

// The `window` before a step.
struct WindowAtHand {
  Stage* stage = nullptr;
  bool has_gathered = false;  // what comes is what an earlier stage made of each window
  // The steps since then look at records alone, and leave no trace of how often they see one.
  bool can_slice = false;
};

// After `window`, a gathering stage works window by window, and the window's fields come first in
// what it emits.
void put_window_first(Step& step, WindowAtHand& window, Shape& shape, const Shape& before,
                      Budget& budget) {
  const WindowFields& in = *before.window;
  WindowFields fields = in;
  const bool are_other_slots = &shape.slots() != &before.slots();
  if (are_other_slots || in.start == no_slot)
    fields.start = shape.slots().add(), fields.end = shape.slots().add();
  if (are_other_slots && in.have_numbers()) fields.number = shape.slots().add();
  if (are_other_slots && in.pane != no_slot) fields.pane = shape.slots().add();
  if (are_other_slots)
    for (WindowFields::Key& key : fields.keys) key.slot = shape.slots().add();
  fields.may_merge = false;  // they are closed
  for (auto key = fields.keys.rbegin(); key != fields.keys.rend(); key++)
    shape.edit({Edit::Kind::first, key->name, key->slot, {}});
  if (fields.pane != no_slot)
    shape.edit({Edit::Kind::first, literal_name("pane"), fields.pane, {}});
  shape.edit({Edit::Kind::first, literal_name("window_end"), fields.end, {}});
  shape.edit({Edit::Kind::first, literal_name("window_start"), fields.start, {}});
  shape.window = fields;
  step.by_window = true;
  const bool may_do_nothing = step.row->passes_one && window.has_gathered;
  const WindowPlace place{in,
                          fields,
                          {budget, std::string(step.row->name)},
                          *window.stage->window_plan(),
                          may_do_nothing ? step.row->name : std::string_view()};
  const bool comes_again =
      in.may_merge || (place.plan.panes.fires_repeatedly() && !place.plan.panes.discard);
  const bool slices = window.can_slice && !before.slots().reads_window && step.stage->fresh_part();
  step.in_parts = slices || comes_again;
  if (slices) {
    window.stage->pass_slices();
    step.stage = by_slices(std::move(step.stage), place);
  } else {
    step.stage = by_window(std::move(step.stage), place);
  }
  window.can_slice = false;
  window.has_gathered = true;
}

std::unique_ptr<const Settings> settings_of(const Job& job, std::size_t step) {
  auto settings = std::make_unique<Settings>(job.settings);
  settings->seed = seed_of_part(job.settings.seed, step);
  settings->inputs = job.inputs;
  settings->random_sources = std::make_shared<RandomSources>();
  return settings;
}

// What a step's event time is told of the inputs. Behind a stage that gathers there is one stream:
// what that makes of them all.
Streams streams_at(const Job& job, const std::vector<Step>& before) {
  const auto gathers = [](const Step& step) { return step.way == Way::gathers; };
  if (!job.merge.empty() || std::any_of(before.begin(), before.end(), gathers)) return {};
  return {turns_of(job.inputs, job.live), job.in_order};
}

// What the step's arguments ask of the records that come to it. What the step itself makes is no
// question.
std::vector<WatchedField> watched_fields(const Slots& slots, std::size_t first, Slot slots_before) {
  const auto is_made_here = [&](Slot slot) {
    const auto is_source = [&](const SourceField& field) { return field.slot == slot; };
    return slot >= slots_before &&
           std::none_of(slots.source.begin(), slots.source.end(), is_source);
  };
  std::vector<WatchedField> fields;
  for (std::size_t i = first; i < slots.watched.size(); i++) {
    const Watch& watch = slots.watched[i];
    const auto is_known = [&](const WatchedField& field) { return field.name == watch.name; };
    if (std::any_of(watch.slots.begin(), watch.slots.end(), is_made_here)) continue;
    if (std::none_of(fields.begin(), fields.end(), is_known))
      fields.push_back({watch.name, watch.is_pattern});
  }
  return fields;
}

std::unique_ptr<Stage> make_stage(const Call& call, Setup& setup) {
  try {
    return call.form->make(setup);
  } catch (const UnknownField& error) {
    throw usage_error(fmt::format("{}: {}", setup.stage, error.what()));
  }
}

// The pipeline's next step.
Step make_step(const std::vector<Step>& before, const Call& call, const Job& job,
               const OpenSink& open_sink, const Sides& sides, Budget& budget, Shape& shape,
               WindowAtHand& window) {
  Step step;
  step.row = call.row;
  step.settings = settings_of(job, before.size());
  step.way = call.row->way;
  const Shape shape_before = shape;
  const std::size_t named = shape.slots().named.size(), holders = budget.holders().size();
  const auto writes = [&](const std::string& path) { step.side_outputs.push_back(path); };
  Setup setup{std::string(call.row->name),
              call.arguments,
              *step.settings,
              shape,
              step.way,
              budget,
              streams_at(job, before),
              [&](const std::string& path, const Shape& written) {
                return writes(path), open_sink(path, written);
              },
              [&](const std::string& pattern, const Shape& written, std::size_t open) {
                return writes(pattern), sides.open_sinks(pattern, written, open);
              },
              sides.read_input,
              sides.open_input};
  Slots& slots = shape_before.slots();
  const std::size_t watched = slots.watched.size();
  const Slot slots_before = slots.count;
  slots.ordered_calls = 0;
  step.stage = make_stage(call, setup);
  step.watched = watched_fields(slots, watched, slots_before);
  if (slots.ordered_calls > 0 && step.way == Way::per_record) step.way = Way::in_order;
  step.reads.assign(slots.named.begin() + static_cast<std::ptrdiff_t>(named), slots.named.end());
  if (step.way == Way::gathers && shape_before.window)
    put_window_first(step, window, shape, shape_before, budget);
  if (const WindowPlan* const plan = step.stage->window_plan())
    window = {step.stage.get(), false,
              plan->windows && !plan->windows->are_tumbling() && !plan->panes.fires_repeatedly()};
  else if (step.way != Way::per_record)
    window.can_slice = false;
  step.holds = budget.holders();
  step.holds.erase(step.holds.begin(), step.holds.begin() + static_cast<std::ptrdiff_t>(holders));
  step.shape = std::make_shared<const Shape>(shape);
  return step;
}

// Whether the results of windows are one record each, and which stage made them so.
class SingleResults {
 public:
  // The next step gathers by window. Throws Error (usage) where it could change nothing.
  void gather(const Call& call) {
    const StageRow& row = *call.row;
    const bool makes_one = row.makes_one && !call.arguments.has("--by");
    if (!maker_.empty() && (row.passes_one || makes_one))
      throw usage_error(
          fmt::format("{}: `{}` leaves one record in each window, so nothing changes here window "
                      "by window; to take all windows together: window none then {}",
                      row.name, maker_, command_of(call)));
    maker_ = makes_one ? row.name : std::string_view();
  }
  // The next step looks at each record alone, or begins or ends windows.
  void pass(const Step& step) {
    if (step.row->multiplies || step.stage->window_plan() || !step.shape->window) maker_ = {};
  }

 private:
  std::string_view maker_;
};

// A window that no stage gathers by is a mistake: its records would pass as they are. So is a stage
// that gathers what is emitted more than once.
void check_windows(const Job& job, const Pipeline& pipeline) {
  SingleResults results;
  bool is_open = false, has_panes = false;
  std::string_view gathered;
  for (std::size_t i = 0; i < pipeline.steps.size(); i++) {
    const Step& step = pipeline.steps[i];
    if (step.by_window)
      results.gather(job.stages[i]);
    else
      results.pass(step);
    if (step.row->name == "window") {
      if (is_open)
        throw usage_error(fmt::format("window: {} follows before any stage gathers by this one",
                                      step.shape->window ? "another window" : "`window none`"));
      is_open = step.shape->window.has_value();
      has_panes = is_open && step.stage->window_plan()->panes.fires_repeatedly();
      gathered = {};
    } else if (step.way == Way::gathers) {
      if (has_panes && !gathered.empty())
        throw usage_error(
            fmt::format("{}: with --early or --lateness the results of `{}` are emitted more than "
                        "once for a window, and cannot be gathered again; put `window none` "
                        "between them, or leave the flag out",
                        step.row->name, gathered));
      is_open = false;
      gathered = step.row->name;
    }
  }
  if (is_open)
    throw usage_error("window: no stage after it gathers by window; add one, such as: then count");
}

}  // namespace

namespace {

EventTimes times_to_merge_by(const Job& job, Shape& shape, Budget& budget) {
  Way way = Way::in_order;
  const Setup setup{"merge", job.merge, job.settings, shape,   way,    budget,
                    {},      nullptr,   nullptr,      nullptr, nullptr};
  return {setup, event_time_argument(setup, "--merge"), std::nullopt, Streams()};
}

}  // namespace

Pipeline make_pipeline(const Job& job, const OpenSink& open_sink, Budget& budget,
                       const Sides& sides) {
  Pipeline pipeline;
  pipeline.counts = job.progress || !job.summary.empty();
  Shape shape = Shape::of_source();
  pipeline.source = std::make_shared<const Shape>(shape);
  if (!job.merge.empty()) pipeline.merge.emplace(times_to_merge_by(job, shape, budget));
  bool side_output = false;
  WindowAtHand window;
  for (const Call& call : job.stages) {
    const bool may_stop = !side_output;
    Step step = make_step(pipeline.steps, call, job, open_sink, sides, budget, shape, window);
    step.may_stop = may_stop;
    side_output = side_output || !step.side_outputs.empty();
    if (pipeline.parallel == pipeline.steps.size() && step.way == Way::per_record)
      pipeline.parallel++;
    pipeline.steps.push_back(std::move(step));
  }
  if (pipeline.merge) pipeline.parallel = 0;
  check_windows(job, pipeline);
  const auto has_event_time = [](const Call& call) { return call.form->follows_time; };
  if (job.in_order && std::none_of(job.stages.begin(), job.stages.end(), has_event_time))
    throw usage_error("--in-order says how event time goes on, and no stage follows it");
  if (job.live.idle && std::none_of(job.stages.begin(), job.stages.end(), [](const Call& call) {
        return call.arguments.has(Parameter::Kind::delay);
      }))
    throw usage_error(
        "--idle lets windows close that wait for a silent input, and no stage has --delay");
  return pipeline;
}

}  // namespace riffle
