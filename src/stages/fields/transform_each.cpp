#include "stages/fields/transform_each.h"

#include <string>
#include <utility>
#include <vector>

#include "expression/check.h"
#include "expression/row_lambda.h"
#include "records/member_pattern.h"
#include "stages/fields/record_maker.h"

namespace riffle {
namespace {

class TransformEach : public RecordStage {
 public:
  TransformEach(std::vector<std::string> patterns, ExpressionPtr body, RecordMaker records)
      : patterns_(std::move(patterns)), body_(std::move(body)), records_(std::move(records)) {}

  Batch apply(Batch batch, Effects& effects, const HandOn&) const override {
    const std::vector<std::string_view> patterns(patterns_.begin(), patterns_.end());
    Evaluation evaluation{batch, effects};
    records_.make(batch, [&](Row row, std::vector<Member>& record) {
      const RowLambda lambda(*body_, evaluation, row);
      record = with_taken_changed(patterns, record, *batch.memory, [&](const Value& value) {
        const Value made = lambda({&value, 1});
        return made.is_missing() ? null_value() : made;
      });
    });
    return batch;
  }

 private:
  std::vector<std::string> patterns_;
  ExpressionPtr body_;
  RecordMaker records_;
};

}  // namespace

Planned make_transform_each(Setup& setup) {
  ExpressionPtr body = bind_lambda(setup.arguments.expression("LAMBDA"),
                                   setup.arguments.source("LAMBDA"), setup.binding);
  std::vector<std::string> patterns;
  for (const Item& item : setup.arguments.items("--each")) {
    patterns.push_back(item.name.literal);
    if (item.pattern)
      setup.shape.watch(item.name);
    else
      setup.shape.find(item.name);
  }
  return std::make_unique<TransformEach>(std::move(patterns), std::move(body),
                                         RecordMaker(setup.shape));
}

}  // namespace riffle
