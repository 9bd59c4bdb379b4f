// The manual pages, in man(7)'s macros, rendered from the tables: riffle(1), and one for each
// stage.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace riffle {

// The pages' file names: "riffle.1", "riffle-filter.1", ...
std::vector<std::string> man_pages();
// The text of the page of that file name; nothing when there is none.
std::optional<std::string> man_page(std::string_view name);

}  // namespace riffle
