// Expression: checked and bound to the columns of a Shape; evaluated a batch per node. Immutable:
// threads may share it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/syntax.h"
#include "functions/settings.h"
#include "records/batch.h"

namespace riffle {

// A place in the pipeline's text where an operation can fail. Its address identifies it.
struct Site {
  struct Span {
    std::size_t position = 0, length = 0;
  };

  std::shared_ptr<const Text> text;
  Span span;                        // of the expression in the text
  std::vector<Span> operands = {};  // of what it is computed from
  // In place of the expression, where that does not say what failed: "line --as json"
  std::string name = {};
  bool is_condition = false;  // its value has to be true or false

  // As they are written, without parentheses around them.
  std::string_view expression() const {
    return name.empty() ? written(span) : std::string_view(name);
  }
  std::string_view operand(std::size_t i) const {
    return i < operands.size() ? written(operands[i]) : expression();
  }
  // What failed, for a message: "closed - opened", "condition status".
  std::string description() const;

 private:
  std::string_view written(Span span) const;
};

// The values of a lambda's parameters while its body is evaluated; `outer` is the frame of the
// lambda around it.
struct Frame {
  std::span<const Value> parameters;
  const Frame* outer = nullptr;
};

// What an evaluation works on.
struct Evaluation {
  Batch& batch;                  // columns are read; new ones are made in batch.memory
  Effects& effects;              // errors go here
  bool counted = true;           // false on the left of `??`: a failure there is handled
  const Frame* frame = nullptr;  // inside a lambda's body

  Memory& memory() const { return *batch.memory; }
  // An operation failed: it gives null, and is counted. `reason()` says why in a text (see
  // failure.h).
  template <typename Reason>
  Value fail(Row row, const Site& site, const Reason& reason) {
    if (counted) effects.fail(batch.position(row), &site, reason);
    return null_value();
  }
};

class Expression {
 public:
  virtual ~Expression() = default;
  // The values for `rows` (any rows of the batch, in any order, each at most once). They live as
  // long as the batch.
  virtual Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const = 0;
  // Keeps the rows for which this is true. What is neither boolean nor null is an error, and not
  // kept.
  virtual void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const;

  // Of a row for which this is not true: why it is true of no row like it, where that is a mistake
  // ("status is text"), and the repair. Empty: nothing is known.
  virtual std::string why_untrue(Evaluation&, Row) const { return {}; }

  const Site& site() const { return site_; }
  // Where its value is used as a condition, and is neither boolean nor null.
  const Site& truth_site() const { return truth_site_; }

 protected:
  explicit Expression(Site site);

 private:
  Site site_, truth_site_;
};

using ExpressionPtr = std::shared_ptr<const Expression>;

// The values of each expression.
std::vector<Column> evaluate(std::span<const ExpressionPtr> expressions, Evaluation& evaluation,
                             std::span<const Row> rows);
// For the living rows.
std::vector<Column> evaluate(std::span<const ExpressionPtr> expressions, Batch& batch,
                             Effects& effects);

}  // namespace riffle
