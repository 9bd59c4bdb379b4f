// What the kinds of join have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expression/syntax.h"
#include "stages/stage.h"

namespace riffle {

enum class JoinKind { inner, left, semi, anti };

// What a join's words say of its two sides. Throws Error (usage).
struct JoinSides {
  explicit JoinSides(const Setup& setup);

  JoinKind kind;
  bool adds_fields;  // inner, left
  std::string file;
  std::vector<ExpressionPtr> keys, other_keys;
  Shape other = Shape::of_source();  // of the file's records
  // The file's members that are not added: its keys, sorted.
  std::vector<std::string> left_out;
  ExpressionPtr time, other_time;  // of --asof or --time; none without

  // For messages.
  std::string shown_file() const;
};

// `join --within`.
Planned make_join_within(Setup& setup, JoinSides sides);

}  // namespace riffle
