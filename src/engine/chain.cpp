#include "engine/chain.h"

#include <utility>

namespace riffle {

// The output of one step: the input of the next.
class Chain::Link : public Output {
 public:
  Link(Chain& chain, std::size_t step) : chain_(chain), step_(step) {}

  void emit(Batch batch) override {
    const Step& step = chain_.pipeline_.steps[step_];
    batch.shape = step.shape;
    const auto slots = static_cast<std::size_t>(step.shape->slots().count);
    if (batch.columns.size() < slots) batch.columns.resize(slots);
    if (chain_.limit_) held_.push_back(std::move(batch));
    else chain_.pass(step_ + 1, std::move(batch));
  }
  void stop_after(Position last) override {
    if (!chain_.pipeline_.steps[step_].may_stop) return;
    if (!chain_.stop_ || last < *chain_.stop_) chain_.stop_ = last;
  }
  std::vector<Batch>& held() { return held_; }

 private:
  Chain& chain_;
  std::size_t step_;
  std::vector<Batch> held_;
};

template <typename Work>
void Chain::run(std::size_t step, Work work) {
  Link link(*this, step);
  work(*pipeline_.steps[step].stage, link);
  effects_.take(link.effects);
  if (!limit_) return;
  if (const auto limit = limit_(effects_); limit && (!limited_ || *limit < *limited_)) limited_ = limit;
  for (Batch& batch : link.held()) {
    if (limited_) cut_off(batch, *limited_);
    pass(step + 1, std::move(batch));
  }
}

void Chain::pass(std::size_t step, Batch batch) {
  if (step == last_) end_(std::move(batch));
  else run(step, [&batch](Stage& stage, Output& out) { stage.process(std::move(batch), out); });
}

void Chain::finish() {
  for (std::size_t step = first_; step < last_; step++)
    run(step, [](Stage& stage, Output& out) { stage.finish(out); });
}

Effects Chain::take_effects() { return std::exchange(effects_, {}); }

void cut_off(Batch& batch, Position at) {
  std::erase_if(batch.rows, [&](Row row) { return batch.position(row) >= at; });
}

}  // namespace riffle
