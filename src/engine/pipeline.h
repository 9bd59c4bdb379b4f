// Pipeline: the stages of a Job, made and bound, with the shapes between them. Making it finds
// every mistake that can be found before a record is read (Error, usage).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/job.h"
#include "stages/time/event_time.h"

namespace riffle {

// A field that a step's arguments name, of which only the records can tell whether one has it.
struct WatchedField {
  Name name;
  bool is_pattern = false;
};

struct Step {
  const StageRow* row = nullptr;
  std::unique_ptr<const Settings> settings;  // the run's, but for the seed
  std::unique_ptr<Stage> stage;
  std::shared_ptr<const Shape> shape;  // of the batches that it emits
  Way way = Way::per_record;
  bool by_window = false;  // it works window by window
  // And holds what it has of windows in parts, which stay in memory.
  bool in_parts = false;
  std::vector<Budget::Held> holds;  // before the first record
  // The fields that its arguments name, in the records that come.
  std::vector<Name> reads;
  std::vector<WatchedField> watched;
  std::vector<std::string> side_outputs;
  // Whether its stop_after ends the run: no side output stands before it.
  bool may_stop = true;
};

struct Pipeline {
  std::vector<Step> steps;
  std::shared_ptr<const Shape> source;  // of the readers' batches
  std::size_t parallel = 0;             // the first so many steps look at one record at a time
  std::optional<EventTimes> merge;      // of the source's records, by which inputs are merged
  bool counts = false;                  // how many records come to each step (Effects::arrivals)

  const Shape& output() const { return steps.empty() ? *source : *steps.back().shape; }
};

using OpenSink = std::function<std::shared_ptr<Sink>(const std::string& path, const Shape& shape)>;

// What the engine hands to stages that write or read beside the pipeline. What is left out gives
// nothing.
struct Sides {
  decltype(Setup::open_sinks) open_sinks = [](const std::string&, const Shape&, std::size_t) {
    return std::shared_ptr<SinkSet>();
  };
  decltype(Setup::read_input) read_input = [](const std::string&, const std::string&, const Shape&,
                                              const std::function<void(Batch&, Effects&)>&) {
    return false;
  };
  decltype(Setup::open_input) open_input = [](const std::string&, const std::string&,
                                              const Shape&) {
    return [](Batch&, std::vector<Reject>&) { return false; };
  };
};

// `budget` outlives the pipeline.
Pipeline make_pipeline(const Job& job, const OpenSink& open_sink, Budget& budget,
                       const Sides& sides = {});

}  // namespace riffle
