// Which fields `parse --as` makes, for messages on fields that no record has.
#pragma once

#include <string>
#include <string_view>

namespace riffle {

// How a field of that name comes out of lines that were read in a format ("text", "syslog").
// Empty: the format has nothing in which lines of programs stand.
std::string way_to_parsed_field(std::string_view name, std::string_view format);

}  // namespace riffle
