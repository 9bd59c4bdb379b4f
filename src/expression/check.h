// From a syntax tree to an Expression: names become columns, functions are looked up, constants fold. Every mistake that
// can be found without reading a record is thrown from here as a usage Error with a caret.
#pragma once

#include <memory>
#include <vector>

#include "aggregates/aggregate.h"
#include "data/shape.h"
#include "expression/expression.h"

namespace riffle {

// Binds an expression to the records of `shape` (which asks the reader for the fields). Aggregates are refused. `settings`
// outlives the expression, here and below. (Called as riffle::bind: a bare `bind` would find std::bind as well.)
ExpressionPtr bind(const Syntax& syntax, const std::shared_ptr<const Text>& text, const Shape& shape, const Settings& settings);

// The value of the field `name`, as it came.
ExpressionPtr bind_name(const Name& name, const std::shared_ptr<const Text>& text, const Shape& shape);

// One call of an aggregate: `p99(latency_ms) where status >= 500`.
struct AggregateCall {
  std::unique_ptr<const Aggregate> aggregate;
  std::vector<ExpressionPtr> arguments;  // those that are computed for each record (a quantile's q is not among them)
  ExpressionPtr where;                   // null: every record
  Site site;
};

// Binds an expression over aggregates. Its calls are appended to `calls`; call i's result is in slot `first_slot + i` of
// the batch that the expression is evaluated on, whose shape is `result` (names outside of calls are its fields: keys and
// earlier items).
ExpressionPtr bind_over_aggregates(const Syntax& syntax, const std::shared_ptr<const Text>& text, const Shape& input,
                                   const Shape& result, Slot first_slot, const Settings& settings,
                                   std::vector<AggregateCall>& calls);

// The name of an unnamed item: `count()` is "count", `p99(user.latency)` "p99_user_latency". Empty: it needs one.
std::string default_name(const Syntax& syntax);

}  // namespace riffle
