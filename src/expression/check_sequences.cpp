// Calls of sequence functions: each becomes a SequenceCall, and a column of its values in the
// expression around it.
#include <fmt/format.h>

#include <stdexcept>

#include "expression/binder.h"

namespace riffle {

ExpressionPtr Binder::bind_handled(const Syntax& tree, bool handled) {
  const bool around = handled_;
  handled_ = around || handled;
  ExpressionPtr bound = bind(tree);
  handled_ = around;
  return bound;
}

void Binder::check_sequence_call(const SequenceFunction& function, const Syntax& tree) const {
  const auto refuse_name = [&](std::string_view message) {
    refuse(message, tree.head, tree.text.size());
  };
  if (!sequences_)
    refuse_name(
        fmt::format("'{0}' sees earlier records, and can stand in 'transform' only: transform "
                    "'NAME = {1}' then ...",
                    tree.text, function.usage));
  if (!lambdas_.empty())
    refuse_name(fmt::format(
        "'{}' sees earlier records, and cannot stand in a lambda; give it a NAME of its own before",
        tree.text));
  if (tree.where)
    refuse_name(fmt::format("'where' belongs to an aggregate, and '{}' is none", tree.text));
  const int given = static_cast<int>(tree.children.size());
  if (given < function.least || given > function.most)
    refuse_name(fmt::format("{}() {}: {}", function.name, arity_of(function.least, function.most),
                            function.usage));
}

ExpressionPtr Binder::sequence_call(const SequenceFunction& function, const Syntax& tree) {
  check_sequence_call(function, tree);
  SequenceCall call;
  call.counted = !handled_;
  call.function = &function;
  call.site = site(tree);
  ExpressionPtr kept;  // keeps the constant alive until the sequence is made
  Value constant;
  for (std::size_t i = 0; i < tree.children.size(); i++) {
    const Syntax& argument = *tree.children[i];
    if (argument.kind == Syntax::Kind::lambda)
      refuse(fmt::format("{}() takes no lambda here: {}", function.name, function.usage), argument);
    if (static_cast<int>(i) != function.constant_argument) {
      call.arguments.push_back(bind(argument));
      continue;
    }
    kept = bind(argument);
    const Value* const value = constant_of(*kept);
    if (!value)
      refuse(fmt::format("{}() needs a constant here: {}", function.name, function.usage),
             argument);
    constant = value->is_missing() ? null_value() : *value;
    call.site.operands.erase(call.site.operands.begin() + static_cast<std::ptrdiff_t>(i));
  }
  try {
    call.sequence = function.make(tree.children.size(), constant);
  } catch (const std::invalid_argument& reason) {
    refuse(fmt::format("{}(): {}", function.name, reason.what()), tree);
  }
  const Slot slot = call.slot = shape_.slots().add();
  Site place = call.site;
  sequences_->push_back(std::move(call));
  return make_field({{slot, {}}}, false, std::move(place));
}

ExpressionPtr bind_over_sequences(const Syntax& syntax, const std::shared_ptr<const Text>& text,
                                  BindContext& binding, std::vector<SequenceCall>& calls) {
  return Binder(text, binding, Binder::Place::record, nullptr, &calls).bind(syntax);
}

}  // namespace riffle
