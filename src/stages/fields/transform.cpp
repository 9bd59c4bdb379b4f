#include <cmath>

#include "expression/check.h"
#include "expression/failure.h"
#include "stages/fields/fields.h"
#include "stages/keys.h"
#include "stages/rows.h"
#include "state/groups.h"
#include "values/error.h"

namespace riffle {
namespace {

struct Change {
  std::vector<SequenceCall> calls;  // in `value`, whose columns are filled first
  ExpressionPtr value;
  FieldSetter field;
};

class Transform : public Stage {
 public:
  explicit Transform(std::vector<Change> changes) : changes_(std::move(changes)) {}

  void process(Batch batch, Output& out) override {
    for (const Change& change : changes_) {
      Evaluation evaluation{batch, out.effects};
      change.field.set(batch, change.value->evaluate(evaluation, batch.rows));
    }
    out.emit(std::move(batch));
  }

 private:
  std::vector<Change> changes_;
};

// The states of all calls for one key, side by side.
class States {
 public:
  explicit States(const std::vector<Change>& changes) {
    for (const Change& change : changes)
      for (const SequenceCall& call : change.calls) {
        sequences_.emplace_back(call.sequence.get(), size_);
        size_ += (call.sequence->size() + 7) / 8 * 8;
      }
  }

  std::size_t size() const { return size_; }
  std::size_t offset_of(const SequenceCall& call) const {
    for (const auto& [sequence, offset] : sequences_)
      if (sequence == call.sequence.get()) return offset;
    return 0;
  }
  Groups::Visit start() const {
    return [all = sequences_](std::byte* block) {
      for (const auto& [sequence, offset] : all) sequence->start(block + offset);
    };
  }
  Groups::Visit stop() const {
    return [all = sequences_](std::byte* block) {
      for (const auto& [sequence, offset] : all) sequence->stop(block + offset);
    };
  }

 private:
  std::vector<std::pair<const Sequence*, std::size_t>> sequences_;
  std::size_t size_ = 0;
};

// A transform that sees the earlier records.
class TransformInOrder : public Stage {
 public:
  TransformInOrder(std::vector<Change> changes, std::vector<Key> keys, const Settings& settings,
                   const Holder& holder)
      : changes_(std::move(changes)),
        keys_(std::move(keys)),
        states_(changes_),
        groups_(keys_.size(), states_.size(), states_.start(), states_.stop()),
        holding_(holder),
        settings_(settings) {}

  void process(Batch batch, Output& out) override {
    if (batch.rows.empty()) return out.emit(std::move(batch));
    const std::vector<Column> keys = values_of(keys_, batch, out.effects);
    blocks_.resize(batch.rows.size());
    groups_.find(batch.rows, keys, blocks_);
    for (const Change& change : changes_) {
      for (const SequenceCall& call : change.calls) fill(call, batch, out.effects);
      Evaluation evaluation{batch, out.effects};
      change.field.set(batch, change.value->evaluate(evaluation, batch.rows));
    }
    holding_.set(groups_.held() + held_elsewhere_);
    out.emit(std::move(batch));
  }

 private:
  void fill(const SequenceCall& call, Batch& batch, Effects& effects) {
    Evaluation evaluation{batch, effects, call.counted};
    const std::vector<Column> columns = evaluate(call.arguments, evaluation, batch.rows);
    std::vector<Value> arguments(columns.size());
    Value* const values = batch.new_values();
    const std::size_t offset = states_.offset_of(call);
    const bool holds_more = call.sequence->holds_more();
    for (std::size_t i = 0; i < batch.rows.size(); i++) {
      const Row row = batch.rows[i];
      for (std::size_t a = 0; a < columns.size(); a++) arguments[a] = columns[a][row];
      FunctionCall of_record{arguments, *batch.memory, settings_};
      std::byte* const state = blocks_[i] + offset;
      if (holds_more) held_elsewhere_ -= call.sequence->held(state);
      values[row] = call.sequence->next(state, of_record);
      if (holds_more) held_elsewhere_ += call.sequence->held(state);
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
  States states_;
  Groups groups_;  // each with the states of the calls
  Holding holding_;
  const Settings& settings_;
  std::size_t held_elsewhere_ = 0;
  std::vector<std::byte*> blocks_;  // of the rows of the batch at hand
};

std::unique_ptr<Stage> make(Setup& setup) {
  const auto& text = setup.arguments.source("ASSIGNMENTS");
  std::vector<Key> keys = keys_of(setup, "--by");
  std::vector<Change> changes;
  bool looks_back = false;
  for (const Assignment& assignment : setup.arguments.assignments("ASSIGNMENTS")) {
    std::vector<SequenceCall> calls;
    ExpressionPtr value =
        bind_over_sequences(*assignment.value, text, setup.shape, setup.settings, calls);
    looks_back = looks_back || !calls.empty();
    changes.push_back(
        {std::move(calls), std::move(value), FieldSetter(setup.shape, assignment.name)});
  }
  if (looks_back) {
    setup.way = Way::in_order;
    return std::make_unique<TransformInOrder>(std::move(changes), std::move(keys), setup.settings,
                                              setup.holder());
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
      "the earlier records, of the same key with --by, in the order in which they come.";
  row.add_form(
      {.usage = "transform 'NAME = EXPR, ...' [--by KEYS]",
       .parameters = {{"ASSIGNMENTS", Parameter::Kind::assignments,
                       "NAME = EXPR, with commas between several", true},
                      {"--by", Parameter::Kind::keys,
                       "names, or NAME = EXPR: whose earlier records a sequence function sees"}}},
      make);
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
                   "{\"host\":\"a\",\"total\":17,\"sent\":7,\"n\":2}\n"}};
  row.elsewhere = {"put", "mutate", "map", "extend", "eval", "derive", "assign"};
  return row;
}

}  // namespace riffle
