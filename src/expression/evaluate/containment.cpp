// contains, in: text in text, element in list, key in map.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "functions/lambda_scope.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/kinds.h"
#include "values/number.h"

namespace riffle {
namespace {

Verdict list_contains(std::span<const Value> items, const Value& inner, Memory& memory,
                      const Zone& zone) {
  Verdict answer = Verdict::no;
  for (const Value& item : items) {
    const Verdict v = compare(Comparison::equal, item, inner, memory, zone);
    if (v == Verdict::yes) return v;
    if (v == Verdict::failed) answer = v;
  }
  return answer;
}

Verdict contains(const Value& outer, const Value& inner, Memory& memory, const Zone& zone) {
  if (is_nothing(outer) || is_nothing(inner)) return Verdict::unknown;
  if (is_scalar(outer)) {
    if (!is_scalar(inner)) return Verdict::failed;
    return verdict(text_of(outer, memory).find(text_of(inner, memory)) != std::string_view::npos);
  }
  const Value whole = LambdaScope::decoded(outer, memory);
  if (whole.kind == Kind::list) return list_contains(whole.list(), inner, memory, zone);
  if (!is_scalar(inner)) return Verdict::failed;
  return verdict(LambdaScope::find(whole.map(), text_of(inner, memory)) != nullptr);
}

Verdict negated_if(bool negated, Verdict v) {
  return negated && v <= Verdict::yes ? verdict(v == Verdict::no) : v;
}

// What is looked for is a list or a map where no list is, or it cannot be compared with the
// elements.
std::string why_containment_failed(const Value& outer, const Value& inner) {
  return is_scalar(inner) ? fmt::format("{}, {}", described(outer), described(inner))
                          : described(inner);
}

class Containment : public Condition {
 public:
  Containment(ExpressionPtr outer, ExpressionPtr inner, bool negated, const Zone& zone, Site site)
      : Condition(std::move(site)),
        outer_(std::move(outer)),
        inner_(std::move(inner)),
        negated_(negated),
        zone_(zone) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column outer = outer_->evaluate(evaluation, rows),
                 inner = inner_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(),
        [&](Row row) {
          return negated_if(negated_, contains(outer[row], inner[row], evaluation.memory(), zone_));
        },
        [&](Row row) { return why_containment_failed(outer[row], inner[row]); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column outer = outer_->evaluate(evaluation, rows),
                 inner = inner_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(),
        [&](Row row) {
          return negated_if(negated_, contains(outer[row], inner[row], evaluation.memory(), zone_));
        },
        [&](Row row) { return why_containment_failed(outer[row], inner[row]); });
  }

  std::string why_untrue(Evaluation& evaluation, Row row) const override {
    const Value* const inner = constant_of(*inner_);
    if (negated_) return {};
    if (const Value* const list = constant_of(*outer_); list && list->kind == Kind::list) {
      const Column of = inner_->evaluate(evaluation, {&row, 1});
      std::string why;
      for (const Value& item : list->list())
        if (why.empty()) why = why_never_equal(site().operand(0), of[row], item);
      return why;
    }
    if (!inner) return {};
    const Column outer = outer_->evaluate(evaluation, {&row, 1});
    return why_never_contained(site().operand(0), outer[row], *inner);
  }

  std::optional<int> safe_cost() const override {
    const Value* const constant = constant_of(*inner_);
    const bool safe = constant && is_scalar(*constant) && constant->kind != Kind::time &&
                      is_untouched_field(*outer_);
    return safe ? std::optional(15) : std::nullopt;
  }

 private:
  ExpressionPtr outer_, inner_;
  bool negated_;
  const Zone& zone_;
};

// In a constant list of texts.
class AmongTexts : public Condition {
 public:
  AmongTexts(std::span<const Value> texts, ExpressionPtr inner, bool negated, const Zone& zone,
             Site site)
      : Condition(std::move(site)), inner_(std::move(inner)), negated_(negated), zone_(zone) {
    for (const Value& text : texts) items_.push_back(deep_copy(text, memory_));
    for (const Value& item : items_) texts_.insert(item.view());
  }

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column inner = inner_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(), [&](Row row) { return test(inner[row], evaluation.memory()); },
        [&](Row row) { return described(inner[row]); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column inner = inner_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(), [&](Row row) { return test(inner[row], evaluation.memory()); },
        [&](Row row) { return described(inner[row]); });
  }

  std::string why_untrue(Evaluation& evaluation, Row row) const override {
    if (negated_ || items_.empty()) return {};
    const Column inner = inner_->evaluate(evaluation, {&row, 1});
    std::string why;
    for (const Value& item : items_)
      if (why.empty()) why = why_never_equal(site().operand(0), inner[row], item);
    return why;
  }

  std::optional<int> safe_cost() const override {
    return is_untouched_field(*inner_) ? std::optional(10) : std::nullopt;
  }

 private:
  Verdict test(const Value& value, Memory& memory) const {
    if (is_nothing(value)) return Verdict::unknown;
    if (is_textual(value)) return verdict(texts_.contains(text_of(value, memory)) != negated_);
    return negated_if(negated_, list_contains(items_, value, memory, zone_));
  }

  ExpressionPtr inner_;
  bool negated_;
  const Zone& zone_;
  Memory memory_;
  std::vector<Value> items_;
  TextViewSet texts_;
};

}  // namespace

ExpressionPtr make_containment(ExpressionPtr outer, ExpressionPtr inner, bool negated,
                               const Zone& zone, Site site) {
  const Value* const constant = constant_of(*outer);
  if (constant && constant->kind == Kind::list) {
    const std::span<const Value> items = constant->list();
    if (std::all_of(items.begin(), items.end(),
                    [](const Value& item) { return item.kind == Kind::text; }))
      return std::make_shared<AmongTexts>(items, std::move(inner), negated, zone, std::move(site));
  }
  return std::make_shared<Containment>(std::move(outer), std::move(inner), negated, zone,
                                       std::move(site));
}

}  // namespace riffle
