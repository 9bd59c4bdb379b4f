#include "data/flat_members.h"

#include <algorithm>

#include "data/decode.h"
#include "data/record.h"

namespace riffle {

bool is_map(const Value& value) { return value.kind == Kind::map || (value.kind == Kind::json && value.text[0] == '{'); }

std::span<const NamedValue> FlatMembers::of(const Batch& batch, Row row, Memory& memory) {
  members(batch, row, memory, record_);
  flat_.clear();
  for (const Member& member : record_) flatten(member.name, member.value, memory);
  return flat_;
}

std::span<const NamedValue> FlatMembers::of(std::string_view name, const Value& value, Memory& memory) {
  flat_.clear();
  flatten(name, value, memory);
  return flat_;
}

void FlatMembers::flatten(std::string_view name, const Value& value, Memory& memory) {
  const Value map = is_map(value) ? decode(value, memory) : value;
  if (map.kind != Kind::map || map.size == 0) {
    flat_.push_back({name, map});
    return;
  }
  for (const Member& member : map.map()) {
    char* const path = memory.allocate<char>(name.size() + 1 + member.name.size());
    *std::copy(name.begin(), name.end(), path) = '.';
    std::copy(member.name.begin(), member.name.end(), path + name.size() + 1);
    flatten({path, name.size() + 1 + member.name.size()}, member.value, memory);
  }
}

}  // namespace riffle
