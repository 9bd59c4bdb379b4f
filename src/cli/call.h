// The words of one stage become a Call.
#pragma once

#include <string>
#include <string_view>

#include "cli/split.h"

namespace riffle {

// Throws Error (usage).
Call make_call(const GivenStage& stage);

// Throws Error (usage) where `text` is not UTF-8: only the names of files may be any bytes.
// `whose`: for the message.
void check_utf8(const std::string& whose, std::string_view text);

}  // namespace riffle
