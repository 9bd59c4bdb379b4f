// RowLambda: the body of a lambda for one row of a batch. Its nodes work on a batch of that row
// alone, so that what they make is small however many values it is called for.
#pragma once

#include "expression/expression.h"
#include "functions/lambda.h"
#include "values/stop_request.h"

namespace riffle {

class RowLambda : public Lambda {
 public:
  // `body` and `outer` outlive this.
  RowLambda(const Expression& body, Evaluation& outer, Row row, bool changes_alone = false)
      : body_(body),
        outer_(outer),
        batch_(single_row(outer.batch, row)),
        changes_alone_(changes_alone) {}

  Value operator()(std::span<const Value> arguments) const override {
    StopRequest::check();
    const Frame frame{arguments, outer_.frame};
    Evaluation evaluation{batch_, outer_.effects, outer_.counted, &frame};
    return body_.evaluate(evaluation, batch_.rows)[0];
  }
  bool changes_alone() const override { return changes_alone_; }

 private:
  const Expression& body_;
  Evaluation& outer_;
  mutable Batch batch_;
  bool changes_alone_;
};

}  // namespace riffle
