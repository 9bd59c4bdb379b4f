// Calls of functions, and the lambdas among their arguments.
#include <array>
#include <cmath>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "expression/row_lambda.h"
#include "functions/lambda_scope.h"
#include "values/decode.h"

namespace riffle {
namespace {

class CallExpression : public Expression {
 public:
  CallExpression(const Function& function, std::vector<ExpressionPtr> arguments,
                 ExpressionPtr lambda, bool changes_alone, std::shared_ptr<const void> prepared,
                 const Settings& settings, Site site)
      : Expression(std::move(site)),
        function_(function),
        arguments_(std::move(arguments)),
        lambda_(std::move(lambda)),
        changes_alone_(changes_alone),
        prepared_(std::move(prepared)),
        settings_(settings) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const std::vector<Column> columns = arguments_for(evaluation, rows);
    std::vector<Value> arguments(columns.size());
    return computed(evaluation, rows, [&](Row row) {
      bool has_null = false;
      for (std::size_t i = 0; i < columns.size(); i++) {
        arguments[i] = columns[i][row];
        has_null = has_null || (is_nothing(arguments[i]) &&
                                !(lambda_ && static_cast<int>(i) == function_.lambda_argument));
      }
      if (has_null && !function_.takes_null) return null_value();
      return answer(evaluation, row, arguments);
    });
  }

 private:
  std::vector<Column> arguments_for(Evaluation& evaluation, std::span<const Row> rows) const {
    Evaluation handled = evaluation;
    handled.counted = false;
    std::vector<Column> columns;
    columns.reserve(arguments_.size());
    for (const ExpressionPtr& argument : arguments_) {
      const bool counted = !function_.handles_failures || &argument == &arguments_.back();
      columns.push_back(argument->evaluate(counted ? evaluation : handled, rows));
    }
    return columns;
  }

  Value answer(Evaluation& evaluation, Row row, std::span<const Value> arguments) const {
    FunctionCall call{arguments,       evaluation.memory(), settings_,
                      prepared_.get(), &evaluation.batch,   row};
    Value value;
    if (lambda_) {
      const LambdaScope scope;
      RowLambda lambda(*lambda_, evaluation, row, changes_alone_);
      call.lambda = &lambda;
      value = function_.call(call);
    } else {
      value = function_.call(call);
    }
    const bool failed = call.failed || (value.kind == Kind::real && !std::isfinite(value.real));
    if (!failed) return value;
    return evaluation.fail(row, site(), [&] {
      return why_call_failed(site(), function_.usage, function_.family, function_.hint, arguments);
    });
  }

  const Function& function_;
  std::vector<ExpressionPtr> arguments_;
  ExpressionPtr lambda_;
  bool changes_alone_;
  std::shared_ptr<const void> prepared_;
  const Settings& settings_;
};

}  // namespace

ExpressionPtr make_call(const Function& function, std::vector<ExpressionPtr> arguments,
                        ExpressionPtr lambda, bool changes_alone,
                        std::shared_ptr<const void> prepared, const Settings& settings, Site site) {
  return std::make_shared<CallExpression>(function, std::move(arguments), std::move(lambda),
                                          changes_alone, std::move(prepared), settings,
                                          std::move(site));
}

}  // namespace riffle
