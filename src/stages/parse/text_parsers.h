// What `parse` does with a text besides the forms of logs (logs/log_forms.h): one maker for each of
// its flags. All parsers are immutable: threads share them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "logs/text_parser.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// A regular expression (RE2), found anywhere in the text; its named groups, (?<name>...) or
// (?P<name>...), are the fields. Throws Error (usage).
std::unique_ptr<TextParser> make_regex_parser(const std::string& regex);

// `<ip> - [<ts>] "<method> <path> <_>"`: <name> is a field, <_> is skipped, a blank stands for one
// or more blanks and tabs, all else for itself. A field goes up to the first place where the text
// after it is, the last one to the end. The whole text must be so. Throws Error (usage).
std::unique_ptr<TextParser> make_pattern_parser(const std::string& pattern);

// Takes a text apart into fields that it names itself: adds them. False: it is not of the form.
using MemberParser = bool (*)(std::string_view text, Memory& memory, std::vector<Member>& members);

bool parse_logfmt_members(std::string_view text, Memory& memory, std::vector<Member>& members);
bool parse_kv_members(std::string_view text, Memory& memory, std::vector<Member>& members);
bool parse_json_members(std::string_view text, Memory& memory, std::vector<Member>& members);

}  // namespace riffle
