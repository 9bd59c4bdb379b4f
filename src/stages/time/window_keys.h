// The keys of windows that are of one key's records each (`window session --by`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stages/keys.h"

namespace riffle {

// --by, of windows that are one key's.
Parameter window_keys();

class WindowKeys {
 public:
  // Those of --by, none without it; they get slots in `fields`. Throws Error (usage).
  WindowKeys(Setup& setup, WindowFields& fields);

  // Fills their columns for the living rows.
  void set(Batch& batch, Effects& effects) const;
  // A row's key; valid until the next call.
  std::string_view text_of(const Batch& batch, Row row);

 private:
  std::vector<Key> keys_;
  std::vector<std::size_t> slots_;
  std::string text_;
};

}  // namespace riffle
