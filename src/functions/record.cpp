// Record: the record as a whole, where it came from, and what is around it.
#include <cstdlib>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"

namespace riffle {
namespace {

// Nothing in riffle changes the environment: getenv may be called by all threads.
Value env(FunctionCall& call) {
  const auto name = text_argument(call, 0);
  if (!name) return call.fail();
  const char* const value = std::getenv(std::string(*name).c_str());
  if (!value) return null_value();
  return is_utf8(value) ? text_value(call.memory.copy(std::string_view(value))) : call.fail();
}

// Where a record of the input came from; null: it is none.
const Position* position_of(const FunctionCall& call) {
  return call.batch && call.batch->origin.positions ? &call.batch->origin.positions[call.row]
                                                    : nullptr;
}

Value line_number(FunctionCall& call) {
  const Position* const position = position_of(call);
  return position ? integer_value(static_cast<std::int64_t>(position->line)) : null_value();
}

Value file_name(FunctionCall& call) {
  const Position* const position = position_of(call);
  if (!position) return null_value();
  const std::string& name = call.settings.inputs[position->input];
  return is_utf8(name) ? text_value(name) : call.fail();
}

}  // namespace

std::vector<Function> record_functions() {
  Rows rows("record");
  Function& record =
      rows.add("record()", "map", 0, 0, nullptr,
               "the whole record, with what the assignments to the left have made of it",
               {{"record()", "{\"id\":7}"}});
  record.is_record = true;
  record.constant = false;
  rows.add("line_number()", "integer", 0, 0, line_number,
           "the line of its input at which the record begins, from 1; null after stages that make "
           "records of others",
           {{"line_number()", "7"}})
      .constant = false;
  rows.add("file_name()", "text", 0, 0, file_name,
           "the input that the record came from, as it is named on the command line, - for "
           "standard input; null where line_number() is",
           {{"file_name()", "\"in.ndjson\""}})
      .constant = false;
  rows.add("env(name)", "text", 1, 1, env,
           "the text of an environment variable; null when there is none of that name",
           {{"env('RIFFLE_NO_SUCH_VARIABLE')", "null"}, {"env(null)", "null"}});
  return rows.take();
}

}  // namespace riffle
