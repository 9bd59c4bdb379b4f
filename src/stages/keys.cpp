#include "stages/keys.h"

#include <fmt/format.h>

#include "stages/names.h"
#include "values/error.h"

namespace riffle {

std::vector<Key> keys_of(const Setup& setup, std::string_view argument) {
  std::vector<Key> keys;
  std::vector<Name> names;
  if (!setup.arguments.has(argument)) return keys;
  const auto text = setup.text(argument);
  for (const Item& item : parse_items(text, true)) {
    const auto fail = [&](std::string_view message) {
      return usage_error_at(fmt::format("{}: {}", setup.stage, message), text->text, item.position,
                            item.length);
    };
    if (item.pattern) throw fail("a key is one field; a pattern names several");
    if (const std::string reason = clash(item.name, names); !reason.empty()) throw fail(reason);
    if (item.value && setup.shape.window && is_of_window(*setup.shape.window, item.name))
      throw fail(window_bound_taken);
    names.push_back(item.name);
    keys.push_back({item.name, item.value
                                   ? riffle::bind(*item.value, text, setup.shape, setup.settings)
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
