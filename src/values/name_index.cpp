#include "values/name_index.h"

#include <algorithm>

namespace riffle {

std::size_t NameIndex::find(std::string_view name) const {
  if (names_.size() <= few) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return found == names_.end() ? none : static_cast<std::size_t>(found - names_.begin());
  }
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? none : found->second;
}

std::pair<std::size_t, bool> NameIndex::add(std::string_view name) {
  if (const std::size_t known = find(name); known != none) return {known, false};
  names_.push_back(name);
  if (names_.size() > few)
    for (std::size_t i = numbers_.size(); i < names_.size(); i++) numbers_.emplace(names_[i], i);
  return {names_.size() - 1, true};
}

void NameIndex::clear() {
  names_.clear();
  numbers_.clear();
}

std::span<const Member> distinct_members(std::span<const Member> members, Memory& memory) {
  NameIndex names;
  std::vector<Member> distinct;
  for (const Member& member : members) {
    const auto [place, is_new] = names.add(member.name);
    if (is_new)
      distinct.push_back(member);
    else
      distinct[place] = member;
  }
  if (distinct.size() == members.size()) return members;
  return memory.copy(std::span<const Member>(distinct));
}

}  // namespace riffle
