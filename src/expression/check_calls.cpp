// Calls of functions: looked up, counted, prepared.
#include <fmt/format.h>

#include <stdexcept>

#include "expression/accumulator.h"
#include "expression/binder.h"
#include "expression/foreign_words.h"
#include "expression/lexer.h"
#include "text/nearest.h"
#include "values/error.h"
#include "values/random.h"

namespace riffle {
namespace {

bool is_calendar_literal(const Syntax& tree) {
  return tree.kind == Syntax::Kind::literal && tree.value.kind == Kind::text &&
         is_calendar_span(tree.raw);
}

// What a function prepared, and the memory it may point into.
struct Prepared {
  Memory memory;
  std::shared_ptr<const void> made;
};

}  // namespace

std::string arity_of(int least, int most) {
  if (most == 0) return "takes no arguments";
  if (least == most) return fmt::format("takes {} argument{}", least, least == 1 ? "" : "s");
  if (most > 100) return fmt::format("takes {} or more arguments", least);
  return fmt::format("takes {} {} {} arguments", least, most == least + 1 ? "or" : "to", most);
}

ExpressionPtr Binder::call(const Syntax& tree) {
  if (aggregates_)
    if (const AggregateFunction* const aggregate = aggregate_of(tree))
      return aggregate_call(*aggregate, tree);
  if (const SequenceFunction* const sequence = find_sequence(tree.text))
    return sequence_call(*sequence, tree);
  const Function* const function = find_function(tree.text);
  if (!function) refuse_unknown_function(tree);
  if (tree.where)
    refuse(fmt::format("'where' belongs to an aggregate, and '{}' is none", tree.text), tree.head,
           tree.text.size());
  const int given = static_cast<int>(tree.children.size());
  if (given < function->least || given > function->most) {
    const std::string_view here = shorter_call_here(function->name, given);
    refuse(fmt::format("{}() {}: {}{}{}", function->name, arity_of(function->least, function->most),
                       function->usage, here.empty() ? "" : "; ", here),
           tree.head, tree.text.size());
  }
  return call_of(*function, tree);
}

ExpressionPtr Binder::call_of(const Function& function, const Syntax& tree) {
  check_plain_argument(function, tree);
  std::vector<ExpressionPtr> arguments;
  ExpressionPtr body;
  bool changes_alone = false;
  for (std::size_t i = 0; i < tree.children.size(); i++) {
    const Syntax& argument = *tree.children[i];
    const bool may_be_another =
        function.lambda_is_optional && argument.kind != Syntax::Kind::lambda;
    if (static_cast<int>(i) == function.lambda_argument && !may_be_another) {
      body = lambda(function, argument);
      changes_alone = function.name == "reduce" && changes_accumulator_alone(argument);
      arguments.push_back(std::make_shared<Constant>(Value{}, site(argument)));
    } else {
      arguments.push_back(argument_of(function, i, argument, i + 1 == tree.children.size()));
    }
  }
  if (function.name == "substr" || function.name == "slice") check_stretch(function, tree);
  Site where = site(tree);
  if (function.is_record) return make_field(shape_.find_all(), false, std::move(where));
  if (function.name == "coalesce")
    return folded_over(make_coalesce(arguments, std::move(where)), arguments);
  std::shared_ptr<const void> made = prepared(function, arguments, tree);
  const bool foldable = function.constant && !body;
  ExpressionPtr node = make_call(function, arguments, std::move(body), changes_alone,
                                 std::move(made), settings_, std::move(where));
  return foldable ? folded_over(std::move(node), arguments) : node;
}

ExpressionPtr Binder::lambda(const Function& function, const Syntax& tree) {
  const std::size_t expected = static_cast<std::size_t>(function.lambda_parameters);
  if (tree.kind != Syntax::Kind::lambda || tree.names.size() != expected)
    refuse(fmt::format("{}() needs a lambda of {} parameter{} here: {}", function.name, expected,
                       expected == 1 ? "" : "s", function.usage),
           tree);
  return bind_lambda(tree);
}

ExpressionPtr Binder::bind_lambda(const Syntax& tree) {
  lambdas_.push_back(&tree.names);
  ExpressionPtr body = bind(*tree.children[0]);
  lambdas_.pop_back();
  return body;
}

ExpressionPtr Binder::argument_of(const Function& function, std::size_t i, const Syntax& tree,
                                  bool is_last) {
  const int index = static_cast<int>(i);
  if (tree.kind == Syntax::Kind::lambda)
    refuse(fmt::format("{}() takes no lambda here: {}", function.name, function.usage), tree);
  if (index == function.raw_argument) return pattern(tree);
  if (index == function.calendar_argument && is_calendar_literal(tree))
    return std::make_shared<Constant>(tree.value, site(tree));
  return bind_handled(tree, function.handles_failures && !is_last);
}

std::shared_ptr<const void> Binder::prepared(const Function& function,
                                             const std::vector<ExpressionPtr>& arguments,
                                             const Syntax& tree) {
  if (!function.prepare) return nullptr;
  std::vector<const Value*> constants;
  for (std::size_t i = 0; i < arguments.size(); i++)
    constants.push_back(
        static_cast<int>(i) == function.lambda_argument ? nullptr : constant_of(*arguments[i]));
  const auto kept = std::make_shared<Prepared>();
  try {
    const std::uint64_t call_number = binding_.ordered_calls;
    if (function.in_order) binding_.ordered_calls++;
    kept->made = function.prepare(
        {constants, settings_, kept->memory, seed_of_part(settings_.seed, call_number)});
  } catch (const std::invalid_argument& reason) {
    const std::size_t raw = static_cast<std::size_t>(function.raw_argument);
    const bool of_regex = function.raw_argument >= 0 && raw < arguments.size() && constants[raw];
    refuse(fmt::format("{}(): {}", function.name, reason.what()),
           of_regex ? *tree.children[raw] : tree);
  }
  return {kept, kept->made.get()};
}

void Binder::refuse_unknown_function(const Syntax& tree) const {
  const AggregateFunction* const aggregate = find_aggregate(tree.text);
  if (aggregate && place_ == Place::condition_of_aggregate)
    refuse(fmt::format("'{}' is an aggregate, and this is still part of 'where'; put the call "
                       "before it and its condition in parentheses: (count() where ...) / count()",
                       tree.text),
           tree.head, tree.text.size());
  if (aggregate && place_ == Place::argument_of_aggregate)
    refuse(fmt::format("'{}' is an aggregate, and cannot stand inside another", tree.text),
           tree.head, tree.text.size());
  if (aggregate)
    refuse(fmt::format("'{}' is an aggregate: it stands in 'aggregate', and in 'annotate', which "
                       "gives each record what its group's are",
                       tree.text),
           tree.head, tree.text.size());
  std::vector<std::string> known;
  for (const Function& function : functions()) known.emplace_back(function.name);
  if (aggregates_)
    for (const AggregateFunction& function : aggregate_functions())
      known.emplace_back(function.name);
  if (sequences_)
    for (const SequenceFunction& function : sequence_functions()) known.emplace_back(function.name);
  const std::string_view here = function_here(tree.text);
  const std::string suggestion =
      here.empty() ? did_you_mean(tree.text, known) : fmt::format("; here it is {}", here);
  refuse(fmt::format("unknown function '{}'{}", tree.text, suggestion), tree.head,
         tree.text.size());
}

}  // namespace riffle
