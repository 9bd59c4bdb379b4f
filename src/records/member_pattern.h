// Patterns of names with `*`, as `select`, `drop` and `unpivot` take them. A dot in a pattern is a
// step into a map, as in a path: `user.*` takes the members of `user`; a key of a whole dotted name
// (a CSV column `user.id`) is matched as it is. What a pattern takes is taken whole: `cpu_*` does
// not look into a map `cpu_0`.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// Whether the pattern takes any of the members.
bool takes_any(std::string_view pattern, std::span<const Member> members, Memory& memory);

// What the pattern takes of the members, inside maps of their own: the rest of these is left out.
std::vector<Member> taken_by(std::string_view pattern, std::span<const Member> members,
                             Memory& memory);

// The members without what the pattern takes. A map stays, also when nothing is left in it.
std::vector<Member> without_taken(std::string_view pattern, std::span<const Member> members,
                                  Memory& memory);

// The members, with what `change` makes of each value that one of the patterns takes: it is called
// once for a value.
using ChangeTaken = std::function<Value(const Value& value)>;
std::vector<Member> with_taken_changed(std::span<const std::string_view> patterns,
                                       std::span<const Member> members, Memory& memory,
                                       const ChangeTaken& change);

// Calls `visit` with each value that the pattern takes and its name, a path where it is inside a
// map. The name lives as long as `memory`.
using VisitTaken = std::function<void(std::string_view name, const Value& value)>;
void visit_taken(std::string_view pattern, std::span<const Member> members, Memory& memory,
                 const VisitTaken& visit);

}  // namespace riffle
