#include "expression/failure.h"
#include "expression/nodes.h"

namespace riffle {
namespace {

// Two 64-bit integers, where the result is one too: what nearly all rows of a computed column are.
bool apply_fast(Arithmetic operation, const Value& a, const Value& b, Value& result) {
  if (a.kind != Kind::integer || b.kind != Kind::integer) return false;
  result.kind = Kind::integer;
  switch (operation) {
    case Arithmetic::add:
      return !__builtin_add_overflow(a.integer, b.integer, &result.integer);
    case Arithmetic::subtract:
      return !__builtin_sub_overflow(a.integer, b.integer, &result.integer);
    case Arithmetic::multiply:
      return !__builtin_mul_overflow(a.integer, b.integer, &result.integer);
    default:
      return false;
  }
}

class Operation : public Expression {
 public:
  Operation(Arithmetic operation, ExpressionPtr left, ExpressionPtr right, Site site)
      : Expression(std::move(site)),
        operation_(operation),
        left_(std::move(left)),
        right_(std::move(right)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column left = left_->evaluate(evaluation, rows),
                 right = right_->evaluate(evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      Value result;
      if (apply_fast(operation_, left[row], right[row], result)) return result;
      const auto outcome = apply(operation_, left[row], right[row], evaluation.memory());
      if (outcome) return *outcome;
      return evaluation.fail(row, site(), [&] {
        return why_arithmetic_failed(site(), operation_, left[row], right[row]);
      });
    });
  }

 private:
  Arithmetic operation_;
  ExpressionPtr left_, right_;
};

class Negative : public Expression {
 public:
  Negative(ExpressionPtr of, Site site) : Expression(std::move(site)), of_(std::move(of)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      const auto outcome = negative(of[row]);
      if (outcome) return *outcome;
      return evaluation.fail(row, site(), [&] { return why_negative_failed(site(), of[row]); });
    });
  }

 private:
  ExpressionPtr of_;
};

}  // namespace

ExpressionPtr make_negative(ExpressionPtr of, Site site) {
  return std::make_shared<Negative>(std::move(of), std::move(site));
}

ExpressionPtr make_arithmetic(Arithmetic operation, ExpressionPtr left, ExpressionPtr right,
                              Site site) {
  return std::make_shared<Operation>(operation, std::move(left), std::move(right), std::move(site));
}

}  // namespace riffle
