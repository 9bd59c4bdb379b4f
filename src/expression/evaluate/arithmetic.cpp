#include "expression/failure.h"
#include "expression/nodes.h"
#include "time/text.h"
#include "values/decode.h"

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

// A text that is a time, as one; durations and times as they are. Missing: it is neither.
Value span_of(const Value& value, const Zone& zone, Memory& memory) {
  if (value.kind == Kind::time || value.kind == Kind::duration) return value;
  const Value decoded = decode(value, memory);
  if (decoded.kind != Kind::text) return {};
  const auto time = parse_time(decoded.view(), zone);
  return time ? time_value(*time) : Value();
}

// Sums and differences in which a text is a time: of times, and of a time and a duration.
std::optional<Value> apply_to_moments(Arithmetic operation, const Value& a, const Value& b,
                                      const Zone& zone, Memory& memory) {
  if (operation != Arithmetic::add && operation != Arithmetic::subtract) return std::nullopt;
  const Value x = span_of(a, zone, memory), y = span_of(b, zone, memory);
  if (x.is_missing() || y.is_missing()) return std::nullopt;
  return apply(operation, x, y, memory);
}

class Operation : public Expression {
 public:
  Operation(Arithmetic operation, ExpressionPtr left, ExpressionPtr right, Zone zone, Site site)
      : Expression(std::move(site)),
        operation_(operation),
        left_(std::move(left)),
        right_(std::move(right)),
        zone_(std::move(zone)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column left = left_->evaluate(evaluation, rows),
                 right = right_->evaluate(evaluation, rows);
    return computed(evaluation, rows, [&](Row row) {
      Value result;
      if (apply_fast(operation_, left[row], right[row], result)) return result;
      const auto outcome = apply(operation_, left[row], right[row], evaluation.memory());
      if (outcome) return *outcome;
      if (const auto moved =
              apply_to_moments(operation_, left[row], right[row], zone_, evaluation.memory()))
        return *moved;
      return evaluation.fail(row, site(), [&] {
        return why_arithmetic_failed(site(), operation_, left[row], right[row]);
      });
    });
  }

 private:
  Arithmetic operation_;
  ExpressionPtr left_, right_;
  Zone zone_;
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
                              const Zone& zone, Site site) {
  return std::make_shared<Operation>(operation, std::move(left), std::move(right), zone,
                                     std::move(site));
}

}  // namespace riffle
