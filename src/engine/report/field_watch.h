// Looks in the records that come to a step for the fields that its arguments name, where only the
// records can tell whether one has them: after `flatten`, `pivot` or `parse --as kv`, inside maps,
// and for patterns.
#pragma once

#include <span>
#include <vector>

#include "engine/pipeline.h"

namespace riffle {

class FieldWatch {
 public:
  // `fields` outlive this, and the effects.
  explicit FieldWatch(std::span<const WatchedField> fields);

  // Adds to `effects` the first record that has each field, and the first that has not, among all
  // batches that this has seen. Once a field is found it costs nothing.
  void look_at(const Batch& batch, Effects& effects);

 private:
  struct Watched {
    const WatchedField* field;
    bool missed = false;
  };

  std::vector<Watched> sought_;  // not found yet
};

}  // namespace riffle
