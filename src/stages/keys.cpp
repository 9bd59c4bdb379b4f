#include "stages/keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/error.h"

namespace riffle {

std::vector<Key> keys_of(const Setup& setup, std::string_view argument) {
  std::vector<Key> keys;
  if (!setup.arguments.has(argument)) return keys;
  const auto text = setup.text(argument);
  for (const Item& item : parse_items(text, true)) {
    const auto fail = [&](std::string_view message) {
      return usage_error_at(fmt::format("{}: {}", setup.stage, message), text->text, item.position, item.length);
    };
    if (item.pattern) throw fail("a key is one field; a pattern names several");
    if (std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name.literal == item.name.literal; }))
      throw fail(fmt::format("two keys are called '{}'", item.name.literal));
    keys.push_back({item.name, item.value ? riffle::bind(*item.value, text, setup.shape, setup.settings)
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
