// From a syntax tree to an Expression: names become columns, functions are looked up, constants
// fold. Every mistake that can be found without reading a record is thrown from here as a usage
// Error with a caret.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "aggregates/aggregate.h"
#include "expression/expression.h"
#include "records/shape.h"
#include "sequences/sequence.h"

namespace riffle {

// What expressions are bound to: the records of `shape`, which asks the readers for the fields that
// they name. `settings` outlives the expressions.
struct BindContext {
  Shape& shape;
  const Settings& settings;
  // How many calls have been bound whose results depend on the order of the records (random()).
  std::uint64_t ordered_calls = 0;
};

// Aggregates are refused. (Called as riffle::bind: a bare `bind` would find std::bind as well.)
ExpressionPtr bind(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                   BindContext& binding);

// The body of a lambda (parse_lambda), for RowLambda.
ExpressionPtr bind_lambda(const Syntax& lambda, const std::shared_ptr<const Text>& text,
                          BindContext& binding);

// The value of the field `name`, as it came.
ExpressionPtr bind_name(const Name& name, const std::shared_ptr<const Text>& text, Shape& shape);

// One call of an aggregate: `p99(latency_ms) where status >= 500`.
struct AggregateCall {
  std::unique_ptr<const Aggregate> aggregate;
  // Those that are computed for each record (a quantile's q is not among them).
  std::vector<ExpressionPtr> arguments;
  ExpressionPtr where;  // null: every record
  const AggregateFunction* function = nullptr;
  Site site;
};

// Binds an expression over aggregates. Its calls are appended to `calls`; call i's result is in
// slot `first_slot + i` of the batch that the expression is evaluated on, whose shape is `result`'s
// (names outside of calls are its fields: keys and earlier items). `of_records`: that batch has the
// records themselves, each with the results of its group.
ExpressionPtr bind_over_aggregates(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                                   BindContext& input, BindContext& result, Slot first_slot,
                                   std::vector<AggregateCall>& calls, bool of_records = false);

// One call of a sequence function: `lag(x, 2)`.
struct SequenceCall {
  const SequenceFunction* function = nullptr;
  std::shared_ptr<const Sequence> sequence;
  std::vector<ExpressionPtr> arguments;  // without the constant one
  bool counted = true;                   // false on the left of `??`: a failure is handled
  Slot slot = no_slot;                   // where its value is to be, for every record
  Site site;
};

// Binds an expression in which sequence functions may be called. Its calls are appended to `calls`,
// each after those in its arguments; their columns, which are new slots of `shape`, are to be
// filled before the expression is evaluated: a call sees every record, whatever stands around it.
ExpressionPtr bind_over_sequences(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                                  BindContext& binding, std::vector<SequenceCall>& calls);

// The name of an unnamed item of `text`: `count()` is "count", `p99(user.latency)`
// "p99_user_latency", `max(x) / 1000` "max_x_1000".
std::string default_name(const Syntax& syntax, std::string_view text);

}  // namespace riffle
