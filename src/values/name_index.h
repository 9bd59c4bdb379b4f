// Which names have come, for the members of a record: mostly they are few, and looking at each is
// fastest; of many they are found by their hash.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "text/text_map.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

class NameIndex {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  // How many other names came before this one, or `none`.
  std::size_t find(std::string_view name) const;
  // The same, of a name that has come now; and whether it came for the first time. Its bytes
  // outlive this.
  std::pair<std::size_t, bool> add(std::string_view name);
  void clear();

 private:
  static constexpr std::size_t few = 16;

  std::vector<std::string_view> names_;
  TextViewMap<std::size_t> numbers_;  // of more than a few
};

// A map's members without those whose name comes again: the last one counts, in the first one's
// place.
std::span<const Member> distinct_members(std::span<const Member> members, Memory& memory);

}  // namespace riffle
