// Plan: how the calls of a command would run: with names resolved, the shapes between the steps,
// the fields that are wanted, and what runs where. A value: copies share parts that nothing
// changes. --explain prints it, the engine makes a Pipeline of it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/job.h"
#include "stages/stage.h"
#include "stages/time/event_time.h"

namespace riffle {

// A field that a step's arguments name, of which only the records can tell whether one has it.
struct WatchedField {
  Name name;
  bool is_pattern = false;
};

// What a stage that works window by window is given.
struct WindowPlace {
  // The slots of a record's window in the batches that come, and of those that go.
  WindowFields in, out;
  Holder holder;  // who holds what is emitted before its window fires
  WindowPlan plan;
  bool in_slices = false;          // windows that overlap are put together from slices
  std::string_view sizes_of = {};  // the stage of which WindowSize effects tell; empty: none
  // Parts of windows that may fire again, or be put together, stay in memory.
  bool in_parts = false;
};

struct PlannedStep {
  Call call;
  std::shared_ptr<const Settings> settings;  // the run's, but for the seed
  Planned planned;
  std::shared_ptr<const Shape> before = nullptr,
                               after = nullptr;  // of the batches that come, and of those that go
  bool in_order = true;                          // on one thread, in the order of the records
  std::optional<WindowPlace> window = std::nullopt;  // it works window by window
  std::vector<Name> reads = {};                      // the fields that its arguments name
  std::vector<WatchedField> watched = {};
  std::vector<std::string> side_outputs = {};
  // Whether its stop_after ends the run: no side output is written before it.
  bool may_stop = true;

  const StageRow& row() const { return *call.row; }
  bool is_record_stage() const { return planned.record_stage != nullptr; }
  bool gathers() const { return planned.gathers != nullptr; }
};

struct PlannedInput {
  std::string where;        // as written
  std::string_view format;  // its name
  bool is_assumed = false;  // its first line may tell another
};

struct Plan {
  std::vector<PlannedInput> inputs;
  std::string output_path;  // as written
  std::string_view output_format;
  std::string state_path;           // --state; empty: there is none
  bool writes_in_parallel = false;  // workers format the output
  unsigned threads = 1;
  std::size_t memory = 0;  // what all stages together may hold, in bytes

  Settings settings;
  std::vector<PlannedStep> steps;
  std::shared_ptr<const Shape> source;  // of the readers' batches
  std::size_t parallel = 0;             // how many of the first steps look at one record at a time
  // The event time of the source's records, by which inputs are merged, and how it was written.
  std::shared_ptr<const EventTimes> merge;
  std::string merge_text;
  bool counts = false;  // how many records come to each step (Effects::arrivals)

  const Shape& output() const { return steps.empty() ? *source : *steps.back().after; }
};

// What planning asks of those who know the files.
struct PlanningServices {
  // When the run's inputs are read: see turns_of(). Empty: one input.
  std::vector<std::uint32_t> turns = {};
  // Asks the readers for the fields that the run's output needs, once all steps are planned.
  std::function<void(Shape& output)> request_output = [](Shape&) {};
  std::function<std::shared_ptr<Sink>(const std::string& path, Shape& shape)> open_sink =
      [](const std::string&, Shape&) { return std::shared_ptr<Sink>(); };
  std::function<std::shared_ptr<SinkSet>(const std::string& pattern, Shape& shape,
                                         std::size_t open)>
      open_sinks =
          [](const std::string&, Shape&, std::size_t) { return std::shared_ptr<SinkSet>(); };
  decltype(Setup::read_input) read_input = [](const std::string&, const std::string&, const Shape&,
                                              const std::function<void(Batch&, Effects&)>&) {
    return false;
  };
  decltype(Setup::open_input) open_input = [](const std::string&, const std::string&,
                                              const Shape&) {
    return [] { return [](Batch&, std::vector<Reject>&) { return false; }; };
  };
};

// Finds every mistake that can be found before a record is read (Error, usage). `budget` outlives
// the plan.
Plan make_plan(const Job& job, Budget& budget, const PlanningServices& services = {});

}  // namespace riffle
