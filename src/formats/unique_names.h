// The names of a header: one that is taken already gets a number: a, a_2, a_3.
#pragma once

#include <algorithm>
#include <string>

#include "text/text_map.h"

namespace riffle {

class UniqueNames {
 public:
  std::string add(const std::string& name) {
    std::string unique = name;
    for (std::size_t& number = numbers_[name]; !taken_.insert(unique).second;)
      unique = name + "_" + std::to_string(number = std::max<std::size_t>(number + 1, 2));
    return unique;
  }

 private:
  TextSet taken_;
  TextMap<std::size_t> numbers_;  // the last one that a name got
};

}  // namespace riffle
