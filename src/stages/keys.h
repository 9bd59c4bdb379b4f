// KEYS: a list of names or `name = EXPR` by which a stage tells records apart.
#pragma once

#include <vector>

#include "expression/check.h"
#include "stages/stage.h"

namespace riffle {

struct Key {
  Name name;
  ExpressionPtr value;
};

// The keys that the argument (`--by`) names, bound to the setup's shape; none when it is not given.
// Two that cannot stand side by side are a mistake (Error, usage).
std::vector<Key> keys_of(const Setup& setup, std::string_view argument);

// Their values for the living rows.
std::vector<Column> values_of(const std::vector<Key>& keys, Batch& batch, Effects& effects);

}  // namespace riffle
