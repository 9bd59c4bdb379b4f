#include "engine/chain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats/format.h"
#include "state/records.h"
#include "values/stop_request.h"

namespace riffle {

// The output of one step: the input of the next.
class Chain::Link : public Output {
 public:
  Link(Chain& chain, std::size_t step) : chain_(chain), step_(step) {}

  void emit(Batch batch) override {
    finish(batch);
    if (chain_.limit_)
      held_.push_back(std::move(batch));
    else
      chain_.pass(step_ + 1, std::move(batch));
  }
  void emit_piece(Batch piece) override {
    StopRequest::check_age();
    finish(piece);
    chain_.settle(*this, step_);
    if (chain_.limited_) cut_off(piece, *chain_.limited_);
    chain_.pass(step_ + 1, std::move(piece));
  }
  void stop_after(Position last) override {
    if (!chain_.plan_->steps[step_].may_stop) return;
    if (!chain_.stop_ || last < *chain_.stop_) chain_.stop_ = last;
  }
  std::vector<Batch>& held() { return held_; }

 private:
  void finish(Batch& batch) const {
    const PlannedStep& step = chain_.plan_->steps[step_];
    batch.shape = step.after;
    batch.progress.arrival = chain_.arrival_;
    const auto slots = static_cast<std::size_t>(step.after->slots().count);
    if (batch.columns.size() < slots) batch.columns.resize(slots);
  }

  Chain& chain_;
  std::size_t step_;
  std::vector<Batch> held_;
};

Chain::Chain(const Pipeline& pipeline, std::size_t first, std::size_t last, End end, Limit limit)
    : plan_(&pipeline.plan()),
      pipeline_(&pipeline),
      first_(first),
      last_(last),
      end_(std::move(end)),
      limit_(std::move(limit)) {
  for (std::size_t step = first; step < last; step++)
    watches_.emplace_back(plan_->steps[step].watched);
}

void Chain::begin(Effects read) {
  effects_.take(read);
  look_for_limit();
}

void Chain::process(Batch batch) {
  arrival_ = batch.progress.arrival;
  if (limited_) cut_off(batch, *limited_);
  batch.shape = first_ == 0 ? plan_->source : plan_->steps[first_ - 1].after;
  pass(first_, std::move(batch));
}

void Chain::look_for_limit() {
  if (!limit_) return;
  if (const auto limit = limit_(effects_); limit && (!limited_ || *limit < *limited_))
    limited_ = limit;
}

void Chain::settle(Link& link, std::size_t step) {
  note_step(link.effects.rejects, step);
  for (Late& late : link.effects.late) late.step = static_cast<std::uint32_t>(step);
  for (WindowSize& size : link.effects.window_sizes) size.step = static_cast<std::uint32_t>(step);
  for (Keeping& keeping : link.effects.keepings) keeping.step = static_cast<std::uint32_t>(step);
  effects_.take(link.effects);
  look_for_limit();
}

template <typename Work>
void Chain::run(std::size_t step, Work work) {
  Link link(*this, step);
  StopRequest::note_progress();
  try {
    work(link);
  } catch (Abandoned& abandoned) {
    if (abandoned.stage.empty()) abandoned.stage = plan_->steps[step].row().name;
    throw;
  }
  settle(link, step);
  for (Batch& batch : link.held()) {
    if (limited_) cut_off(batch, *limited_);
    pass(step + 1, std::move(batch));
  }
}

void Chain::pass(std::size_t step, Batch batch) {
  if (step < last_ && plan_->counts) note_arrivals(batch, step, effects_);
  if (step < last_) watches_[step - first_].look_at(batch, effects_);
  if (step < last_) return run(step, [&](Link& link) { apply(step, std::move(batch), link); });
  end_(std::move(batch), effects_);
  StopRequest::note_progress();
  look_for_limit();
}

void Chain::apply(std::size_t step, Batch batch, Link& link) const {
  if (const RecordStage* const stage = plan_->steps[step].planned.record_stage.get())
    link.emit(stage->apply(std::move(batch), link.effects,
                           [&](Batch piece) { link.emit_piece(std::move(piece)); }));
  else
    pipeline_->stage(step)->process(std::move(batch), link);
}

void Chain::finish() {
  for (std::size_t step = first_; step < last_; step++)
    if (Stage* const stage = pipeline_->stage(step))
      run(step, [stage](Link& link) { stage->finish(link); });
}

namespace {

// What records that wait in a step refer to.
class StepKinds : public RecordKinds {
 public:
  explicit StepKinds(const PlannedStep& step) : shapes_{step.before, step.after} {}

  std::shared_ptr<const Shape> shape(std::string_view content) const override {
    const auto found = std::find_if(
        shapes_.begin(), shapes_.end(),
        [&](const std::shared_ptr<const Shape>& shape) { return text_of(*shape) == content; });
    return found == shapes_.end() ? nullptr : *found;
  }
  SourceDialect dialect(std::string_view name) const override {
    SourceDialect dialect;
    if (const Format* const format = find_format(name)) {
      dialect.format = format->name;
      dialect.members = format->members;
    }
    return dialect;
  }

 private:
  std::array<std::shared_ptr<const Shape>, 2> shapes_;  // of what comes, and of what goes
};

}  // namespace

void Chain::save(StateWriter& to) const {
  to.begin("pipeline", 1);
  to.count(last_ - first_);
  for (std::size_t i = first_; i < last_; i++) {
    const PlannedStep& step = plan_->steps[i];
    to.text(step.row().name);
    to.part([&] {
      step.settings->random_sources->save(to);
      if (const Stage* const stage = pipeline_->stage(i))
        stage->save(to);
      else
        step.planned.record_stage->save(to);
    });
  }
}

void Chain::load(const Pipeline& pipeline, StateReader& from) {
  plan_ = &pipeline.plan();
  pipeline_ = &pipeline;
  from.begin("pipeline", 1);
  const auto other = [] { return failure("the saved state is of another pipeline"); };
  if (from.count() != last_ - first_) throw other();
  for (std::size_t i = first_; i < last_; i++) {
    const PlannedStep& step = plan_->steps[i];
    if (from.text() != step.row().name) throw other();
    const StepKinds kinds(step);
    StateReader of_step(from.text(), &kinds);
    step.settings->random_sources->load(of_step);
    if (Stage* const stage = pipeline_->stage(i))
      stage->load(of_step);
    else
      step.planned.record_stage->verify(of_step);
    of_step.end();
  }
}

Effects Chain::take_effects() { return std::exchange(effects_, {}); }

Error stopped_within(std::string_view stage) {
  return failure(fmt::format("{}: stopped by a signal in the middle of its work", stage));
}

void note_step(std::span<Reject> rejects, std::size_t step) {
  for (Reject& reject : rejects) reject.step = static_cast<std::uint32_t>(step);
}

namespace {

// Of one record often come many.
void note_arrival(Position position, std::uint32_t step, Effects& effects) {
  const bool again = !effects.arrivals.empty() && effects.arrivals.back().position == position &&
                     effects.arrivals.back().step == step;
  if (again)
    effects.arrivals.back().count++;
  else
    effects.arrivals.push_back({position, step, 1});
}

}  // namespace

void note_arrivals(const Batch& batch, std::size_t step, Effects& effects) {
  const auto number = static_cast<std::uint32_t>(step);
  if (!batch.origin.positions && !batch.rows.empty())
    effects.arrivals.push_back({batch.origin.where, number, batch.rows.size()});
  else
    for (const Row row : batch.rows) note_arrival(batch.origin.positions[row], number, effects);
}

void cut_off(Batch& batch, Position at) {
  std::erase_if(batch.rows, [&](Row row) { return batch.position(row) >= at; });
  batch.progress.cut_off(at, batch.origin, batch.size, *batch.memory);
}

}  // namespace riffle
