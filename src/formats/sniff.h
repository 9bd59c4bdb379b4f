// The format of an input that nobody named, by its first line that is not blank.
#pragma once

#include <string_view>

#include "formats/format.h"

namespace riffle {

// `{` is ndjson; `[` in a line with which JSON could begin is json; a whole line of clf; a line of
// syslog with <PRI> or a stamp and a host; a line that w3c begins with; two or more key=value and
// nothing else are logfmt. Anything else is `usual`; an input without a line that is not blank is
// ndjson, or text where that is usual. `bytes`: how the input begins; `is_all`: nothing follows.
// Null: more bytes must tell.
const Format* sniffed_format(std::string_view bytes, bool is_all, const Format& usual);

}  // namespace riffle
