// Help in lines that fit the terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace riffle {

// The columns of help: those of the terminal (COLUMNS, or what stdout says; 80 otherwise), at most
// 100.
std::size_t page_width();

// `text` in lines of at most page_width() columns, each after `indent` blanks but the first.
std::string wrapped(std::string_view text, std::size_t indent);

// One line of a list: a name, and what is said of it, from column `at`, or nearer on a narrow
// terminal.
std::string entry(std::string_view name, std::string_view summary, std::size_t at);

}  // namespace riffle
