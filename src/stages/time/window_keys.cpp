#include "stages/time/window_keys.h"

#include <fmt/format.h>

#include "arguments/names.h"
#include "values/decode.h"
#include "values/error.h"

namespace riffle {

Parameter window_keys() {
  return {"--by", Parameter::Kind::keys,
          "names, or NAME = EXPR: each key has sessions, or counts, of its own"};
}

WindowKeys::WindowKeys(Setup& setup, WindowFields& fields) : keys_(keys_of(setup, "--by")) {
  for (const Key& key : keys_) {
    if (is_window_bound(key.name))
      throw usage_error(fmt::format("window: --by: {}", window_bound_taken));
    fields.keys.push_back({key.name, setup.shape.slots().add()});
    slots_.push_back(static_cast<std::size_t>(fields.keys.back().slot));
  }
}

void WindowKeys::set(Batch& batch, Effects& effects) const {
  const std::vector<Column> values = values_of(keys_, batch, effects);
  for (std::size_t i = 0; i < slots_.size(); i++) batch.columns[slots_[i]] = values[i];
}

std::string_view WindowKeys::text_of(const Batch& batch, Row row) {
  text_.clear();
  for (const std::size_t slot : slots_) append_key(batch.columns[slot][row], text_);
  return text_;
}

}  // namespace riffle
