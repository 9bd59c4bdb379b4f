#include "engine/chain.h"

#include <algorithm>
#include <array>
#include <utility>

#include "formats/format.h"
#include "state/records.h"

namespace riffle {

// The output of one step: the input of the next.
class Chain::Link : public Output {
 public:
  Link(Chain& chain, std::size_t step) : chain_(chain), step_(step) {}

  void emit(Batch batch) override {
    const PlannedStep& step = chain_.plan_->steps[step_];
    batch.shape = step.after;
    batch.progress.arrival = chain_.arrival_;
    const auto slots = static_cast<std::size_t>(step.after->slots().count);
    if (batch.columns.size() < slots) batch.columns.resize(slots);
    if (chain_.limit_)
      held_.push_back(std::move(batch));
    else
      chain_.pass(step_ + 1, std::move(batch));
  }
  void stop_after(Position last) override {
    if (!chain_.plan_->steps[step_].may_stop) return;
    if (!chain_.stop_ || last < *chain_.stop_) chain_.stop_ = last;
  }
  std::vector<Batch>& held() { return held_; }

 private:
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

template <typename Work>
void Chain::run(std::size_t step, Work work) {
  Link link(*this, step);
  work(link);
  note_step(link.effects.rejects, step);
  for (Late& late : link.effects.late) late.step = static_cast<std::uint32_t>(step);
  for (WindowSize& size : link.effects.window_sizes) size.step = static_cast<std::uint32_t>(step);
  for (Keeping& keeping : link.effects.keepings) keeping.step = static_cast<std::uint32_t>(step);
  effects_.take(link.effects);
  look_for_limit();
  for (Batch& batch : link.held()) {
    if (limited_) cut_off(batch, *limited_);
    pass(step + 1, std::move(batch));
  }
}

void Chain::pass(std::size_t step, Batch batch) {
  if (step < last_ && plan_->counts) note_arrivals(batch, step, effects_);
  if (step < last_) watches_[step - first_].look_at(batch, effects_);
  if (step < last_) return run(step, [&](Output& out) { apply(step, std::move(batch), out); });
  end_(std::move(batch), effects_);
  look_for_limit();
}

void Chain::apply(std::size_t step, Batch batch, Output& out) const {
  if (const RecordStage* const stage = plan_->steps[step].planned.record_stage.get())
    out.emit(stage->apply(std::move(batch), out.effects));
  else
    pipeline_->stage(step)->process(std::move(batch), out);
}

void Chain::finish() {
  for (std::size_t step = first_; step < last_; step++)
    if (Stage* const stage = pipeline_->stage(step))
      run(step, [stage](Output& out) { stage->finish(out); });
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

void note_step(std::span<Reject> rejects, std::size_t step) {
  for (Reject& reject : rejects) reject.step = static_cast<std::uint32_t>(step);
}

void note_arrivals(const Batch& batch, std::size_t step, Effects& effects) {
  const auto number = static_cast<std::uint32_t>(step);
  if (!batch.origin.positions && !batch.rows.empty())
    effects.arrivals.push_back({batch.origin.where, number, batch.rows.size()});
  else
    for (const Row row : batch.rows)
      effects.arrivals.push_back({batch.origin.positions[row], number, 1});
}

void cut_off(Batch& batch, Position at) {
  std::erase_if(batch.rows, [&](Row row) { return batch.position(row) >= at; });
  batch.progress.cut_off(at, batch.origin, batch.size, *batch.memory);
}

}  // namespace riffle
