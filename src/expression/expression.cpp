#include "expression/expression.h"

#include "expression/failure.h"
#include "expression/nodes.h"

namespace riffle {
namespace {

Site as_condition(const Site& site) {
  Site truth = site;
  truth.is_condition = true;
  return truth;
}

}  // namespace

Expression::Expression(Site site) : site_(std::move(site)), truth_site_(as_condition(site_)) {}

void Expression::keep_true(Evaluation& evaluation, std::vector<Row>& rows) const {
  const Column column = evaluate(evaluation, rows);
  keep_yes(
      evaluation, rows, truth_site_, [&](Row row) { return truth_of(column[row]); },
      [&](Row row) { return why_condition_failed(site_.expression(), column[row]); });
}

Constant::Constant(const Value& value, Site site)
    : Expression(std::move(site)), value_(deep_copy(value, memory_)) {}

Column Constant::evaluate(Evaluation&, std::span<const Row>) const { return {&value_, 0}; }

const Value* constant_of(const Expression& expression) {
  const auto* constant = dynamic_cast<const Constant*>(&expression);
  return constant ? &constant->value() : nullptr;
}

ExpressionPtr folded(ExpressionPtr node) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.size = 1;
  Effects effects;
  Evaluation evaluation{batch, effects};
  const Row row = 0;
  const Column column = node->evaluate(evaluation, {&row, 1});
  if (!effects.errors.empty()) return node;
  return std::make_shared<Constant>(column[row], node->site());
}

std::vector<Column> evaluate(std::span<const ExpressionPtr> expressions, Evaluation& evaluation,
                             std::span<const Row> rows) {
  std::vector<Column> columns;
  columns.reserve(expressions.size());
  for (const ExpressionPtr& expression : expressions)
    columns.push_back(expression->evaluate(evaluation, rows));
  return columns;
}

std::vector<Column> evaluate(std::span<const ExpressionPtr> expressions, Batch& batch,
                             Effects& effects) {
  Evaluation evaluation{batch, effects};
  return evaluate(expressions, evaluation, batch.rows);
}

}  // namespace riffle
