// What a user may have meant by names that no record has.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/job.h"

namespace riffle {

// The fields that records have, as far as it is known.
struct ReadFields {
  std::vector<std::string> names;  // of one record, or of all that its format can have
  std::string_view format = {};    // that it was read as; empty: a stage made it
  bool is_without_header = false;  // with --no-header: columns are numbered
  bool is_of_stage = false;        // join reads them, whose options are in --format
};

// A field whose name an expression takes for a difference: `sc-status`, of the names `sc` and
// `status`. `name`: the one that no record has; `named`: all that the pipeline names; `seen`: the
// names that records have. Empty: there is none.
std::string written_as_difference(const std::string& name, std::span<const std::string> named,
                                  std::span<const std::string> seen);

// What was written in place of an expression or another stage, and was taken for a name: "an
// expression needs a name: n = count()", "a new name comes first: s = status". Empty: nothing is
// known.
std::string mistaken_for_name(const Job& job, const std::string& name,
                              std::span<const std::string> seen);

// What a name of the pipeline may stand for: "; a text is written \"error\"", "; did you mean
// 'status'?". Empty: nothing is known.
std::string hint_on_name(const Job& job, const std::string& name, const ReadFields& seen);

// The first `most` names: "a, b, c, ...".
std::string listed(std::span<const std::string> names, std::size_t most);

}  // namespace riffle
