// =~ and !~, by RE2: linear time whatever the pattern.
#include <fmt/format.h>
#include <re2/re2.h>

#include <stdexcept>
#include <string>

#include "expression/failure.h"
#include "expression/nodes.h"
#include "functions/regex_argument.h"
#include "text/text_map.h"
#include "values/decode.h"
#include "values/kinds.h"

namespace riffle {
namespace {

using Pattern = std::shared_ptr<const RE2>;

Pattern compile(std::string_view pattern) {
  return std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), RE2::Quiet);
}

Verdict matches(const Value& subject, const RE2& pattern, bool negated, Memory& memory) {
  if (is_nothing(subject)) return Verdict::unknown;
  if (!is_scalar(subject)) return Verdict::failed;
  const std::string_view text = text_of(subject, memory);
  return verdict(RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern) != negated);
}

class Match : public Expression {
 public:
  Match(ExpressionPtr subject, Pattern pattern, bool negated, Site site)
      : Expression(std::move(site)),
        subject_(std::move(subject)),
        pattern_(std::move(pattern)),
        negated_(negated) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column subject = subject_->evaluate(evaluation, rows);
    return verdicts(
        evaluation, rows, site(),
        [&](Row row) { return matches(subject[row], *pattern_, negated_, evaluation.memory()); },
        [&](Row row) { return described(subject[row]); });
  }

  void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const override {
    const Column subject = subject_->evaluate(evaluation, rows);
    keep_yes(
        evaluation, rows, site(),
        [&](Row row) { return matches(subject[row], *pattern_, negated_, evaluation.memory()); },
        [&](Row row) { return described(subject[row]); });
  }

 private:
  ExpressionPtr subject_;
  Pattern pattern_;
  bool negated_;
};

// The patterns of one batch: few are different, as a rule.
class Patterns {
 public:
  const RE2& operator[](std::string_view text) {
    if (compiled_.size() >= most) compiled_.clear();
    Pattern& pattern = compiled_[text];
    if (!pattern) pattern = compile(text);
    return *pattern;
  }

 private:
  static constexpr std::size_t most = 64;
  TextMap<Pattern> compiled_;
};

class MatchOfTwo : public Expression {
 public:
  MatchOfTwo(ExpressionPtr subject, ExpressionPtr pattern, bool negated, Site site)
      : Expression(std::move(site)),
        subject_(std::move(subject)),
        pattern_(std::move(pattern)),
        negated_(negated) {}

  Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const override {
    const Column subject = subject_->evaluate(evaluation, rows),
                 pattern = pattern_->evaluate(evaluation, rows);
    Memory& memory = evaluation.memory();
    Patterns patterns;
    const auto test = [&](Row row) {
      if (is_nothing(subject[row]) || is_nothing(pattern[row])) return Verdict::unknown;
      if (!is_scalar(pattern[row])) return Verdict::failed;
      const RE2& compiled = patterns[text_of(pattern[row], memory)];
      return compiled.ok() ? matches(subject[row], compiled, negated_, memory) : Verdict::failed;
    };
    const auto why_failed = [&](Row row) {
      const Value sides[] = {subject[row], pattern[row]};
      const std::string nested = why_scalars_failed(sides);
      return nested.empty() ? fmt::format("{} is not a regex: {}", shown(pattern[row]),
                                          patterns[text_of(pattern[row], memory)].error())
                            : nested;
    };
    return verdicts(evaluation, rows, site(), test, why_failed);
  }

 private:
  ExpressionPtr subject_, pattern_;
  bool negated_;
};

}  // namespace

ExpressionPtr make_match(ExpressionPtr subject, ExpressionPtr pattern, bool negated, Site site) {
  const Value* const constant = constant_of(*pattern);
  if (!constant || is_nothing(*constant) || !is_scalar(*constant))
    return std::make_shared<MatchOfTwo>(std::move(subject), std::move(pattern), negated,
                                        std::move(site));
  Memory memory;
  Pattern compiled = compile_constant_regex(text_of(*constant, memory));
  if (!compiled->ok()) throw std::invalid_argument(compiled->error());
  return std::make_shared<Match>(std::move(subject), std::move(compiled), negated, std::move(site));
}

}  // namespace riffle
