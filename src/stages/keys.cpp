#include "stages/keys.h"

#include <fmt/format.h>

#include "arguments/names.h"
#include "values/error.h"

namespace riffle {

std::vector<Key> keys_of(const Setup& setup, std::string_view argument) {
  std::vector<Key> keys;
  for (const Item& item : setup.arguments.items(argument)) {
    const auto& text = setup.arguments.source(argument);
    if (item.value && setup.shape.window && is_of_window(*setup.shape.window, item.name))
      throw usage_error_at(fmt::format("{}: {}", setup.stage, window_bound_taken), text->text,
                           item.position, item.length);
    keys.push_back({item.name, item.value ? setup.bind(*item.value, argument)
                                          : bind_name(item.name, text, setup.shape)});
  }
  return keys;
}

std::vector<Column> values_of(const std::vector<Key>& keys, Batch& batch, Effects& effects) {
  Evaluation evaluation{batch, effects};
  std::vector<Column> values;
  for (const Key& key : keys) values.push_back(key.value->evaluate(evaluation, batch.rows));
  return values;
}

}  // namespace riffle
