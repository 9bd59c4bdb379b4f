// Path templates: 'by/{service}/{user.name}.csv', a file's name for each key.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expression/syntax.h"

namespace riffle {

struct PathTemplate {
  struct Key {
    Name name;
    std::shared_ptr<const Text> text;  // what stands in the braces
  };

  std::vector<std::string> texts;  // before, between and after the keys: one more than keys
  std::vector<Key> keys;
};

// Throws Error (usage, with a caret).
PathTemplate parse_path_template(const Text& text);

}  // namespace riffle
