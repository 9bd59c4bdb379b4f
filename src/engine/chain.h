// Chain: consecutive steps of a pipeline, run one after the other on the calling thread.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "engine/pipeline.h"
#include "engine/report/field_watch.h"
#include "values/error.h"

namespace riffle {

class Chain {
 public:
  // Takes what the last step emits, and adds what it does with it.
  using End = std::function<void(Batch, Effects&)>;
  // The first position among effects at which the run must stop, if any.
  using Limit = std::function<std::optional<Position>(const Effects&)>;

  // Steps [first, last) of `pipeline`, which outlives this. With a `limit`, no batch is passed from
  // a step to the next before the step's effects have been held against it, and what lies at or
  // after the limit is not passed on.
  Chain(const Pipeline& pipeline, std::size_t first, std::size_t last, End end,
        Limit limit = nullptr);

  // What reading the next batch has done: it counts for the limit, and is handed on with the steps'
  // effects.
  void begin(Effects read);
  // Throws Abandoned (with the stage's name) where what follows takes long after a request to stop.
  void process(Batch batch);
  // The input has ended: every step emits what it holds, in order.
  void finish();

  // What the steps hold, between two batches.
  void save(StateWriter& to) const;
  // From now on the steps are those of `pipeline`, made of the same job, which have not been given
  // a batch: they load what save() wrote. `pipeline` outlives this. Throws Error where that is the
  // state of another pipeline.
  void load(const Pipeline& pipeline, StateReader& from);

  // What reading, the steps and `end` did since the last call.
  Effects take_effects();
  // Where a step said that further input is of no use.
  std::optional<Position> stopped_after() const { return stop_; }
  // Where the limit was reached.
  std::optional<Position> limited_at() const { return limited_; }

 private:
  class Link;

  void pass(std::size_t step, Batch batch);
  void apply(std::size_t step, Batch batch, Link& link) const;
  void settle(Link& link, std::size_t step);
  void look_for_limit();
  template <typename Work>
  void run(std::size_t step, Work work);

  const Plan* plan_;
  const Pipeline* pipeline_;
  std::size_t first_, last_;
  End end_;
  Limit limit_;
  Effects effects_;
  std::optional<Position> stop_, limited_;
  std::int64_t arrival_ = 0;         // of the batch that is processed
  std::vector<FieldWatch> watches_;  // of each step
};

// What a request to stop ends in the middle of a stage's work, where records have gone on already.
Error stopped_within(std::string_view stage);

// Rejects of a step, or (after the last one) of the writer.
void note_step(std::span<Reject> rejects, std::size_t step);
// The records of a batch that come to a step; for pipelines that count them.
void note_arrivals(const Batch& batch, std::size_t step, Effects& effects);

// Takes the rows at and after a position away, and what event time has learned from them.
void cut_off(Batch& batch, Position at);

}  // namespace riffle
