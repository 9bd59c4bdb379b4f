// Over all records so far: running_sum, running_count, row_number, ewma.
#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "aggregates/aggregate.h"
#include "functions/arguments.h"
#include "records/batch.h"
#include "sequences/rows.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

// A sum would not come back from it.
bool is_beyond_reals(const Value& value) {
  return !number_of(value).is_missing() && finite_number_of(value).is_missing();
}

// What an aggregate says after each record.
class Running : public Sequence {
 public:
  explicit Running(std::string_view aggregate)
      : aggregate_(find_aggregate(aggregate)->make(aggregate, {})), adds_(aggregate == "sum") {}

  std::size_t size() const override { return aggregate_->size(); }
  void start(std::byte* state) const override { aggregate_->start(state); }
  void stop(std::byte* state) const override { aggregate_->stop(state); }

  Value next(std::byte* state, FunctionCall& call) const override {
    const Row row = 0;
    Column argument;
    if (call.size() > 0) argument = {&call[0], 0};
    if (adds_ && is_beyond_reals(call[0])) return call.fail();
    std::vector<Row> refused;
    aggregate_->add({none_, {&row, 1}, {&state, 1}, 0, {&argument, call.size()}, refused});
    return refused.empty() ? aggregate_->result(state, call.memory, call.failed) : call.fail();
  }
  void save(const std::byte* state, StateWriter& to) const override { aggregate_->save(state, to); }
  void load(std::byte* state, StateReader& from) const override { aggregate_->load(state, from); }
  bool holds_more() const override { return aggregate_->holds_more(); }
  std::size_t held(const std::byte* state) const override { return aggregate_->held(state); }

 private:
  std::unique_ptr<const Aggregate> aggregate_;
  bool adds_;
  Batch none_;  // a column of one value stands for the record's
};

// The number that an average takes; nothing: it is none.
std::optional<double> number_in(const Value& value) {
  const Value number = finite_number_of(value);
  if (number.is_missing()) return std::nullopt;
  return as_real(number);
}

struct Average {
  bool is_set = false;
  double value = 0;
};

// Each new x weighs the same, as in Miller's `step -a ewma`; the first is the average to begin
// with.
class AverageByRecords : public SequenceOf<AverageByRecords, Average> {
 public:
  explicit AverageByRecords(double halflife) : weight_(1 - std::exp2(-1 / halflife)) {}

  Value next_value(Average& average, FunctionCall& call) const {
    if (!is_nothing(call[0])) {
      const auto x = number_in(call[0]);
      if (!x) return call.fail();
      average.value = average.is_set ? weight_ * *x + (1 - weight_) * average.value : *x;
      average.is_set = true;
    }
    return average.is_set ? real_value(average.value) : null_value();
  }
  void save_state(const Average& average, StateWriter& to) const {
    to.number(average.is_set);
    to.number(average.value);
  }
  void load_state(Average& average, StateReader& from) const {
    average.is_set = from.number<bool>();
    average.value = from.number<double>();
  }

 private:
  double weight_;
};

struct Weighted {
  double sum = 0, weights = 0;  // as of `time`
  std::int64_t time = 0;        // the greatest so far
};

// The mean of all x, each weighing half as much for every halflife that lies between its time and
// the greatest one (pandas' ewm(halflife, times)): records of one time weigh the same, and one that
// comes late weighs by its time.
class AverageByTime : public SequenceOf<AverageByTime, Weighted> {
 public:
  explicit AverageByTime(std::int64_t halflife) : halflife_(static_cast<double>(halflife)) {}

  Value next_value(Weighted& weighted, FunctionCall& call) const {
    if (!is_nothing(call[0]) && !is_nothing(call[1])) {
      const auto x = number_in(call[0]);
      const auto time = time_argument(call, 1);
      if (!x || !time) return call.fail();
      add(weighted, *x, *time);
    }
    return weighted.weights > 0 ? real_value(weighted.sum / weighted.weights) : null_value();
  }
  void save_state(const Weighted& weighted, StateWriter& to) const { to.number(weighted); }
  void load_state(Weighted& weighted, StateReader& from) const {
    weighted = from.number<Weighted>();
  }

 private:
  void add(Weighted& weighted, double x, std::int64_t time) const {
    double weight = 1;
    if (weighted.weights > 0) {
      const double passed = static_cast<double>(time) - static_cast<double>(weighted.time);
      const double part = std::exp2(-std::abs(passed) / halflife_);
      if (time < weighted.time) {
        weight = part;
      } else {
        weighted.sum *= part;
        weighted.weights *= part;
      }
    }
    weighted.time = weighted.weights > 0 ? std::max(time, weighted.time) : time;
    weighted.sum += weight * x;
    weighted.weights += weight;
  }

  double halflife_;
};

std::unique_ptr<Sequence> make_ewma(std::size_t arguments, const Value& constant) {
  if (constant.kind == Kind::duration) {
    if (arguments < 3)
      throw std::invalid_argument("a halflife of time needs the records' times: ewma(x, 5m, ts)");
    if (constant.integer <= 0) throw std::invalid_argument("the halflife must be more than 0");
    return std::make_unique<AverageByTime>(constant.integer);
  }
  const auto halflife = number_in(constant);
  if (!halflife || *halflife <= 0)
    throw std::invalid_argument(
        "the halflife is a number of records or a duration, more than 0: ewma(x, 10), ewma(x, 5m, "
        "ts)");
  if (arguments > 2)
    throw std::invalid_argument(
        "a halflife of records needs no times; one of time is a duration: ewma(x, 5m, ts)");
  return std::make_unique<AverageByRecords>(*halflife);
}

}  // namespace

std::vector<SequenceFunction> running_sequences() {
  std::vector<SequenceFunction> rows(4);
  SequenceFunction& sum = rows[0];
  sum.name = "running_sum";
  sum.usage = "running_sum(x)";
  sum.summary =
      "the sum of x so far: numbers or durations; exact for integers, and an overflow past 64 bits "
      "is an error";
  sum.nulls = "a null x adds nothing: the sum so far, null before the first value";
  sum.examples = {{"running_sum(x)", "[1, 2, null, 4]", "[1, 3, 3, 7]"},
                  {"running_sum(x)", "[null, 0.5, 0.25]", "[null, 0.5, 0.75]"}};
  sum.make = [](std::size_t, const Value&) -> std::unique_ptr<Sequence> {
    return std::make_unique<Running>("sum");
  };

  SequenceFunction& count = rows[1];
  count.name = "running_count";
  count.usage = "running_count([x])";
  count.summary = "the number of records so far, this one included; of those whose x is not null";
  count.nulls = "a null x is not counted";
  count.least = 0;
  count.examples = {{"running_count()", "[5, null, 7]", "[1, 2, 3]"},
                    {"running_count(x)", "[5, null, 7]", "[1, 1, 2]"}};
  count.make = [](std::size_t, const Value&) -> std::unique_ptr<Sequence> {
    return std::make_unique<Running>("count");
  };

  SequenceFunction& number = rows[2];
  number.name = "row_number";
  number.usage = "row_number()";
  number.summary = "the record's number, from 1 on";
  number.nulls = "it has no arguments";
  number.least = number.most = 0;
  number.examples = {{"row_number()", "[5, null, 7]", "[1, 2, 3]"}};
  number.make = count.make;

  SequenceFunction& ewma = rows[3];
  ewma.name = "ewma";
  ewma.usage = "ewma(x, halflife[, ts])";
  ewma.summary =
      "an average in which the past counts for less and less. A halflife of records: each x weighs "
      "1 - 2 ** (-1 / halflife), the average so far the rest. A halflife of time: the mean of all "
      "x so far, each weighing half as much for every halflife between its ts and the greatest";
  ewma.nulls = "a null x or ts changes nothing: the average so far, null before the first value";
  ewma.least = 2;
  ewma.most = 3;
  ewma.constant_argument = 1;
  ewma.examples = {
      {"ewma(x, 1)", "[1, 2, null, 3]", "[1, 1.5, 1.5, 2.25]"},
      {"ewma(x, 10s, ts)", R"([{"x": 1, "ts": 0}, {"x": 4, "ts": 10}, {"x": 4, "ts": 10}])",
       "[1, 3, 3.4]"}};
  ewma.make = make_ewma;
  return rows;
}

}  // namespace riffle
