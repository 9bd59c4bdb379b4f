// Record: what is around the values of a record.
#include <cstdlib>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"

namespace riffle {
namespace {

// Nothing in riffle changes the environment: getenv may be called by all threads.
Value env(Call& call) {
  const auto name = text_argument(call, 0);
  if (!name) return call.fail();
  const char* const value = std::getenv(std::string(*name).c_str());
  if (!value) return null_value();
  return is_utf8(value) ? text_value(call.memory.copy(std::string_view(value))) : call.fail();
}

}  // namespace

std::vector<Function> record_functions() {
  Rows rows("record");
  rows.add("env(name)", "text", 1, 1, env, "the text of an environment variable; null when there is none of that name",
           {{"env('RIFFLE_NO_SUCH_VARIABLE')", "null"}, {"env(null)", "null"}});
  return rows.take();
}

}  // namespace riffle
