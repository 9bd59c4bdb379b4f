#include "expression/check.h"
#include "stages/fields.h"
#include "stages/rows.h"

namespace riffle {
namespace {

struct Change {
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

std::unique_ptr<Stage> make(Setup& setup) {
  const auto text = setup.text("ASSIGNMENTS");
  std::vector<Change> changes;
  for (const Assignment& assignment : parse_assignments(text, false)) {
    ExpressionPtr value = riffle::bind(*assignment.value, text, setup.shape, setup.settings);
    changes.push_back({std::move(value), FieldSetter(setup.shape, assignment.name)});
  }
  return std::make_unique<Transform>(std::move(changes));
}

}  // namespace

StageRow transform_row() {
  StageRow row;
  row.name = "transform";
  row.usage = "transform 'NAME = EXPR, ...'";
  row.summary = "adds or replaces fields, from left to right";
  row.details =
      "NAME may be a path: user.name = ... sets it inside user. Assigning a missing value adds no field, and leaves "
      "one that "
      "is there.";
  row.parameters = {{"ASSIGNMENTS", Parameter::Kind::assignments, "NAME = EXPR, with commas between several", true}};
  row.examples = {{"transform 'ms = latency * 1000, slow = ms > 250'",
                   "{\"latency\":0.3}\n{\"latency\":0.02,\"ms\":0}\n",
                   "{\"latency\":0.3,\"ms\":300,\"slow\":true}\n{\"latency\":0.02,\"ms\":20,\"slow\":false}\n"}};
  row.make = make;
  return row;
}

}  // namespace riffle
