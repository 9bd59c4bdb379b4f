// A row as the record that it is: its members, in order. The definition of what a Shape means; a
// writer may be faster.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "records/batch.h"

namespace riffle {

// The members of row `row`, names as they will be written: nested paths of a closed shape are put
// together in maps (`user.id` and `user.name` in `user`), a name found as a literal key stays one.
// Missing values are left out. `members` is overwritten; what it points to lives as long as the
// batch or `memory`.
void members(const Batch& batch, Row row, Memory& memory, std::vector<Member>& members);

// The row as a record that `stage` refuses: its bytes as they came, or its members as JSON where
// those are gone.
Reject rejected(const Batch& batch, Row row, std::string_view stage, std::string_view reason);

// The value that a name finds in a row: see Shape::find.
Value find(const Batch& batch, Row row, const std::vector<Candidate>& candidates, Memory& memory);

// Whether a record with these members has the field: under a key of the whole name, or as a path.
bool has_field(std::span<const Member> record, const Name& name, Memory& memory);

// The member `name` of a map (its last, where the name stands twice); missing when there is none,
// or no map.
Value member_of(const Value& map, std::string_view name, Memory& memory);

// A map's members as a list of maps {key, value}; of a name that stands twice the last.
Value entries_of(std::span<const Member> map, Memory& memory);

// A copy of `map` with `value` at the end of the path; what is missing or no map on the way becomes
// one.
Value with_member(const Value& map, std::span<const std::string> path, const Value& value,
                  Memory& memory);
// A copy of `map` without the member at the end of the path; `map` itself when it has none.
Value without_member(const Value& map, std::span<const std::string> path, Memory& memory);

}  // namespace riffle
