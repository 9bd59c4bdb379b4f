// Why an operation failed, for the report at the end of a run: the value that it could not take
// and, where there is one, the repair. `"2022-01-03 10:06" is text; time(closed) reads it`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "expression/compare.h"
#include "expression/expression.h"
#include "functions/arithmetic.h"
#include "values/value.h"

namespace riffle {

// A value as a literal of one line, cut where it is long.
std::string shown(const Value& value);
// `"abc" is text`, `5 is a number`.
std::string described(const Value& value);

// How a value that is no time can be read as one: `time(ts, "ms") reads it`. Empty: none is known.
std::string reading_as_time(std::string_view operand, const Value& value);

// The operands of a site, in its order, that an operator could not take.
std::string why_arithmetic_failed(const Site& site, Arithmetic operation, const Value& a,
                                  const Value& b);
std::string why_comparison_failed(const Site& site, const Value& a, const Value& b);
std::string why_negative_failed(const Site& site, const Value& of);
// `x[i]`, `x[a:b]`: the value, and the positions.
std::string why_part_failed(std::span<const Value> values);
// `operand` is a condition that is neither boolean nor null.
std::string why_condition_failed(std::string_view operand, const Value& value);
// The first value that is a list or a map, where only scalars can be taken.
std::string why_scalars_failed(std::span<const Value> values);
// The first value that is no number, where numbers (and spans of time) can be taken.
std::string why_numbers_failed(const Site& site, std::span<const Value> values);
// Of a function with that usage, in which the parameters' names say what they take, or else what it
// was given.
std::string why_call_failed(const Site& site, std::string_view usage, std::string_view family,
                            std::string_view hint, std::span<const Value> values);

// Why a value can never equal what it is compared with: it is of another kind, or a text in other
// letters. `operand`: the value's; `expected`: as it is written. Empty: it could.
std::string why_never_equal(std::string_view operand, const Value& value, const Value& expected);
// The same of a text that is looked for in another.
std::string why_never_contained(std::string_view operand, const Value& outer, const Value& inner);

}  // namespace riffle
