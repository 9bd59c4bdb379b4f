#include "engine/input/merge.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "records/record.h"
#include "stages/null_output.h"

namespace riffle {
namespace {

class Merge {
 public:
  Merge(const Worker::Context& context, Inputs& inputs, Sequencer& sequencer)
      : context_(context),
        inputs_(inputs),
        sequencer_(sequencer),
        worker_(context),
        sources_(context.job.inputs.size()) {
    for (std::uint32_t i = 0; i < sources_.size(); i++) sources_[i].input = i;
  }

  void run() {
    for (Source& source : sources_) {
      refill(source);
      // Its header, and its first record's names, whoever's record is the first, and wherever
      // blocks end.
      if (wants_more_ && source.reader) hand_over(source, {});
    }
    while (wants_more_) {
      Source* const first = least(nullptr);
      if (!first) return;
      take_from(*first, least(first));
    }
  }

 private:
  // An input, and its current batch.
  struct Source {
    std::uint32_t input = 0;
    bool has_ended = false;
    std::unique_ptr<RecordReader> reader;
    Batch batch;
    std::vector<std::int64_t> times;           // of the living rows
    std::size_t next = 0;                      // of these
    std::vector<Reject> rejects;               // not yet told, the last one first
    InputStatus status = InputStatus::active;  // the same

    std::tuple<std::int64_t, std::uint32_t> place() const { return {times[next], input}; }
  };

  Source* least(const Source* but) {
    Source* least = nullptr;
    for (Source& source : sources_)
      if (&source != but && source.next < source.times.size() &&
          (!least || source.place() < least->place()))
        least = &source;
    return least;
  }

  // Its records up to the first of another one's.
  void take_from(Source& source, const Source* other) {
    const std::size_t begin = source.next;
    while (source.next < source.times.size() && (!other || source.place() < other->place()))
      source.next++;
    const std::span<const Row> rows =
        std::span(source.batch.rows).subspan(begin, source.next - begin);
    hand_over(source, rows);
    if (source.next == source.times.size()) refill(source);
  }

  // The next batch that has records.
  void refill(Source& source) {
    while (wants_more_ && source.next == source.times.size() && !source.has_ended) {
      const auto block = std::make_shared<Block>();
      if (!inputs_.next_of(source.input, *block)) {
        source.has_ended = true;
        source.times.clear();
        source.next = 0;
        return;
      }
      read(source, block);
      if (source.times.empty() || has_reject_before_next(source)) hand_over(source, {});
    }
  }

  void read(Source& source, const std::shared_ptr<const Block>& block) {
    if (!source.reader)
      source.reader =
          inputs_.format_of(*block).make_reader(context_.job.input_options, context_.plan.source);
    Effects effects;
    source.batch = source.reader->read(block, effects);
    source.status = block->status;
    const EventTimes& merge = *context_.plan.merge;
    const Column values = merge.evaluate(source.batch, effects);
    source.times.clear();
    source.next = 0;
    std::erase_if(source.batch.rows, [&](Row row) {
      const auto time = merge.time_of(source.batch, row, values[row], effects);
      if (time) source.times.push_back(*time);
      return !time;
    });
    errors_.take(effects);
    source.rejects = std::exchange(errors_.rejects, {});
    std::stable_sort(source.rejects.begin(), source.rejects.end(),
                     [](const Reject& a, const Reject& b) { return a.position > b.position; });
  }

  static bool has_reject_before_next(const Source& source) {
    if (source.rejects.empty()) return false;
    return source.next == source.times.size() ||
           source.rejects.back().position <
               source.batch.origin.positions[source.batch.rows[source.next]];
  }

  // A run of records of one input, and what is wrong between them and after them, up to its next
  // record.
  void hand_over(Source& source, std::span<const Row> rows) {
    turn_ = std::min(turn_ + 1, UINT32_MAX - 1);
    Work work;
    work.input = source.input;
    work.status = std::exchange(source.status, InputStatus::active);
    Batch batch = picked(source.batch, rows);
    auto* const positions = batch.memory->allocate<Position>(rows.size());
    for (std::size_t i = 0; i < rows.size(); i++)
      (positions[i] = batch.origin.positions[i]).turn = turn_;
    batch.origin.positions = positions;
    batch.origin.where.turn = turn_;
    while (has_reject_before_next(source)) {
      work.effects.rejects.push_back(std::move(source.rejects.back()));
      work.effects.rejects.back().position.turn = turn_;
      source.rejects.pop_back();
    }
    for (EvaluationError& error : errors_.errors) error.position.turn = turn_;
    work.effects.take(errors_);
    work.flush = source.next == source.times.size() && inputs_.may_wait_for(source.input);
    const auto accept = [this](Work piece) { return sequencer_.accept(std::move(piece)); };
    std::optional<Work> done = worker_.work_on(std::move(batch), std::move(work), accept);
    wants_more_ = done && accept(*std::move(done));
  }

  const Worker::Context& context_;
  Inputs& inputs_;
  Sequencer& sequencer_;
  Worker worker_;
  std::vector<Source> sources_;
  Effects errors_;  // of reading times, not yet told
  std::uint32_t turn_ = 0;
  bool wants_more_ = true;
};

}  // namespace

void read_merged(const Worker::Context& context, Inputs& inputs, Sequencer& sequencer) {
  Merge(context, inputs, sequencer).run();
}

}  // namespace riffle
