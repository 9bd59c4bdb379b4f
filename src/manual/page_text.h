// A manual page as plain text, for where there is no man(1).
#pragma once

#include <string>
#include <string_view>

namespace riffle {

// `page`: of man_page(); the macros and escapes that those use. Fits the terminal.
std::string page_as_text(std::string_view page);

}  // namespace riffle
