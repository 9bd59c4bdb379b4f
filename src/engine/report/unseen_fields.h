// What a user may have meant by names that no record has.
#pragma once

#include <span>
#include <string>

#include "plan/job.h"

namespace riffle {

// A field whose name an expression takes for a difference: `sc-status`, of the names `sc` and
// `status`. `name`: the one that no record has; `named`: all that the pipeline names; `seen`: the
// names that records have. Empty: there is none.
std::string written_as_difference(const std::string& name, std::span<const std::string> named,
                                  std::span<const std::string> seen);

// What was written in place of an expression or another stage, and was taken for a name: "an
// expression needs a name: n = count()", "a new name comes first: s = status". Empty: nothing is
// known.
std::string mistaken_for_name(const std::string& name, std::span<const std::string> seen);

// What a name of the pipeline may stand for: "; a text is written \"error\"", "; did you mean
// 'status'?". Empty: nothing is known.
std::string hint_on_name(const Job& job, const std::string& name,
                         std::span<const std::string> seen);

}  // namespace riffle
