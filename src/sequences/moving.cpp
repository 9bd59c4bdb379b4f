// Over the last n records, this one included: moving_avg, moving_min, moving_max.
#include <deque>
#include <stdexcept>

#include "aggregates/aggregate.h"
#include "functions/arguments.h"
#include "records/batch.h"
#include "sequences/rows.h"
#include "values/decode.h"

namespace riffle {
namespace {

// One accumulator of an aggregate.
class Accumulator {
 public:
  explicit Accumulator(const Aggregate& aggregate)
      : aggregate_(&aggregate),
        bytes_(std::make_unique<std::uint64_t[]>((aggregate.size() + 7) / 8)) {
    aggregate_->start(at());
  }
  Accumulator(Accumulator&&) noexcept = default;
  Accumulator& operator=(Accumulator&&) = delete;
  ~Accumulator() {
    if (bytes_) aggregate_->stop(at());
  }

  std::byte* at() { return reinterpret_cast<std::byte*>(bytes_.get()); }
  std::size_t held() { return aggregate_->holds_more() ? aggregate_->held(at()) : 0; }
  void merge(Accumulator& other) { aggregate_->merge(at(), other.at()); }
  void clear() {
    aggregate_->stop(at());
    aggregate_->start(at());
  }

 private:
  const Aggregate* aggregate_;
  std::unique_ptr<std::uint64_t[]> bytes_;
};

// The last records, each an accumulator, as two stacks (Tangwongsan, Hirzel, Schneider, Wu:
// "General incremental sliding-window aggregation", 2015): of the first `merged` each has gathered
// what stands from it up to the last of them; `rest` has gathered those after. Nothing is ever
// subtracted, and a record costs two merges or so, however many are looked at.
struct Recent {
  explicit Recent(const Aggregate& aggregate) : rest(aggregate) {}

  std::deque<Accumulator> records;
  std::size_t merged = 0;
  Accumulator rest;
  std::size_t held = 0;  // elsewhere, by `records`
  bool has_value = false, durations = false;
};

class Moving : public Sequence {
 public:
  Moving(std::string_view aggregate, std::size_t count)
      : aggregate_(find_aggregate(aggregate)->make(aggregate, {})),
        count_(count),
        adds_(aggregate == "avg") {}

  std::size_t size() const override { return sizeof(Recent); }
  void start(std::byte* state) const override { new (state) Recent(*aggregate_); }
  void stop(std::byte* state) const override { recent(state).~Recent(); }

  Value next(std::byte* state, FunctionCall& call) const override {
    Recent& last = recent(state);
    if (!may_join(last, call[0])) return call.fail();
    Accumulator newest(*aggregate_);
    const Row row = 0;
    const Column argument = {&call[0], 0};
    std::byte* const to = newest.at();
    std::vector<Row> refused;
    aggregate_->add({none_, {&row, 1}, {&to, 1}, 0, {&argument, 1}, refused});
    if (!refused.empty()) return call.fail();
    if (last.records.size() == count_) forget_oldest(last);
    last.rest.merge(newest);
    last.held += newest.held();
    last.records.push_back(std::move(newest));
    return result(last, call);
  }

  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* state) const override {
    const Recent& last = *std::launder(reinterpret_cast<const Recent*>(state));
    constexpr std::size_t empty_deque = 576;
    if (last.records.empty()) return 0;
    return empty_deque + last.held +
           (last.records.size() + 1) * (aggregate_->size() + sizeof(Accumulator));
  }

 private:
  static Recent& recent(std::byte* state) {
    return *std::launder(reinterpret_cast<Recent*>(state));
  }

  // Durations and numbers have no sum: what came first decides.
  bool may_join(Recent& last, const Value& value) const {
    if (!adds_ || is_nothing(value)) return true;
    const bool is_duration = value.kind == Kind::duration;
    if (!is_duration && finite_number_of(value).is_missing()) return false;
    if (last.has_value) return is_duration == last.durations;
    last.has_value = true;
    last.durations = is_duration;
    return true;
  }

  static void forget_oldest(Recent& last) {
    if (last.merged == 0) {
      for (std::size_t i = last.records.size() - 1; i-- > 0;)
        last.records[i].merge(last.records[i + 1]);
      last.merged = last.records.size();
      last.rest.clear();
      last.held = 0;
      for (Accumulator& record : last.records) last.held += record.held();
    }
    last.held -= last.records.front().held();
    last.records.pop_front();
    last.merged--;
  }

  Value result(Recent& last, FunctionCall& call) const {
    if (last.merged == 0) return aggregate_->result(last.rest.at(), call.memory, call.failed);
    Accumulator all(*aggregate_);
    all.merge(last.records.front());
    all.merge(last.rest);
    return aggregate_->result(all.at(), call.memory, call.failed);
  }

  std::unique_ptr<const Aggregate> aggregate_;
  std::size_t count_;
  bool adds_;
  Batch none_;  // a column of one value stands for the record's
};

std::unique_ptr<Sequence> make_moving(std::string_view aggregate, const Value& constant) {
  const auto count = whole_number_of(constant);
  if (!count || *count < 1)
    throw std::invalid_argument(
        "n is how many records to look at, this one included: a whole number from 1 on");
  return std::make_unique<Moving>(aggregate, static_cast<std::size_t>(*count));
}

SequenceFunction row(std::string_view usage, decltype(SequenceFunction::make) maker,
                     std::string_view summary, std::vector<SequenceExample> examples) {
  SequenceFunction f;
  f.name = usage.substr(0, usage.find('('));
  f.usage = usage;
  f.summary = summary;
  f.nulls = "a null x counts as a record, and is not looked at; null where all are";
  f.least = f.most = 2;
  f.constant_argument = 1;
  f.examples = std::move(examples);
  f.make = maker;
  return f;
}

}  // namespace

std::vector<SequenceFunction> moving_sequences() {
  return {
      row("moving_avg(x, n)", [](std::size_t, const Value& n) { return make_moving("avg", n); },
          "the mean of x over the last n records, or as many as there are: numbers or durations",
          {{"moving_avg(x, 3)", "[1, 2, 6, 10]", "[1, 1.5, 3, 6]"},
           {"moving_avg(x, 2)", "[1, null, null, 4]", "[1, 1, null, 4]"}}),
      row("moving_min(x, n)", [](std::size_t, const Value& n) { return make_moving("min", n); },
          "the least x of the last n records, or as many as there are, in the order of sort",
          {{"moving_min(x, 2)", "[3, 1.50, 2, 7]", "[3, 1.50, 1.50, 2]"}}),
      row("moving_max(x, n)", [](std::size_t, const Value& n) { return make_moving("max", n); },
          "the greatest x of the last n records, or as many as there are, in the order of sort",
          {{"moving_max(x, 2)", "[3, 1, null, 2]", "[3, 3, 1, 2]"}}),
  };
}

}  // namespace riffle
