// A record as names and values, nested ones by their paths (`user.id`).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "data/batch.h"

namespace riffle {

struct NamedValue {
  std::string_view name;
  Value value;
};

// The members of a row, nested ones by their paths; an empty map stays one value. What they point to lives as long as the
// batch or `memory`.
class FlatMembers {
 public:
  std::span<const NamedValue> of(const Batch& batch, Row row, Memory& memory);
  // Of one member.
  std::span<const NamedValue> of(std::string_view name, const Value& value, Memory& memory);

 private:
  void flatten(std::string_view name, const Value& value, Memory& memory);

  std::vector<Member> record_;
  std::vector<NamedValue> flat_;
};

// A map, which stands in several columns.
bool is_map(const Value& value);

}  // namespace riffle
