// A record as names and values, nested ones by their paths (`user.id`).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"

namespace riffle {

struct NamedValue {
  std::string_view name;
  Value value;
};

// The members of a row, nested ones by their paths; an empty map stays one value. What they point
// to lives as long as the batch or `memory`.
class FlatMembers {
 public:
  std::span<const NamedValue> of(const Batch& batch, Row row, Memory& memory);
  // Of a record, which is there as long as this is asked about it.
  std::span<const NamedValue> of(std::span<const Member> record, Memory& memory);
  // Of one member.
  std::span<const NamedValue> of(std::string_view name, const Value& value, Memory& memory);

  // A name that two members of the last record have by different paths: `a.b` in
  // {"a.b":1,"a":{"b":2}}. Nothing: there is none. A key that stands twice is one path.
  std::optional<std::string> shared_name(Memory& memory) const;

 private:
  void flatten(std::string_view name, const Value& value, Memory& memory);

  std::vector<Member> row_;
  std::span<const Member> record_;
  std::vector<NamedValue> flat_;
  bool nests_ = false, has_dotted_key_ = false;  // the last record, in its maps
};

// Why a writer with columns refuses a record that has such a name.
std::string shared_column(std::string_view name);

// A map, which stands in several columns.
bool is_map(const Value& value);

}  // namespace riffle
