// The nodes of a bound expression, as check.cpp puts them together. Each subject has its file:
// evaluate_*.cpp.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/compare.h"
#include "expression/expression.h"
#include "expression/truth.h"
#include "functions/arithmetic.h"
#include "functions/function.h"
#include "records/shape.h"
#include "values/stop_request.h"

namespace riffle {

// A value that no record changes.
class Constant : public Expression {
 public:
  // Copies the value.
  Constant(const Value& value, Site site);
  const Value& value() const { return value_; }
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override;

 private:
  Memory memory_;
  Value value_;
};

// A condition that may know that it cannot fail: a filter looks at the cheapest of several such
// conjuncts first.
class Condition : public Expression {
 public:
  // Roughly the nanoseconds that keep_true takes for a row; nothing when some value could be an
  // error.
  virtual std::optional<int> safe_cost() const = 0;

 protected:
  using Expression::Expression;
};

// The value of a constant; null when the expression is none.
const Value* constant_of(const Expression& expression);
// What constants alone give, as a constant; `node` itself when that fails (so that it is counted
// for each record).
ExpressionPtr folded(ExpressionPtr node);

// The values of the first candidate that has one. `untouched`: they are all as they came from the
// source.
ExpressionPtr make_field(std::vector<Candidate> candidates, bool untouched, Site site);
bool is_untouched_field(const Expression& expression);
// Parameter `index` of the lambda `outward` lambdas outside the innermost.
ExpressionPtr make_parameter(int outward, std::size_t index, Site site);

ExpressionPtr make_member(ExpressionPtr of, std::string name, Site site);
ExpressionPtr make_index(ExpressionPtr of, ExpressionPtr at, Site site);
// Open ends are null pointers.
ExpressionPtr make_slice(ExpressionPtr of, ExpressionPtr from, ExpressionPtr to, Site site);
ExpressionPtr make_list(std::vector<ExpressionPtr> items, Site site);
ExpressionPtr make_map(std::vector<std::string> names, std::vector<ExpressionPtr> values,
                       Site site);

ExpressionPtr make_negative(ExpressionPtr of, Site site);
ExpressionPtr make_arithmetic(Arithmetic operation, ExpressionPtr left, ExpressionPtr right,
                              Site site);

// `zone` outlives the expression, here and below.
ExpressionPtr make_comparison(Comparison operation, ExpressionPtr left, ExpressionPtr right,
                              const Zone& zone, Site site);
// < <= > >= with a time that is written as a text: the other side is read as one (text, or a number
// of seconds).
ExpressionPtr make_time_comparison(Comparison operation, ExpressionPtr of, std::int64_t time,
                                   const Zone& zone, Site site);
// Whether `outer` contains `inner`: text in text, element in list, key in map.
ExpressionPtr make_containment(ExpressionPtr outer, ExpressionPtr inner, bool negated,
                               const Zone& zone, Site site);
// `=~`. Throws std::invalid_argument with RE2's reason when a constant pattern is bad.
ExpressionPtr make_match(ExpressionPtr subject, ExpressionPtr pattern, bool negated, Site site);

// `and` (decisive: false), `or` (decisive: true) of two or more.
ExpressionPtr make_junction(bool decisive, std::vector<ExpressionPtr> operands, Site site);
ExpressionPtr make_not(ExpressionPtr of, Site site);
ExpressionPtr make_choice(ExpressionPtr condition, ExpressionPtr then, ExpressionPtr otherwise,
                          Site site);
// The first value that is there; failures in all but the last operand are handled.
ExpressionPtr make_coalesce(std::vector<ExpressionPtr> operands, Site site);

// A call of a function. `lambda`: the body of its lambda argument, whose place in `arguments` holds
// a missing value; or null. `changes_alone`: see Lambda.
ExpressionPtr make_call(const Function& function, std::vector<ExpressionPtr> arguments,
                        ExpressionPtr lambda, bool changes_alone,
                        std::shared_ptr<const void> prepared, const Settings& settings, Site site);

// A column of verdicts: test(row) for each row. why_failed(row): a text, where the verdict is
// `failed`.
template <typename Test, typename WhyFailed>
Column verdicts(Evaluation& evaluation, std::span<const Row> rows, const Site& site, Test&& test,
                WhyFailed&& why_failed) {
  Value* const values = evaluation.batch.new_values();
  for (const Row row : rows) {
    StopRequest::check();
    const Verdict v = test(row);
    if (v <= Verdict::yes)
      values[row] = boolean_value(v == Verdict::yes);
    else
      values[row] = v == Verdict::unknown
                        ? null_value()
                        : evaluation.fail(row, site, [&] { return why_failed(row); });
  }
  return {values};
}

// Keeps the rows for which test(row) is yes.
template <typename Test, typename WhyFailed>
void keep_yes(Evaluation& evaluation, std::vector<Row>& rows, const Site& site, Test&& test,
              WhyFailed&& why_failed) {
  Row* kept = rows.data();
  for (const Row row : rows) {
    StopRequest::check();
    const Verdict v = test(row);
    *kept = row;
    kept += v == Verdict::yes;
    if (v == Verdict::failed) evaluation.fail(row, site, [&] { return why_failed(row); });
  }
  rows.resize(static_cast<std::size_t>(kept - rows.data()));
}

// A column of values: compute(row) for each row.
template <typename Compute>
Column computed(Evaluation& evaluation, std::span<const Row> rows, Compute&& compute) {
  Value* const values = evaluation.batch.new_values();
  for (const Row row : rows) {
    StopRequest::check();
    values[row] = compute(row);
  }
  return {values};
}

}  // namespace riffle
