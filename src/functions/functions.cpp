#include "functions/families.h"

namespace riffle {
namespace {

std::vector<Function> table() {
  std::vector<Function> rows;
  const auto add = [&rows](std::vector<Function> family) {
    rows.insert(rows.end(), std::make_move_iterator(family.begin()),
                std::make_move_iterator(family.end()));
  };
  add(text_functions());
  add(format_functions());
  add(regex_functions());
  add(number_functions());
  add(time_functions());
  add(date_functions());
  add(list_functions());
  add(lambda_functions());
  add(conversion_functions());
  add(url_functions());
  add(user_agent_functions());
  add(null_functions());
  add(hash_functions());
  add(privacy_functions());
  add(network_functions());
  add(record_functions());
  return rows;
}

}  // namespace

std::span<const Function> functions() {
  static const std::vector<Function> rows = table();
  return rows;
}

const Function* find_function(std::string_view name) {
  for (const Function& function : functions())
    if (function.name == name) return &function;
  return nullptr;
}

}  // namespace riffle
