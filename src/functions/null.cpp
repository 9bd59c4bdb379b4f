// Null and missing.
#include "functions/families.h"
#include "values/decode.h"
#include "values/kinds.h"
#include "values/order.h"

namespace riffle {
namespace {

Value coalesce(FunctionCall& call) {
  for (const Value& argument : call.arguments)
    if (!is_nothing(argument)) return argument;
  return null_value();
}

Value null_if(FunctionCall& call) {
  return equal(call[0], call[1], call.memory) ? null_value() : call[0];
}

Value exists(FunctionCall& call) { return boolean_value(!call[0].is_missing()); }

Value type(FunctionCall& call) { return text_value(type_name(decode(call[0], call.memory).kind)); }

}  // namespace

std::vector<Function> null_functions() {
  Rows rows("null");
  const auto add = [&rows](std::string_view usage, std::string_view result, int least, int most,
                           Value (*call)(FunctionCall&), std::string_view summary,
                           std::string_view nulls, std::vector<Example> examples) -> Function& {
    Function& row = rows.add(usage, result, least, most, call, summary, std::move(examples));
    row.takes_null = true;
    row.nulls = nulls;
    return row;
  };
  add("coalesce(x, ...)", "as x", 1, any_number, coalesce,
      "the first argument that is neither null nor missing; a failure in any but the last counts "
      "as null",
      "null if all are",
      {{"coalesce(null, 2, 3)", "2"},
       {"coalesce(null, null)", "null"},
       {"coalesce(int('n/a'), 0)", "0"}})
      .handles_failures = true;
  add("if_null(x, y)", "as x", 2, 2, coalesce, "x, or y where x is null or missing", "y",
      {{"if_null(null, 'none')", R"("none")"}, {"if_null(0, 1)", "0"}});
  add("null_if(x, y)", "as x", 2, 2, null_if, "null where x equals y, or else x",
      "null where x is, or else x",
      {{"null_if('-', '-')", "null"}, {"null_if(5, '-')", "5"}, {"null_if(5, null)", "5"}});
  add("exists(x)", "boolean", 1, 1, exists, "whether the record has x, null included",
      "true; false for a missing field", {{"exists(null)", "true"}, {"exists(1)", "true"}});
  add("type(x)", "text", 1, 1, type,
      "missing, null, boolean, integer, real, time, duration, text, list or map",
      "\"null\" or \"missing\"",
      {{"type(1)", R"("integer")"},
       {"type(1.5)", R"("real")"},
       {"type('1')", R"("text")"},
       {"type(1h)", R"("duration")"},
       {"type(null)", R"("null")"}});
  return rows.take();
}

}  // namespace riffle
