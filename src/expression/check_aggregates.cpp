// Expressions over aggregates: each call becomes an AggregateCall, and a column of its results in
// the expression around it.
#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

#include "expression/binder.h"
#include "expression/parser.h"

namespace riffle {
namespace {

bool is_condition(const Syntax& tree) {
  if (tree.kind == Syntax::Kind::unary) return tree.text == "not";
  if (tree.kind != Syntax::Kind::binary) return false;
  const int binding = binding_of(tree.text);
  return binding >= Binding::either && binding <= Binding::comparison;
}

bool fits(const AggregateFunction& function, const Syntax& tree) {
  const int given = static_cast<int>(arguments_of(tree));
  return given >= function.least && given <= function.most;
}

}  // namespace

const AggregateFunction* Binder::aggregate_of(const Syntax& tree) const {
  const AggregateFunction* const aggregate = find_aggregate(tree.text);
  if (!aggregate || fits(*aggregate, tree) || tree.where || !find_function(tree.text))
    return aggregate;
  return nullptr;
}

void Binder::check_aggregate_call(const AggregateFunction& function, const Syntax& tree) const {
  if (function.name == "count" && arguments_of(tree) == 1 && is_condition(*tree.children[0]))
    refuse(fmt::format("count(x) counts the values that are not null, false ones too; did you mean "
                       "`count() where {}`?",
                       written(*tree.children[0])),
           *tree.children[0]);
  if (function.of_record && !aggregates_->of_records)
    refuse(
        fmt::format("{0}() is another for each record: annotate 'place = {0}(x)'", function.name),
        tree);
  if (!fits(function, tree))
    refuse(fmt::format("{}() {}: {}", tree.text, arity_of(function.least, function.most),
                       function.usage),
           tree.head, tree.text.size());
  if (!lambdas_.empty())
    refuse(fmt::format("'{}' is an aggregate, and cannot stand in a lambda", tree.text), tree.head,
           tree.text.size());
}

ExpressionPtr Binder::aggregate_call(const AggregateFunction& function, const Syntax& tree) {
  check_aggregate_call(function, tree);
  Binder of_record(text_, aggregates_->input, Place::argument_of_aggregate);
  AggregateCall call;
  call.function = &function;
  call.site = site(tree);
  std::vector<ExpressionPtr> given;  // keeps the constants alive until the aggregate is made
  std::vector<Value> constants;
  for (std::size_t i = 0; i < arguments_of(tree); i++) {
    const Syntax& argument = *tree.children[i];
    given.push_back(of_record.bind(argument));
    if (static_cast<int>(i) < function.most - function.constants) {
      call.arguments.push_back(given.back());
      continue;
    }
    const Value* const constant = constant_of(*given.back());
    if (!constant)
      refuse(fmt::format("{}() needs a constant here: {}", tree.text, function.usage), argument);
    constants.push_back(*constant);
  }
  if (tree.where)
    call.where = Binder(text_, aggregates_->input, Place::condition_of_aggregate)
                     .bind(*tree.children.back());
  try {
    call.aggregate = function.make(tree.text, constants);
  } catch (const std::invalid_argument& reason) {
    refuse(fmt::format("{}(): {}", tree.text, reason.what()), tree);
  }
  const Slot slot = aggregates_->first_slot + static_cast<Slot>(aggregates_->calls.size());
  Site place = call.site;
  aggregates_->calls.push_back(std::move(call));
  return make_field({{slot, {}}}, false, std::move(place));
}

ExpressionPtr bind_over_aggregates(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                                   BindContext& input, BindContext& result, Slot first_slot,
                                   std::vector<AggregateCall>& calls, bool of_records) {
  const Binder::Aggregates aggregates{input, first_slot, calls, of_records};
  return Binder(text, result, Binder::Place::record, &aggregates).bind(syntax);
}

std::string default_name(const Syntax& syntax, std::string_view text) {
  const bool is_of_field = syntax.kind == Syntax::Kind::call && !syntax.where &&
                           syntax.children.size() == 1 &&
                           syntax.children[0]->kind == Syntax::Kind::name;
  if (is_of_field) {
    std::string name = syntax.text;
    for (const std::string& step : syntax.children[0]->name.path) name.append("_").append(step);
    return name;
  }
  std::string name;
  bool separated = false;
  for (const char c : text.substr(syntax.position, syntax.length)) {
    const bool is_letter = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80);
    if (is_letter && separated && !name.empty()) name += '_';
    if (is_letter) name += c;
    separated = !is_letter;
  }
  return name;
}

}  // namespace riffle
