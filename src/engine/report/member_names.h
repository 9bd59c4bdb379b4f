// The names that records have, as a user would type them: for suggestions and completions.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// Names in the order in which they first appear; members of maps as paths (`user.id`), some levels
// deep.
class MemberNames {
 public:
  void add(std::span<const Member> record, Memory& memory) { add(record, "", memory, 1); }
  std::vector<std::string> take() { return std::move(names_); }

 private:
  void add(std::span<const Member> members, const std::string& path, Memory& memory,
           std::size_t depth);

  std::vector<std::string> names_;
  std::set<std::string> seen_;
};

}  // namespace riffle
