// Words and signs of other languages (SQL, jq, Miller, awk, pandas, Splunk), and what this one has
// in their place: for messages alone.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riffle {

// What to write in place of a call of that function, in any letter case: "avg(x)". Empty: none is
// known.
std::string_view function_here(std::string_view name);

// All names that function_here() knows, with what it says of them.
std::vector<std::pair<std::string_view, std::string_view>> functions_elsewhere();

// What to say of a call of one of our functions with too few arguments, where that is a common
// mistake. Empty: nothing.
std::string_view shorter_call_here(std::string_view function, int arguments);

// What to say of a word that stands where an operator is expected ("like", "is", "between"), in
// any letter case. `rest`: the text after it. Empty: it is none of another language's.
std::string operator_here(std::string_view word, std::string_view rest);

// What to say of a character that begins no token: "'~'" is "=~ matches a regex". Empty: nothing.
std::string_view character_here(char c);

// What to write in place of a name that no record has, because other languages mean a constant by
// it: "null" for None. Empty: nothing.
std::string_view constant_here(std::string_view name);

// Whether a text that is looked for as it is was surely meant as a regex: `[0-9]+`, `.*`, `^a.*b$`.
// `has_unknown_escape`: it stands as it was written, and has one that no text may have (`\.`).
bool reads_as_regex(std::string_view text, bool has_unknown_escape);

}  // namespace riffle
