#include "engine/report/member_names.h"

#include "values/decode.h"

namespace riffle {

void MemberNames::add(std::span<const Member> members, const std::string& path, Memory& memory,
                      std::size_t depth) {
  constexpr std::size_t most_names = 1000, deepest = 4;
  for (const Member& member : members) {
    if (names_.size() == most_names) return;
    const std::string name = path + std::string(member.name);
    if (seen_.insert(name).second) names_.push_back(name);
    const Value value = decode(member.value, memory);
    if (value.kind == Kind::map && depth < deepest) add(value.map(), name + ".", memory, depth + 1);
  }
}

}  // namespace riffle
