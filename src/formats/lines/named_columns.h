// The columns of a batch whose lines have the members that a header names.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "records/batch.h"

namespace riffle {

class NamedColumns {
 public:
  // A batch of `most` rows at most begins; `header` names the values of each.
  void start(Batch& batch, std::shared_ptr<const Header> header, std::size_t most);
  // The values of a row, one for each name.
  void set(Row row, std::span<const Value> values) const;

 private:
  struct Filled {
    std::size_t name;
    std::uint8_t flags;
    Value* values;
  };
  std::vector<Filled> filled_;
};

}  // namespace riffle
