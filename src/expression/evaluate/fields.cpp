// Where values come from: columns, and the parameters of lambdas.
#include "expression/nodes.h"
#include "functions/lambda_scope.h"
#include "records/record.h"

namespace riffle {
namespace {

class ColumnRef : public Expression {
 public:
  ColumnRef(Slot slot, bool untouched, Site site)
      : Expression(std::move(site)), slot_(static_cast<std::size_t>(slot)), untouched_(untouched) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row>) const override {
    return evaluation.batch.columns[slot_];
  }
  bool untouched() const { return untouched_; }

 private:
  std::size_t slot_;
  bool untouched_;
};

class FieldLookup : public Expression {
 public:
  FieldLookup(std::vector<Candidate> candidates, Site site)
      : Expression(std::move(site)), candidates_(std::move(candidates)) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    return computed(evaluation, rows, [&](Row row) {
      return LambdaScope::once(
          this, [&] { return find(evaluation.batch, row, candidates_, evaluation.memory()); });
    });
  }

 private:
  std::vector<Candidate> candidates_;
};

class Parameter : public Expression {
 public:
  Parameter(int outward, std::size_t index, Site site)
      : Expression(std::move(site)), outward_(outward), index_(index) {}
  Column evaluate(Evaluation& evaluation, std::span<const Row>) const override {
    const Frame* frame = evaluation.frame;
    for (int i = 0; i < outward_; i++) frame = frame->outer;
    return {&frame->parameters[index_], 0};
  }

 private:
  int outward_;
  std::size_t index_;
};

}  // namespace

ExpressionPtr make_field(std::vector<Candidate> candidates, bool untouched, Site site) {
  if (candidates.empty()) return std::make_shared<Constant>(Value{}, std::move(site));
  if (candidates.size() == 1 && candidates[0].members.empty() && !candidates[0].record)
    return std::make_shared<ColumnRef>(candidates[0].slot, untouched, std::move(site));
  return std::make_shared<FieldLookup>(std::move(candidates), std::move(site));
}

bool is_untouched_field(const Expression& expression) {
  const auto* const column = dynamic_cast<const ColumnRef*>(&expression);
  return column && column->untouched();
}

ExpressionPtr make_parameter(int outward, std::size_t index, Site site) {
  return std::make_shared<Parameter>(outward, index, std::move(site));
}

}  // namespace riffle
