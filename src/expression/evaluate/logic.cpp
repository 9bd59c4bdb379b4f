// and, or, not, ?:, ?? - by Kleene's rules, each operand on the rows that need it.
#include <algorithm>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "values/decode.h"

namespace riffle {
namespace {

Value fail_as_condition(Evaluation& evaluation, Row row, const Expression& condition,
                        const Value& value) {
  const Site& site = condition.truth_site();
  return evaluation.fail(row, site, [&] { return why_condition_failed(site.expression(), value); });
}

// `and` and `or` of several operands: one that is `decisive` settles a row, and what stands after
// it is not looked at.
class Junction : public Expression {
 public:
  Junction(bool decisive, std::vector<ExpressionPtr> operands, Site site)
      : Expression(std::move(site)),
        decisive_(decisive),
        operands_(std::move(operands)),
        cheapest_first_(operands_) {
    sort_safe_runs(cheapest_first_);
  }

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    Value* const values = evaluation.batch.new_values();
    for (const Row row : rows) values[row] = boolean_value(!decisive_);
    std::vector<Row> open(rows.begin(), rows.end());
    for (const ExpressionPtr& operand : operands_) {
      if (open.empty()) break;
      const Column column = operand->evaluate(evaluation, open);
      std::erase_if(open, [&](Row row) {
        const Verdict v = truth_of(column[row]);
        if (v == Verdict::failed) fail_as_condition(evaluation, row, *operand, column[row]);
        if (v >= Verdict::unknown)
          values[row] = null_value();
        else if (v == verdict(decisive_))
          values[row] = boolean_value(decisive_);
        return v == verdict(decisive_);
      });
    }
    return {values};
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    if (decisive_) return keep_any(evaluation, rows);
    for (const ExpressionPtr& operand : cheapest_first_)
      if (!rows.empty()) operand->keep_true(evaluation, rows);
  }

  std::string why_untrue(Evaluation& evaluation, Row row) const override {
    std::string why;
    for (const ExpressionPtr& operand : operands_)
      if (why.empty()) why = operand->why_untrue(evaluation, row);
    return why;
  }

 private:
  static std::optional<int> safe_cost(const ExpressionPtr& operand) {
    const auto* const condition = dynamic_cast<const Condition*>(operand.get());
    return condition ? condition->safe_cost() : std::nullopt;
  }

  // Which errors are counted must not change: only neighbours that cannot fail change places.
  static void sort_safe_runs(std::vector<ExpressionPtr>& operands) {
    for (auto first = operands.begin(); first != operands.end();) {
      const auto last =
          std::find_if(first, operands.end(), [](const ExpressionPtr& e) { return !safe_cost(e); });
      std::stable_sort(first, last, [](const ExpressionPtr& a, const ExpressionPtr& b) {
        return safe_cost(a) < safe_cost(b);
      });
      first = last == operands.end() ? last : last + 1;
    }
  }

  void keep_any(Evaluation& evaluation, std::vector<Row>& rows) const {
    std::vector<Row> open = rows, kept, rest, merged;
    std::vector<Row> all;
    for (const ExpressionPtr& operand : operands_) {
      if (open.empty()) break;
      kept = open;
      operand->keep_true(evaluation, kept);
      difference(open, kept, rest);
      merge(rows, all, kept, merged);
      std::swap(all, merged);
      std::swap(open, rest);
    }
    std::swap(rows, all);
  }

  // What is in `from` and not in `without`, which has some of its rows in the same order.
  static void difference(const std::vector<Row>& from, const std::vector<Row>& without,
                         std::vector<Row>& rest) {
    rest.clear();
    std::size_t next = 0;
    for (const Row row : from) {
      if (next < without.size() && without[next] == row)
        next++;
      else
        rest.push_back(row);
    }
  }

  // The rows of `a` and `b`, in the order in which they stand in `order`.
  static void merge(const std::vector<Row>& order, const std::vector<Row>& a,
                    const std::vector<Row>& b, std::vector<Row>& merged) {
    merged.clear();
    std::size_t i = 0, j = 0;
    for (const Row row : order) {
      if (i < a.size() && a[i] == row)
        i++;
      else if (j < b.size() && b[j] == row)
        j++;
      else
        continue;
      merged.push_back(row);
    }
  }

  bool decisive_;
  std::vector<ExpressionPtr> operands_, cheapest_first_;
};

class Not : public Expression {
 public:
  Not(ExpressionPtr of, Site site) : Expression(std::move(site)), of_(std::move(of)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column of = of_->evaluate(evaluation, rows);
    const auto test = [&](Row row) {
      const Verdict v = truth_of(of[row]);
      return v <= Verdict::yes ? verdict(v == Verdict::no) : v;
    };
    const Site& site = of_->truth_site();
    return verdicts(evaluation, rows, site, test,
                    [&](Row row) { return why_condition_failed(site.expression(), of[row]); });
  }

 private:
  ExpressionPtr of_;
};

class Choice : public Expression {
 public:
  Choice(ExpressionPtr condition, ExpressionPtr then, ExpressionPtr otherwise, Site site)
      : Expression(std::move(site)),
        condition_(std::move(condition)),
        then_(std::move(then)),
        otherwise_(std::move(otherwise)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column condition = condition_->evaluate(evaluation, rows);
    Value* const values = evaluation.batch.new_values();
    std::vector<Row> yes, no;
    for (const Row row : rows) {
      const Verdict v = truth_of(condition[row]);
      if (v == Verdict::yes)
        yes.push_back(row);
      else if (v == Verdict::no)
        no.push_back(row);
      else
        values[row] = v == Verdict::failed
                          ? fail_as_condition(evaluation, row, *condition_, condition[row])
                          : null_value();
    }
    fill(evaluation, *then_, yes, values);
    fill(evaluation, *otherwise_, no, values);
    return {values};
  }

 private:
  static void fill(Evaluation& evaluation, const Expression& branch, std::span<const Row> rows,
                   Value* values) {
    if (rows.empty()) return;
    const Column column = branch.evaluate(evaluation, rows);
    for (const Row row : rows) values[row] = column[row];
  }

  ExpressionPtr condition_, then_, otherwise_;
};

class Coalesce : public Expression {
 public:
  Coalesce(std::vector<ExpressionPtr> operands, Site site)
      : Expression(std::move(site)), operands_(std::move(operands)) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    Evaluation handled = evaluation;
    handled.counted = false;
    Value* const values = evaluation.batch.new_values();
    std::vector<Row> open(rows.begin(), rows.end());
    for (const ExpressionPtr& operand : operands_) {
      if (open.empty()) break;
      const bool last = &operand == &operands_.back();
      const Column column = operand->evaluate(last ? evaluation : handled, open);
      std::erase_if(open, [&](Row row) {
        values[row] = column[row];
        return !is_nothing(column[row]);
      });
    }
    return {values};
  }

 private:
  std::vector<ExpressionPtr> operands_;
};

}  // namespace

ExpressionPtr make_junction(bool decisive, std::vector<ExpressionPtr> operands, Site site) {
  return std::make_shared<Junction>(decisive, std::move(operands), std::move(site));
}

ExpressionPtr make_not(ExpressionPtr of, Site site) {
  return std::make_shared<Not>(std::move(of), std::move(site));
}

ExpressionPtr make_choice(ExpressionPtr condition, ExpressionPtr then, ExpressionPtr otherwise,
                          Site site) {
  return std::make_shared<Choice>(std::move(condition), std::move(then), std::move(otherwise),
                                  std::move(site));
}

ExpressionPtr make_coalesce(std::vector<ExpressionPtr> operands, Site site) {
  return std::make_shared<Coalesce>(std::move(operands), std::move(site));
}

}  // namespace riffle
