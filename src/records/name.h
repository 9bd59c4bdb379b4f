// Name: how a pipeline names a field. `user.id` is first looked for as the literal key "user.id",
// then as a path; a name in backquotes, or one without a dot, is literal only.
#pragma once

#include <string>
#include <vector>

namespace riffle {

struct Name {
  std::string literal;            // the whole name, backquotes taken off
  std::vector<std::string> path;  // its steps; one step: literal only

  bool is_path() const { return path.size() > 1; }
  bool operator==(const Name&) const = default;
};

inline Name literal_name(std::string text) { return {text, {text}}; }

}  // namespace riffle
