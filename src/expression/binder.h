// The binder of check.h: walks a syntax tree once and builds the nodes (nodes.h) from its
// leaves up.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregates/aggregate.h"
#include "expression/check.h"
#include "expression/nodes.h"

namespace riffle {

class Binder {
 public:
  // What an expression over aggregates has besides its shape: see bind_over_aggregates.
  struct Aggregates {
    BindContext& input;
    Slot first_slot;
    std::vector<AggregateCall>& calls;
    bool of_records = false;  // the expression is evaluated for each record of a group
  };
  // Where an expression stands, for messages about aggregates that cannot stand there.
  enum class Place { record, argument_of_aggregate, condition_of_aggregate };

  Binder(const std::shared_ptr<const Text>& text, BindContext& binding, Place place,
         const Aggregates* aggregates = nullptr, std::vector<SequenceCall>* sequences = nullptr)
      : text_(text),
        binding_(binding),
        shape_(binding.shape),
        settings_(binding.settings),
        place_(place),
        aggregates_(aggregates),
        sequences_(sequences) {}

  ExpressionPtr bind(const Syntax& tree);
  // The body of a lambda.
  ExpressionPtr bind_lambda(const Syntax& tree);

 private:
  // Refuses a member of what can have none.
  void check_member(const Syntax& tree) const;
  ExpressionPtr literal(const Syntax& tree);
  ExpressionPtr name(const Syntax& tree);
  ExpressionPtr argument(const Syntax& tree);
  ExpressionPtr binary(const Syntax& tree);
  ExpressionPtr comparison(Comparison operation, const std::vector<ExpressionPtr>& sides,
                           const Syntax& tree) const;
  ExpressionPtr junction(const Syntax& tree);
  ExpressionPtr match(const Syntax& tree);
  ExpressionPtr slice(const Syntax& tree);
  // Refuses a call of substr() or slice() whose ends are written out and that is empty, whatever it
  // is of.
  void check_stretch(const Function& function, const Syntax& tree) const;
  // Refuses a regex where the text is looked for as it is. `repair`: what takes one.
  void check_plain_part(const Syntax& part, std::string_view what, std::string_view repair) const;
  void check_plain_argument(const Function& function, const Syntax& tree) const;
  // A literal as a regex has it: what stands between the quotes, escapes included.
  ExpressionPtr pattern(const Syntax& tree);
  std::vector<Candidate> candidates_of(const Syntax& tree) const;
  [[noreturn]] void refuse_unknown_item(const Syntax& tree) const;
  std::vector<ExpressionPtr> each(std::span<const std::unique_ptr<Syntax>> trees);

  ExpressionPtr call(const Syntax& tree);
  ExpressionPtr call_of(const Function& function, const Syntax& tree);
  ExpressionPtr lambda(const Function& function, const Syntax& tree);
  ExpressionPtr argument_of(const Function& function, std::size_t i, const Syntax& tree,
                            bool is_last);
  std::shared_ptr<const void> prepared(const Function& function,
                                       const std::vector<ExpressionPtr>& arguments,
                                       const Syntax& tree);
  [[noreturn]] void refuse_unknown_function(const Syntax& tree) const;

  // The aggregate that a call means where aggregates can stand; null: it is a scalar function's.
  const AggregateFunction* aggregate_of(const Syntax& tree) const;
  ExpressionPtr aggregate_call(const AggregateFunction& function, const Syntax& tree);
  void check_aggregate_call(const AggregateFunction& function, const Syntax& tree) const;

  ExpressionPtr sequence_call(const SequenceFunction& function, const Syntax& tree);
  void check_sequence_call(const SequenceFunction& function, const Syntax& tree) const;
  // Binds where a failure is handled or, as around it, not.
  ExpressionPtr bind_handled(const Syntax& tree, bool handled);

  // The node, folded when all of its operands are constants.
  ExpressionPtr folded_over(ExpressionPtr node, std::span<const ExpressionPtr> operands) const;
  Site site(const Syntax& tree) const;
  std::string_view written(const Syntax& tree) const;
  [[noreturn]] void refuse(std::string_view message, std::size_t position,
                           std::size_t length) const;
  [[noreturn]] void refuse(std::string_view message, const Syntax& tree) const;

  std::shared_ptr<const Text> text_;
  BindContext& binding_;
  Shape& shape_;
  const Settings& settings_;
  Place place_;
  const Aggregates* aggregates_;
  std::vector<SequenceCall>* sequences_;  // null: none can be called here
  bool handled_ = false;                  // on the left of `??`
  const Syntax* compared_ = nullptr;      // the right side of the innermost comparison
  // The parameters of those around, from the outside in.
  std::vector<const std::vector<std::string>*> lambdas_;
};

// The number of arguments of a call, without its condition.
inline std::size_t arguments_of(const Syntax& call) {
  return call.children.size() - (call.where ? 1 : 0);
}

// "takes 2 or 3 arguments".
std::string arity_of(int least, int most);

}  // namespace riffle
