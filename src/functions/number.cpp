// Numbers. Integers stay integers, exactly, or the call fails.
#include "values/number.h"

#include <cmath>

#include "functions/arguments.h"
#include "functions/arithmetic.h"
#include "functions/families.h"
#include "functions/rounding.h"
#include "values/decode.h"
#include "values/order.h"
#include "values/random.h"

namespace riffle {
namespace {

// A result that is no finite number is a failure.
Value finite(FunctionCall& call, double result) {
  return std::isfinite(result) ? real_value(result) : call.fail();
}

Value absolute(FunctionCall& call) {
  const bool is_duration = call[0].kind == Kind::duration;
  const Value number = is_duration ? integer_value(call[0].integer) : number_of(call[0]);
  if (number.is_missing() || (is_duration && number.integer == INT64_MIN)) return call.fail();
  if (number.kind == Kind::real) return real_value(std::abs(number.real));
  if (number.kind == Kind::natural || number.integer >= 0) return is_duration ? call[0] : number;
  return is_duration ? duration_value(-number.integer)
                     : natural_value(0 - static_cast<std::uint64_t>(number.integer));
}

Value rounded_to_whole(FunctionCall& call, double (*rounding)(double)) {
  const Value number = number_of(call[0]);
  if (number.is_missing()) return call.fail();
  return number.kind == Kind::real ? whole_value(rounding(number.real)) : number;
}

Value ceil(FunctionCall& call) { return rounded_to_whole(call, std::ceil); }
Value floor(FunctionCall& call) { return rounded_to_whole(call, std::floor); }

Value round(FunctionCall& call) {
  const Value number = number_of(call[0]);
  const auto digits = call.size() > 1 ? whole_number_of(call[1]) : std::optional<std::int64_t>(0);
  if (number.is_missing() || !digits) return call.fail();
  const auto result = rounded(number, *digits);
  return result ? *result : call.fail();
}

Value sign(FunctionCall& call) {
  const Value number =
      call[0].kind == Kind::duration ? integer_value(call[0].integer) : number_of(call[0]);
  if (std::isnan(as_real(number))) return call.fail();  // no number at all included
  const auto order = compare_numbers(number, integer_value(0));
  return integer_value(order > 0 ? 1 : order < 0 ? -1 : 0);
}

Value of_real(FunctionCall& call, double (*function)(double)) {
  const Value number = number_of(call[0]);
  return number.is_missing() ? call.fail() : finite(call, function(as_real(number)));
}

Value sqrt(FunctionCall& call) { return of_real(call, std::sqrt); }
Value exp(FunctionCall& call) { return of_real(call, std::exp); }
Value ln(FunctionCall& call) { return of_real(call, std::log); }
Value log10(FunctionCall& call) { return of_real(call, std::log10); }
Value log2(FunctionCall& call) { return of_real(call, std::log2); }

Value pow(FunctionCall& call) {
  const Value base = number_of(call[0]), exponent = number_of(call[1]);
  if (base.is_missing() || exponent.is_missing()) return call.fail();
  const std::optional<Value> power = apply(Arithmetic::power, base, exponent, call.memory);
  return power ? *power : call.fail();
}

// The least (`wanted` < 0) or greatest of some values; missing when there is none. The first of
// equals.
Value extreme(std::span<const Value> values, int wanted, Memory& memory) {
  Value best;
  for (const Value& value : values) {
    if (is_nothing(value)) continue;
    const auto order_to_best =
        best.is_missing() ? std::weak_ordering::equivalent : order(value, best, memory);
    if (best.is_missing() || (wanted < 0 ? order_to_best < 0 : order_to_best > 0)) best = value;
  }
  return best;
}

Value extreme_of(FunctionCall& call, int wanted) {
  if (call.size() > 1) return extreme(call.arguments, wanted, call.memory);
  const auto list = list_of(call[0], call.memory);
  if (!list) return call[0];
  const Value best = extreme(*list, wanted, call.memory);
  return best.is_missing() ? null_value() : best;
}

Value min(FunctionCall& call) { return extreme_of(call, -1); }
Value max(FunctionCall& call) { return extreme_of(call, 1); }

Value clamp(FunctionCall& call) {
  if (order(call[1], call[2], call.memory) > 0) return call.fail();
  if (order(call[0], call[1], call.memory) < 0) return call[1];
  return order(call[0], call[2], call.memory) > 0 ? call[2] : call[0];
}

// What a call of random() draws from: the stage that it stands in takes its records one after the
// other.
struct Source {
  std::shared_ptr<Random> random;
};

std::shared_ptr<const void> prepare_random(const Preparation& preparation) {
  const auto random = std::make_shared<Random>(preparation.seed);
  if (preparation.settings.random_sources) preparation.settings.random_sources->add(random);
  return std::make_shared<const Source>(Source{random});
}

Value random_part(FunctionCall& call) {
  return real_value(static_cast<const Source*>(call.prepared)->random->part());
}

Value is_nan(FunctionCall& call) {
  const Value value = decode(call[0], call.memory);
  if (value.kind == Kind::real) return boolean_value(std::isnan(value.real));
  if (value.kind != Kind::text) return boolean_value(false);
  std::string_view word = value.view();
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  return boolean_value(word.size() == 3 && (word[0] | 32) == 'n' && (word[1] | 32) == 'a' &&
                       (word[2] | 32) == 'n');
}

}  // namespace

std::vector<Function> number_functions() {
  Rows rows("number");
  rows.add("abs(x)", "as x", 1, 1, absolute, "a number, or a duration, without its sign",
           {{"abs(-3)", "3"},
            {"abs(2.5)", "2.5"},
            {"abs(-9223372036854775808)", "9223372036854775808"},
            {"abs(1s - 3s)", "2"},
            {"abs('x')", ""}});
  rows.add("ceil(x)", "number", 1, 1, ceil, "the least integer that is not less than a number",
           {{"ceil(1.2)", "2"}, {"ceil(-1.2)", "-1"}, {"ceil(3)", "3"}});
  rows.add("floor(x)", "number", 1, 1, floor,
           "the greatest integer that is not greater than a number",
           {{"floor(1.8)", "1"}, {"floor(-1.2)", "-2"}});
  rows.add("round(x[, digits])", "number", 1, 2, round,
           "a number rounded to `digits` digits after the point (none; negative: before it), half "
           "away from zero",
           {{"round(2.5)", "3"},
            {"round(-2.5)", "-3"},
            {"round(2.675, 2)", "2.68"},
            {"round(1234, -2)", "1200"},
            {"round(1.005, 1)", "1"}});
  rows.add("sign(x)", "integer", 1, 1, sign, "-1, 0 or 1",
           {{"sign(-2.5)", "-1"}, {"sign(0)", "0"}, {"sign(7)", "1"}});
  rows.add("sqrt(x)", "real", 1, 1, sqrt, "the square root", {{"sqrt(9)", "3"}, {"sqrt(-1)", ""}});
  rows.add("exp(x)", "real", 1, 1, exp, "e to the power of x",
           {{"exp(0)", "1"}, {"exp(1000)", ""}});
  rows.add("ln(x)", "real", 1, 1, ln, "the natural logarithm", {{"ln(1)", "0"}, {"ln(0)", ""}});
  rows.add("log10(x)", "real", 1, 1, log10, "the decimal logarithm",
           {{"log10(1000)", "3"}, {"log10(-1)", ""}});
  rows.add("log2(x)", "real", 1, 1, log2, "the binary logarithm", {{"log2(8)", "3"}});
  rows.add("pow(x, y)", "number", 2, 2, pow, "x to the power of y; exact for integers",
           {{"pow(2, 10)", "1024"},
            {"pow(2, -1)", "0.5"},
            {"pow(9, 0.5)", "3"},
            {"pow(10, 20)", ""},
            {"pow(0, -1)", ""}});
  rows.add("min(x, ...)", "as x", 1, any_number, min,
           "the least of several values, or of a list's elements, in the order of sort",
           {{"min(3, 1, 2)", "1"},
            {"min([3, null, 2])", "2"},
            {"min('b', 'a')", R"("a")"},
            {"min(1, null)", "null"}})
      .nulls = "null elements of a list are skipped";
  rows.add("max(x, ...)", "as x", 1, any_number, max,
           "the greatest of several values, or of a list's elements, in the order of sort",
           {{"max(3, 1, 2)", "3"}, {"max([3, null, 2])", "3"}, {"max([])", "null"}})
      .nulls = "null elements of a list are skipped";
  rows.add("clamp(x, low, high)", "as x", 3, 3, clamp,
           "x, but not less than low nor greater than high",
           {{"clamp(12, 0, 10)", "10"},
            {"clamp(-1, 0, 10)", "0"},
            {"clamp(5, 0, 10)", "5"},
            {"clamp(5, 10, 0)", ""}});
  rows.add("is_nan(x)", "boolean", 1, 1, is_nan,
           "whether a value says that it is no number: NaN in any letter case, as programs write "
           "it into CSV",
           {{"is_nan('NaN')", "true"},
            {"is_nan('-nan')", "true"},
            {"is_nan(1.5)", "false"},
            {"is_nan('n/a')", "false"}});
  Function& random = rows.add("random()", "real", 0, 0, random_part,
                              "a number from 0 to 1, without 1, drawn by each call for each "
                              "record; --seed N gives others",
                              {{"random() < 1", "true"}, {"random() == random()", "false"}});
  random.prepare = prepare_random;
  random.constant = false;
  random.in_order = true;
  return rows.take();
}

}  // namespace riffle
