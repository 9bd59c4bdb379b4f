// From the words of a command to Arguments: every mistake that concerns one argument, or two of
// them, is found here, in one wording for all stages.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "arguments/arguments.h"

namespace riffle {

// What was written, by the parameters' names.
using GivenArguments = std::map<std::string_view, std::string>;

// The form of a stage's command that is meant: see Signature. `words`: those that follow the
// stage's name and belong to no flag. Throws Error (usage): flags of two forms; of a stage that
// has no form without a flag, none.
const Signature& signature_meant(std::string_view stage,
                                 std::span<const Signature* const> signatures,
                                 std::span<const std::string> words, const GivenArguments& flags);

// Throws Error (usage): one that the form does not have, is missing, needs another one, or does
// not say what its kind asks for. The result points to the signature's parameters.
Arguments parse_arguments(std::string_view stage, std::span<const Signature* const> signatures,
                          const Signature& signature, const GivenArguments& given);

}  // namespace riffle
