// What the kinds of join have in common.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "expression/syntax.h"
#include "stages/stage.h"

namespace riffle {

enum class JoinKind { inner, left, semi, anti, full };

// What a join's words say of its two sides. Throws Error (usage).
struct JoinSides {
  explicit JoinSides(const Setup& setup);

  JoinKind kind;
  bool adds_fields;  // inner, left, full
  std::string file;
  std::vector<ExpressionPtr> keys, other_keys;
  Shape other = Shape::of_source();  // of the file's records
  // The file's members that are not added: its keys, sorted.
  std::vector<std::string> left_out;
  ExpressionPtr time, other_time;  // of --asof or --time; none without

  // For messages.
  std::string shown_file() const;
};

class JoinTable;

// `join --kind full`. `left`: the same join of kind left, by `keys`, with a table that keeps all
// records; the shape is that of its results.
Planned make_full_join(Setup& setup, std::shared_ptr<const RecordStage> left,
                       std::vector<ExpressionPtr> keys, std::shared_ptr<const JoinTable> table);

// `join --within`.
Planned make_join_within(Setup& setup, JoinSides sides);

}  // namespace riffle
