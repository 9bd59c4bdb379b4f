#include <cmath>

#include "expression/check.h"
#include "expression/failure.h"
#include "stages/fields/fields.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "stages/time/baseline.h"
#include "state/keyed_state.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

struct Bound {
  ExpressionPtr value;
  std::vector<Key> keys;
  const Method* method = nullptr;
  double threshold = 0;
  FieldSetter score, expected, anomaly;
  Holder holder;
};

class Detect : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  explicit Detect(Bound bound)
      : bound_(std::move(bound)), baselines_(bound_.keys.size(), bound_.holder) {}

  void process(Batch batch, Output& out) override {
    Evaluation evaluation{batch, out.effects};
    const Column values = bound_.value->evaluate(evaluation, batch.rows);
    const std::vector<Column> keys = values_of(bound_.keys, batch, out.effects);
    baselines_.find(batch.rows, keys);
    Value* const score = batch.new_values();
    Value* const expected = batch.new_values();
    Value* const anomaly = batch.new_values();
    for (std::size_t i = 0; i < baselines_.found_count(); i++) {
      const Row row = batch.rows[i];
      Baseline& baseline = made(baselines_.found(i));
      const std::optional<Expectation> expectation = baseline.expectation();
      expected[row] = expectation ? real_value(expectation->expected) : null_value();
      score[row] = null_value();
      anomaly[row] = boolean_value(false);
      if (is_nothing(values[row])) continue;
      const Value number = number_of(values[row]);
      const double x = number.is_missing() ? NAN : as_real(number);
      if (!std::isfinite(x)) {
        const Site& site = bound_.value->site();
        evaluation.fail(row, site, [&] { return why_numbers_failed(site, {&values[row], 1}); });
        continue;
      }
      if (expectation) judge(x, *expectation, score[row], anomaly[row]);
      baselines_.let_go(baseline.held());
      baseline.add(x);
      baselines_.hold(baseline.held());
    }
    baselines_.account();
    bound_.score.set(batch, {score});
    bound_.expected.set(batch, {expected});
    bound_.anomaly.set(batch, {anomaly});
    out.emit(std::move(batch));
  }

  void save(StateWriter& to) const override {
    to.begin("detect", 1);
    baselines_.save(to, [](const Made& baseline, StateWriter& one) { baseline->save(one); });
  }
  void load(StateReader& from) override {
    from.begin("detect", 1);
    baselines_.load(from, [this](Made& baseline, StateReader& one) {
      baseline = bound_.method->make();
      baseline->load(one);
      baselines_.hold(baseline->held());
    });
    baselines_.account();
  }

 private:
  using Made = std::unique_ptr<Baseline>;

  Baseline& made(Made& baseline) {
    if (!baseline) {
      baseline = bound_.method->make();
      baselines_.hold(baseline->held());
    }
    return *baseline;
  }

  // Where all earlier values are equal there is no score for another, which is an anomaly all the
  // same.
  void judge(double x, const Expectation& expectation, Value& score, Value& anomaly) const {
    const double distance = x - expectation.expected;
    if (expectation.distance > 0 || distance == 0) {
      const double away = distance == 0 ? 0 : distance / expectation.distance;
      score = real_value(away);
      anomaly = boolean_value(std::abs(away) > bound_.threshold);
    } else {
      anomaly = boolean_value(true);
    }
  }

  Bound bound_;
  KeyedState<Made> baselines_;
};

Planned make(Setup& setup) {
  const Method& method = methods()[setup.arguments.choice("--method")];
  const double threshold = setup.arguments.number("--threshold", method.threshold);
  ExpressionPtr value = setup.bind("EXPR");
  std::vector<Key> keys = keys_of(setup, "--by");
  FieldSetter score(setup.shape, literal_name("score"));
  FieldSetter expected(setup.shape, literal_name("expected"));
  FieldSetter anomaly(setup.shape, literal_name("anomaly"));
  return in_order<Detect>(Bound{std::move(value), std::move(keys), &method, threshold,
                                std::move(score), std::move(expected), std::move(anomaly),
                                setup.holder()});
}

}  // namespace

StageRow detect_row() {
  StageRow row;
  row.name = "detect";
  row.summary = "finds outliers as records go by: adds score, expected and anomaly";
  row.details =
      "Each value is compared with the earlier ones (of its key). score is (value - expected) / "
      "spread, and anomaly is whether it is more than T away from 0. zscore: mean and standard "
      "deviation of all earlier values (T is 3). mad: median of the last 100, and their median "
      "absolute deviation / 0.6745 (T is 3.5; Iglewicz and Hoaglin's modified z-score). ewma: mean "
      "and deviation in which the newest value weighs 0.1, and each older one 0.9 times the next "
      "(T is 3). Before 10 values have come score and expected are null, and anomaly is false. "
      "Where the spread is 0, another value is an anomaly with a null score. Outliers count among "
      "the earlier values like others. Fields of these names are replaced. It goes through all "
      "records in order, windows or not, and holds up to 2 KiB per key.";
  Parameter method{.name = "--method",
                   .kind = Parameter::Kind::choice,
                   .summary = "zscore (the default), mad or ewma"};
  for (const Method& known : methods()) method.choices.push_back(known.name);
  row.add_form({.usage = "detect EXPR [--by KEYS] [--method zscore|mad|ewma] [--threshold T]",
                .parameters = {{"EXPR", Parameter::Kind::expression, "the value, a number", true},
                               {"--by", Parameter::Kind::keys,
                                "names, or NAME = EXPR: each key has values of its own"},
                               method,
                               {"--threshold", Parameter::Kind::number,
                                "the score beyond which a value is an anomaly"}}},
               make);
  std::string_view input =
      "{\"x\":10}\n"
      "{\"x\":12}\n"
      "{\"x\":10}\n"
      "{\"x\":12}\n"
      "{\"x\":10}\n"
      "{\"x\":12}\n"
      "{\"x\":10}\n"
      "{\"x\":12}\n"
      "{\"x\":10}\n"
      "{\"x\":12}\n"
      "{\"x\":31}\n";
  row.examples = {{"detect x --method mad then filter anomaly", input,
                   "{\"x\":31,\"score\":13.49,\"expected\":11,\"anomaly\":true}\n"}};
  return row;
}

}  // namespace riffle
