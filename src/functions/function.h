// Scalar functions: one row each, in a table. To add one: write it in its family's file, and add
// its row there.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "functions/lambda.h"
#include "functions/settings.h"
#include "records/batch.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// One call for one record. Arguments are as they came, untouched ones included: number_of, text_of
// and decode (decode.h) give what a function needs.
struct FunctionCall {
  std::span<const Value> arguments;
  Memory& memory;
  const Settings& settings;
  const void* prepared = nullptr;  // what `prepare` made of the constant arguments
  const Batch* batch = nullptr;    // of the record that it is for; null: a constant is computed
  Row row = 0;
  // The argument `lambda_argument`, whose place in `arguments` holds a missing value; null: none.
  const Lambda* lambda = nullptr;
  bool failed = false;

  const Value& operator[](std::size_t i) const { return arguments[i]; }
  std::size_t size() const { return arguments.size(); }
  // The operation cannot be done: null, counted.
  Value fail() {
    failed = true;
    return null_value();
  }
};

// The arguments as far as they are constants, before any record is read (null: not a constant).
struct Preparation {
  std::span<const Value* const> arguments;
  const Settings& settings;
  Memory& memory;
  // Another one for each call in the pipeline; of functions that are `in_order`
  std::uint64_t seed = 0;
};

struct Example {
  std::string_view expression, result;  // the result as JSON; empty: an error
};

struct Function {
  std::string_view name;
  // "text", "regex", "number", "time", "list and map", "conversion", "null", ...
  std::string_view family;
  std::string_view usage;  // "substr(text, start[, end])"
  // Its kind: "text", "integer", "number", "list", "as x", "any", ...; null as well.
  std::string_view result;
  std::string_view summary;       // one sentence
  std::string_view hint;          // what may help when it fails; "" otherwise
  std::string_view nulls;         // what null gives, where that is not null: "" otherwise
  int least = 1, most = 1;        // arguments
  std::vector<Example> examples;  // run as tests
  Value (*call)(FunctionCall& call) = nullptr;
  // Not null: compiles constant arguments (a regex, a unit) once; may throw std::invalid_argument
  // with the reason.
  std::shared_ptr<const void> (*prepare)(const Preparation& preparation) = nullptr;
  // Call it for null and missing arguments too; otherwise one of them gives null.
  bool takes_null = false;
  int raw_argument = -1;  // a literal there is raw, as right of =~ (a regex)
  // Not empty: argument 1 is a part of a text as it is, and this is the expression for a regex,
  // where {0}, {1}, ... are the arguments.
  std::string_view instead_for_regex;
  // Same arguments, same result: folds when all arguments are constants.
  bool constant = true;
  // Its results depend on the calls before: those of one stage come record by record.
  bool in_order = false;
  bool is_record = false;  // its value is the whole record: `call` is null
  // That argument is a lambda: check.cpp gives the function its body (see lambda.h).
  int lambda_argument = -1;
  int lambda_parameters = 1;        // how many parameters that lambda has
  bool lambda_is_optional = false;  // that argument may be another one instead
  // A failure in any argument but the last is neither counted nor strict (coalesce).
  bool handles_failures = false;
  // A literal 1mo or 1y may stand there: the function gets it as the text "1mo"
  int calendar_argument = -1;
};

// All functions, by family, in the order in which the manual lists them.
std::span<const Function> functions();
// Null: there is none of that name.
const Function* find_function(std::string_view name);

}  // namespace riffle
