#include <cmath>

#include "expression/check.h"
#include "expression/failure.h"
#include "stages/fields/fields.h"
#include "stages/fields/transform_each.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/keyed_state.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Change {
  std::vector<SequenceCall> calls;  // in `value`, whose columns are filled first
  ExpressionPtr value;
  FieldSetter field;
};

class Transform : public RecordStage {
 public:
  explicit Transform(std::vector<Change> changes) : changes_(std::move(changes)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    for (const Change& change : changes_) {
      Evaluation evaluation{batch, effects};
      change.field.set(batch, change.value->evaluate(evaluation, batch.rows));
    }
    return batch;
  }

 private:
  std::vector<Change> changes_;
};

// A transform that sees the earlier records.
class TransformInOrder : public Stage {
 public:
  static constexpr Holds holds = Holds::in_memory;

  TransformInOrder(std::vector<Change> changes, std::vector<Key> keys, const Settings& settings,
                   const Holder& holder)
      : changes_(std::move(changes)),
        keys_(std::move(keys)),
        states_(states_of(changes_)),
        keyed_(keys_.size(),
               Groups::Blocks{states_.size(), [this](std::byte* block) { states_.start(block); },
                              [this](std::byte* block) { states_.stop(block); }},
               holder),
        settings_(settings) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return out.emit(std::move(batch));
    const std::vector<Column> keys = values_of(keys_, batch, out.effects);
    keyed_.find(batch.rows, keys);
    std::size_t offset = 0;
    for (const Change& change : changes_) {
      for (const SequenceCall& call : change.calls) {
        fill(call, offset, batch, out.effects);
        offset += AccumulatorBlocks::room_for(*call.sequence);
      }
      Evaluation evaluation{batch, out.effects};
      change.field.set(batch, change.value->evaluate(evaluation, batch.rows));
    }
    keyed_.account();
    out.emit(std::move(batch));
  }

  void save(StateWriter& to) const override {
    to.begin("transform", 1);
    keyed_.save(to, [this](const std::byte* block, StateWriter& one) { states_.save(block, one); });
  }
  void load(StateReader& from) override {
    from.begin("transform", 1);
    keyed_.load(from, [this](std::byte* block, StateReader& one) {
      states_.load(block, one);
      keyed_.hold(states_.held(block));
    });
    keyed_.account();
  }

 private:
  static AccumulatorBlocks states_of(const std::vector<Change>& changes) {
    AccumulatorBlocks states;
    for (const Change& change : changes)
      for (const SequenceCall& call : change.calls) states.add(*call.sequence);
    return states;
  }

  // `offset`: of the call's state in its key's block.
  void fill(const SequenceCall& call, std::size_t offset, Batch& batch, Effects& effects) {
    Evaluation evaluation{batch, effects, call.counted};
    const std::vector<Column> columns = evaluate(call.arguments, evaluation, batch.rows);
    std::vector<Value> arguments(columns.size());
    Value* const values = batch.new_values();
    const bool holds_more = call.sequence->holds_more();
    for (std::size_t i = 0; i < batch.rows.size(); i++) {
      const Row row = batch.rows[i];
      for (std::size_t a = 0; a < columns.size(); a++) arguments[a] = columns[a][row];
      FunctionCall of_record{arguments, *batch.memory, settings_};
      std::byte* const state = keyed_.found()[i] + offset;
      if (holds_more) keyed_.let_go(call.sequence->held(state));
      values[row] = call.sequence->next(state, of_record);
      if (holds_more) keyed_.hold(call.sequence->held(state));
      const bool failed =
          of_record.failed || (values[row].kind == Kind::real && !std::isfinite(values[row].real));
      if (failed)
        values[row] = evaluation.fail(row, call.site, [&] {
          return why_call_failed(call.site, call.function->usage, "number", "", arguments);
        });
    }
    batch.columns[static_cast<std::size_t>(call.slot)] = {values};
  }

  std::vector<Change> changes_;
  std::vector<Key> keys_;
  AccumulatorBlocks states_;  // of all calls for one key
  KeyedBlocks keyed_;
  const Settings& settings_;
};

Planned make(Setup& setup) {
  const auto& text = setup.arguments.source("ASSIGNMENTS");
  std::vector<Key> keys = keys_of(setup, "--by");
  std::vector<Change> changes;
  bool looks_back = false;
  for (const Assignment& assignment : setup.arguments.assignments("ASSIGNMENTS")) {
    std::vector<SequenceCall> calls;
    ExpressionPtr value = bind_over_sequences(*assignment.value, text, setup.binding, calls);
    looks_back = looks_back || !calls.empty();
    changes.push_back(
        {std::move(calls), std::move(value), FieldSetter(setup.shape, assignment.name)});
  }
  if (looks_back) {
    return in_order<TransformInOrder>(std::move(changes), std::move(keys),
                                      std::cref(setup.settings), setup.holder());
  }
  if (!keys.empty())
    throw usage_error(
        "transform: --by says whose earlier records lag(), delta() and their like see, and none of "
        "them is called here");
  return std::make_unique<Transform>(std::move(changes));
}

}  // namespace

StageRow transform_row() {
  StageRow row;
  row.name = "transform";
  row.summary = "adds or replaces fields, from left to right";
  row.details =
      "NAME may be a path: user.name = ... sets it inside user. Assigning a missing value adds no "
      "field, and leaves one that is there. Sequence functions (lag, delta, running_sum, ...) see "
      "the earlier records, of the same key with --by, in the order in which they come. --each "
      "gives "
      "every field that is named, or that a pattern takes, what EXPR makes of its value, x; other "
      "names in it are fields of the record as it came.";
  row.add_form(
      {.usage = "transform 'NAME = EXPR, ...' [--by KEYS]",
       .parameters = {{"ASSIGNMENTS", Parameter::Kind::assignments,
                       "NAME = EXPR, with commas between several", true},
                      {"--by", Parameter::Kind::keys,
                       "names, or NAME = EXPR: whose earlier records a sequence function sees"}}},
      make);
  row.add_form({.usage = "transform --each FIELD,... 'x -> EXPR'",
                .parameters = {{"LAMBDA", Parameter::Kind::lambda,
                                "the new value, from the old one: x -> trim(x)", true},
                               {"--each", Parameter::Kind::names,
                                "names or patterns, with commas between several", true}},
                .flag = "--each"},
               make_transform_each);
  row.examples = {{"transform 'ms = latency * 1000, slow = ms > 250'",
                   "{\"latency\":0.3}\n{\"latency\":0.02,\"ms\":0}\n",
                   "{\"latency\":0.3,\"ms\":300,\"slow\":true}\n"
                   "{\"latency\":0.02,\"ms\":20,\"slow\":false}\n"},
                  {"transform 'sent = counter_increase(total), n = row_number()' --by host",
                   "{\"host\":\"a\",\"total\":10}\n"
                   "{\"host\":\"b\",\"total\":5}\n"
                   "{\"host\":\"a\",\"total\":17}\n",
                   "{\"host\":\"a\",\"total\":10,\"sent\":null,\"n\":1}\n"
                   "{\"host\":\"b\",\"total\":5,\"sent\":null,\"n\":1}\n"
                   "{\"host\":\"a\",\"total\":17,\"sent\":7,\"n\":2}\n"},
                  {"transform --each 'cpu_*' 'x -> round(100 * x / total)'",
                   "{\"cpu_user\":30,\"cpu_idle\":90,\"total\":120}\n",
                   "{\"cpu_user\":25,\"cpu_idle\":75,\"total\":120}\n"}};
  row.elsewhere = {"put",    "mutate", "map",          "extend",  "eval",
                   "derive", "assign", "with_columns", "compute", "step"};
  return row;
}

}  // namespace riffle
