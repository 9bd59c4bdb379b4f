// What a user may have meant by names that no record has.
#pragma once

#include <span>
#include <string>

namespace riffle {

// A field whose name an expression takes for a difference: `sc-status`, of the names `sc` and
// `status`. `name`: the one that no record has; `named`: all that the pipeline names; `seen`: the
// names that records have. Empty: there is none.
std::string written_as_difference(const std::string& name, std::span<const std::string> named,
                                  std::span<const std::string> seen);

}  // namespace riffle
