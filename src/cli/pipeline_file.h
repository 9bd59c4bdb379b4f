// A pipeline file (-f): options and stages as text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace riffle {

// The words of a pipeline file, with `then` put between stages: a newline or `then` (or both) ends
// a stage; `#` starts a comment; '...' and "..." are literal; a line that ends in `\` goes on,
// without a blank between; a first line with #! is skipped. Throws Error (usage), naming the file
// and the line.
std::vector<std::string> words_of_pipeline(std::string_view text, std::string_view file);

// Reads the file; throws Error (failed).
std::string read_pipeline_file(const std::string& file);

}  // namespace riffle
