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

using One = OwnedState<Aggregate>;

// The last records, each a state of the aggregate, as two stacks (Tangwongsan, Hirzel, Schneider,
// Wu: "General incremental sliding-window aggregation", 2015): of the first `merged` each has
// gathered what stands from it up to the last of them; `rest` has gathered those after. Nothing is
// ever subtracted, and a record costs two merges or so, however many are looked at.
struct Recent {
  explicit Recent(const Aggregate& aggregate) : rest(aggregate) {}

  std::size_t held_by_records(const Aggregate& aggregate) const {
    std::size_t bytes = 0;
    for (const One& record : records) bytes += aggregate.held(record.at());
    return bytes;
  }

  std::deque<One> records;
  std::size_t merged = 0;
  One rest;
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
    One newest(*aggregate_);
    const Row row = 0;
    const Column argument = {&call[0], 0};
    std::byte* const to = newest.at();
    std::vector<Row> refused;
    aggregate_->add({none_, {&row, 1}, {&to, 1}, 0, {&argument, 1}, refused});
    if (!refused.empty()) return call.fail();
    if (last.records.size() == count_) forget_oldest(last);
    aggregate_->merge(last.rest.at(), newest.at());
    last.held += aggregate_->held(newest.at());
    last.records.push_back(std::move(newest));
    return result(last, call);
  }

  bool holds_more() const override { return true; }
  std::size_t held(const std::byte* state) const override {
    const Recent& last = *std::launder(reinterpret_cast<const Recent*>(state));
    constexpr std::size_t empty_deque = 576;
    if (last.records.empty()) return 0;
    return empty_deque + last.held + (last.records.size() + 1) * (aggregate_->size() + sizeof(One));
  }
  void save(const std::byte* state, StateWriter& to) const override {
    const Recent& last = *std::launder(reinterpret_cast<const Recent*>(state));
    to.count(last.records.size());
    for (const One& record : last.records) record.save(to);
    to.count(last.merged);
    last.rest.save(to);
    to.number(last.has_value);
    to.number(last.durations);
  }
  void load(std::byte* state, StateReader& from) const override {
    Recent& last = recent(state);
    for (std::size_t left = from.count(); left > 0; left--)
      last.records.emplace_back(*aggregate_).load(from);
    last.merged = from.number<std::uint64_t>();
    if (last.records.size() > count_ || last.merged > last.records.size())
      throw StateReader::damaged();
    last.rest.load(from);
    last.held = last.held_by_records(*aggregate_);
    last.has_value = from.number<bool>();
    last.durations = from.number<bool>();
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

  void forget_oldest(Recent& last) const {
    if (last.merged == 0) {
      for (std::size_t i = last.records.size() - 1; i-- > 0;)
        aggregate_->merge(last.records[i].at(), last.records[i + 1].at());
      last.merged = last.records.size();
      last.rest.clear();
      last.held = last.held_by_records(*aggregate_);
    }
    last.held -= aggregate_->held(last.records.front().at());
    last.records.pop_front();
    last.merged--;
  }

  Value result(Recent& last, FunctionCall& call) const {
    if (last.merged == 0) return aggregate_->result(last.rest.at(), call.memory, call.failed);
    One all(*aggregate_);
    aggregate_->merge(all.at(), last.records.front().at());
    aggregate_->merge(all.at(), last.rest.at());
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
