// Options of other programs (jq, Miller, awk, sort, SQL shells), and what riffle has in their
// place: for messages alone.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

// What to write in place of an option that there is none of: "head N takes the first records".
// Empty: nothing is known.
std::string option_here(std::string_view word);

}  // namespace riffle
