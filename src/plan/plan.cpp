#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/command_text.h"
#include "values/error.h"
#include "values/random.h"

namespace riffle {
namespace {

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

std::shared_ptr<const Settings> settings_of(const Job& job, std::size_t step) {
  auto settings = std::make_shared<Settings>(job.settings);
  settings->seed = seed_of_part(job.settings.seed, step);
  settings->inputs = job.inputs;
  settings->random_sources = std::make_shared<RandomSources>();
  return settings;
}

Planned planned(const Call& call, Setup& setup) {
  try {
    return call.form->make(setup);
  } catch (const UnknownField& error) {
    throw usage_error(fmt::format("{}: {}", setup.stage, error.what()));
  }
}

class Planner {
 public:
  Planner(const Job& job, Budget& budget, const PlanningServices& services)
      : job_(job), budget_(budget), services_(services), shape_(Shape::of_source()) {
    plan_.settings = job.settings;
    plan_.threads = job.threads;
    plan_.memory = budget.limit();
    plan_.output_path = job.output;
    plan_.counts = job.progress || !job.summary.empty();
    plan_.source = std::make_shared<const Shape>(shape_);
    if (!job.merge.empty()) plan_merge();
    for (const Call& call : job.stages) add_step(call);
    if (plan_.merge) plan_.parallel = 0;
    services.request_output(shape_);
  }

  Plan take() && { return std::move(plan_); }

 private:
  Setup setup_of(std::string stage, const Arguments& arguments, BindContext& binding) {
    return {.stage = std::move(stage),
            .arguments = arguments,
            .settings = binding.settings,
            .binding = binding,
            .shape = shape_,
            .budget = budget_,
            .streams = streams(),
            .open_sink = services_.open_sink,
            .open_sinks = services_.open_sinks,
            .read_input = services_.read_input,
            .open_input = services_.open_input};
  }

  // What a step's event time is told of the inputs. After a stage that gathers there is one stream:
  // what that makes of them all.
  Streams streams() const {
    const auto gathers = [](const PlannedStep& step) { return step.gathers(); };
    const bool is_one = std::any_of(plan_.steps.begin(), plan_.steps.end(), gathers);
    if (!job_.merge.empty() || is_one || services_.turns.empty()) return {};
    return {services_.turns, job_.in_order};
  }

  void plan_merge() {
    BindContext binding{shape_, job_.settings};
    const Setup setup = setup_of("merge", job_.merge, binding);
    plan_.merge_text = job_.merge.text("--merge");
    plan_.merge = std::make_shared<const EventTimes>(setup, event_time_argument(setup, "--merge"),
                                                     std::nullopt, Streams());
  }

  void add_step(const Call& call) {
    const Shape before = shape_;
    const std::shared_ptr<const Settings> settings = settings_of(job_, plan_.steps.size());
    Slots& slots = shape_.slots();
    const std::size_t named = slots.named.size(), watched = slots.watched.size();
    const Slot slots_before = slots.count;
    std::vector<std::string> side_outputs;
    BindContext binding{shape_, *settings};
    Setup setup = setup_of(std::string(call.row->name), call.arguments, binding);
    setup.open_sink = [&](const std::string& path, Shape& written) {
      side_outputs.push_back(path);
      return services_.open_sink(path, written);
    };
    setup.open_sinks = [&](const std::string& pattern, Shape& written, std::size_t open) {
      side_outputs.push_back(pattern);
      return services_.open_sinks(pattern, written, open);
    };
    PlannedStep step{.call = call,
                     .settings = settings,
                     .planned = planned(call, setup),
                     .before = std::make_shared<const Shape>(before),
                     .side_outputs = std::move(side_outputs),
                     .may_stop = !has_side_output_};
    step.watched = watched_fields(slots, watched, slots_before);
    step.in_order = !step.is_record_stage() || binding.ordered_calls > 0;
    step.reads.assign(slots.named.begin() + static_cast<std::ptrdiff_t>(named), slots.named.end());
    if (step.gathers() && before.window) put_window_first(step, before);
    follow_window(step);
    step.after = std::make_shared<const Shape>(shape_);
    has_side_output_ = has_side_output_ || !step.side_outputs.empty();
    // Pieces of what a record becomes are not judged: --max-rejects P% counts the records of
    // blocks.
    const bool is_judged_before = job_.reject_limit.percent && step.row().multiplies;
    if (plan_.parallel == plan_.steps.size() && !step.in_order && !is_judged_before)
      plan_.parallel++;
    plan_.steps.push_back(std::move(step));
  }

  // After `window`, a gathering stage works window by window, and the window's fields come first in
  // what it emits.
  void put_window_first(PlannedStep& step, const Shape& before) {
    const WindowFields& in = *before.window;
    WindowFields fields = in;
    const bool are_other_slots = &shape_.slots() != &before.slots();
    if (are_other_slots || in.start == no_slot)
      fields.start = shape_.slots().add(), fields.end = shape_.slots().add();
    if (are_other_slots && in.have_numbers()) fields.number = shape_.slots().add();
    if (are_other_slots && in.pane != no_slot) fields.pane = shape_.slots().add();
    if (are_other_slots)
      for (WindowFields::Key& key : fields.keys) key.slot = shape_.slots().add();
    fields.may_merge = false;  // they are closed
    for (auto key = fields.keys.rbegin(); key != fields.keys.rend(); key++)
      shape_.edit({Edit::Kind::first, key->name, key->slot, {}});
    if (fields.pane != no_slot)
      shape_.edit({Edit::Kind::first, literal_name("pane"), fields.pane, {}});
    shape_.edit({Edit::Kind::first, literal_name("window_end"), fields.end, {}});
    shape_.edit({Edit::Kind::first, literal_name("window_start"), fields.start, {}});
    shape_.window = fields;
    place(step, in, before.slots().reads_window);
  }

  void place(PlannedStep& step, const WindowFields& in, bool reads_window) {
    Planned& maker = plan_.steps[window_].planned;
    const bool may_do_nothing = step.row().passes_one && has_gathered_;
    WindowPlace place{.in = in,
                      .out = *shape_.window,
                      .holder = {budget_, std::string(step.row().name)},
                      .plan = maker.windows->plan,
                      .sizes_of = may_do_nothing ? step.row().name : std::string_view()};
    place.in_slices = can_slice_ && !reads_window && step.planned.gathers->fresh_part();
    if (place.in_slices) maker.make = maker.windows->make_slicing;
    const Panes& panes = place.plan.panes;
    place.in_parts =
        place.in_slices || in.may_merge || (panes.fires_repeatedly() && !panes.discard);
    step.window.emplace(std::move(place));
    can_slice_ = false;
    has_gathered_ = true;
  }

  // Which windows the next step is in.
  void follow_window(const PlannedStep& step) {
    if (step.planned.windows) {
      window_ = plan_.steps.size();
      has_gathered_ = false;
      can_slice_ = step.planned.windows->make_slicing != nullptr;
    } else if (step.in_order) {
      can_slice_ = false;
    }
  }

  const Job& job_;
  Budget& budget_;
  const PlanningServices& services_;
  Plan plan_;
  Shape shape_;  // of the records that come to the next step
  bool has_side_output_ = false;
  std::size_t window_ = 0;     // the step that made the windows that the next one is in
  bool has_gathered_ = false;  // what comes is what an earlier stage made of each window
  // The steps since then look at records alone, and leave no trace of how often they see one.
  bool can_slice_ = false;
};

// Whether the results of windows are one record each, and which stage made them so.
class SingleResults {
 public:
  // The next step gathers by window. Throws Error (usage) where it could change nothing.
  void gather(const Call& call) {
    const StageRow& row = *call.row;
    const bool makes_one = row.makes_one && !call.arguments.has(Parameter::Kind::keys);
    if (!maker_.empty() && (row.passes_one || makes_one))
      throw usage_error(
          fmt::format("{}: `{}` leaves one record in each window, so nothing changes here window "
                      "by window; to take all windows together: window none then {}",
                      row.name, maker_, command_of(call)));
    maker_ = makes_one ? row.name : std::string_view();
  }
  // The next step looks at each record alone, or begins or ends windows.
  void pass(const PlannedStep& step) {
    if (step.row().multiplies || step.planned.windows || !step.after->window) maker_ = {};
  }

 private:
  std::string_view maker_;
};

// A window that no stage gathers by is a mistake: its records would pass as they are. So is a stage
// that gathers what an earlier one emits more than once.
void check_windows(const Plan& plan) {
  SingleResults results;
  const PlannedStep* open = nullptr;  // the window that no stage has gathered by yet
  bool has_panes = false;
  std::string_view gathered;
  for (const PlannedStep& step : plan.steps) {
    const StageRow& row = step.row();
    if (step.window)
      results.gather(step.call);
    else
      results.pass(step);
    if (step.planned.windows || step.call.form->ends_windows) {
      if (open)
        throw usage_error(
            fmt::format("{}: {} follows before any stage gathers by this one", row.name,
                        step.planned.windows ? fmt::format("another {}", row.name)
                                             : fmt::format("`{}`", short_command_of(step.call))));
      open = step.planned.windows ? &step : nullptr;
      has_panes = open && step.planned.windows->plan.panes.fires_repeatedly();
      gathered = {};
    } else if (step.gathers()) {
      if (has_panes && !gathered.empty())
        throw usage_error(
            fmt::format("{}: with --early or --lateness the results of `{}` are emitted more "
                        "than once for a window, and cannot be gathered again; put `window none` "
                        "between them, or leave the flag out",
                        row.name, gathered));
      open = nullptr;
      gathered = row.name;
    }
  }
  if (open)
    throw usage_error(fmt::format(
        "{}: no stage after it gathers by window; add one, such as: then count", open->row().name));
}

void check_options(const Job& job) {
  const auto follows_time = [](const Call& call) { return call.form->follows_time; };
  if (job.in_order && std::none_of(job.stages.begin(), job.stages.end(), follows_time))
    throw usage_error("--in-order says how event time goes on, and no stage follows it");
  const auto has_delay = [](const Call& call) {
    return call.arguments.has(Parameter::Kind::delay);
  };
  if (job.live.idle && std::none_of(job.stages.begin(), job.stages.end(), has_delay))
    throw usage_error(
        "--idle lets windows close that wait for a silent input, and no stage has --delay");
}

}  // namespace

Plan make_plan(const Job& job, Budget& budget, const PlanningServices& services) {
  Plan plan = Planner(job, budget, services).take();
  check_windows(plan);
  check_options(job);
  return plan;
}

}  // namespace riffle
