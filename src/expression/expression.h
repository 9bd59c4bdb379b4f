// Expression: checked and bound to the columns of a Shape; evaluated a batch per node. Immutable: threads may share it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "data/batch.h"
#include "expression/syntax.h"
#include "time/settings.h"

namespace riffle {

// A place in the pipeline's text where an operation can fail. Its address identifies it.
struct Site {
  std::shared_ptr<const Text> text;
  std::size_t position = 0, length = 0;
  std::string operation;  // "int()", "+"
  std::string hint = {};  // what may help; may be empty
};

// The values of a lambda's parameters while its body is evaluated; `outer` is the frame of the lambda around it.
struct Frame {
  std::span<const Value> parameters;
  const Frame* outer = nullptr;
};

// What an evaluation works on.
struct Evaluation {
  Batch& batch;          // columns are read; new ones are made in batch.memory
  Effects& effects;      // errors go here
  bool counted = true;   // false on the left of `??`: a failure there is handled
  const Frame* frame = nullptr;  // inside a lambda's body

  Memory& memory() const { return *batch.memory; }
  // An operation failed: it gives null, and is counted.
  Value fail(Row row, const Site* site) {
    if (counted) effects.errors.push_back({batch.position(row), site});
    return null_value();
  }
};

class Expression {
 public:
  virtual ~Expression() = default;
  // The values for `rows` (any rows of the batch, in any order, each at most once). They live as long as the batch.
  virtual Column evaluate(Evaluation& evaluation, std::span<const Row> rows) const = 0;
  // Keeps the rows for which this is true. What is neither boolean nor null is an error, and not kept.
  virtual void keep_true(Evaluation& evaluation, std::vector<Row>& rows) const;

  const Site& site() const { return site_; }
  // Where its value is used as a condition, and is neither boolean nor null.
  const Site& truth_site() const { return truth_site_; }

 protected:
  explicit Expression(Site site);

 private:
  Site site_, truth_site_;
};

using ExpressionPtr = std::shared_ptr<const Expression>;

}  // namespace riffle
