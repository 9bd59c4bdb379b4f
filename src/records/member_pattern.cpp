#include "records/member_pattern.h"

#include <string>

#include "records/shape.h"
#include "values/decode.h"

namespace riffle {
namespace {

// What a pattern takes of one member.
struct Taken {
  bool whole = false;
  // Not missing: only what is inside it, by the pattern's further steps.
  Value map = {};
  std::string_view below = {};
};

Taken taken_of(std::string_view pattern, const Member& member, Memory& memory) {
  if (matches(pattern, member.name)) return {true};
  const std::size_t dot = pattern.find('.');
  if (dot == pattern.npos || !matches(pattern.substr(0, dot), member.name)) return {};
  const Value value = decode(member.value, memory);
  return value.kind == Kind::map ? Taken{false, value, pattern.substr(dot + 1)} : Taken{};
}

Member inside(const Member& member, const std::vector<Member>& members, Memory& memory) {
  return {member.name, map_value(memory.copy(std::span<const Member>(members)))};
}

void visit_at(const std::string& path, std::string_view pattern, std::span<const Member> members,
              Memory& memory, const VisitTaken& visit) {
  for (const Member& member : members) {
    const Taken taken = taken_of(pattern, member, memory);
    const std::string name = path + std::string(member.name);
    if (taken.whole)
      visit(memory.copy(std::string_view(name)), member.value);
    else if (!taken.map.is_missing())
      visit_at(name + ".", taken.below, taken.map.map(), memory, visit);
  }
}

}  // namespace

bool takes_any(std::string_view pattern, std::span<const Member> members, Memory& memory) {
  for (const Member& member : members) {
    const Taken taken = taken_of(pattern, member, memory);
    if (taken.whole || (!taken.map.is_missing() && takes_any(taken.below, taken.map.map(), memory)))
      return true;
  }
  return false;
}

std::vector<Member> taken_by(std::string_view pattern, std::span<const Member> members,
                             Memory& memory) {
  std::vector<Member> result;
  for (const Member& member : members) {
    const Taken taken = taken_of(pattern, member, memory);
    if (taken.whole) {
      result.push_back(member);
    } else if (!taken.map.is_missing()) {
      const std::vector<Member> below = taken_by(taken.below, taken.map.map(), memory);
      if (!below.empty()) result.push_back(inside(member, below, memory));
    }
  }
  return result;
}

std::vector<Member> without_taken(std::string_view pattern, std::span<const Member> members,
                                  Memory& memory) {
  std::vector<Member> result;
  for (const Member& member : members) {
    const Taken taken = taken_of(pattern, member, memory);
    if (taken.whole) continue;
    const bool is_changed =
        !taken.map.is_missing() && takes_any(taken.below, taken.map.map(), memory);
    result.push_back(
        is_changed ? inside(member, without_taken(taken.below, taken.map.map(), memory), memory)
                   : member);
  }
  return result;
}

std::vector<Member> with_taken_changed(std::span<const std::string_view> patterns,
                                       std::span<const Member> members, Memory& memory,
                                       const ChangeTaken& change) {
  std::vector<Member> result;
  for (const Member& member : members) {
    bool is_whole = false;
    std::vector<std::string_view> below;
    Value map;
    for (const std::string_view pattern : patterns) {
      const Taken taken = taken_of(pattern, member, memory);
      is_whole = is_whole || taken.whole;
      if (taken.map.is_missing()) continue;
      map = taken.map;
      below.push_back(taken.below);
    }
    if (is_whole)
      result.push_back({member.name, change(member.value)});
    else if (below.empty())
      result.push_back(member);
    else
      result.push_back(
          inside(member, with_taken_changed(below, map.map(), memory, change), memory));
  }
  return result;
}

void visit_taken(std::string_view pattern, std::span<const Member> members, Memory& memory,
                 const VisitTaken& visit) {
  visit_at("", pattern, members, memory, visit);
}

}  // namespace riffle
