// What `parse` does with a text: one maker for each of its flags. All parsers are immutable:
// threads share them.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// Takes texts apart into fields whose names are known before.
class TextParser {
 public:
  virtual ~TextParser() = default;
  const std::vector<std::string>& names() const { return names_; }
  // The fields' values, in the order of names(); they come in as missing, and one stays so where
  // the text has no such part. They may point into the text, which outlives them. False: the text
  // is not of the form.
  virtual bool parse(std::string_view text, Memory& memory, std::span<Value> values) const = 0;

 protected:
  std::vector<std::string> names_;
};

// A regular expression (RE2), found anywhere in the text; its named groups, (?<name>...) or
// (?P<name>...), are the fields. Throws Error (usage).
std::unique_ptr<TextParser> make_regex_parser(const std::string& regex);

// `<ip> - [<ts>] "<method> <path> <_>"`: <name> is a field, <_> is skipped, a blank stands for one
// or more blanks and tabs, all else for itself. A field goes up to the first place where the text
// after it is, the last one to the end. The whole text must be so. Throws Error (usage).
std::unique_ptr<TextParser> make_pattern_parser(const std::string& pattern);

// The common and combined log formats of Apache and nginx, also with a virtual host or a list of
// addresses at the start, or with X-Forwarded-For at the end. A line with anything else is not of
// the form.
std::unique_ptr<TextParser> make_clf_parser();

// RFC 5424, RFC 3164, and the lines of both without the priority, as syslog daemons write them to
// files. Nothing of a line is dropped but blanks, brackets and the like between its parts.
std::unique_ptr<TextParser> make_syslog_parser();

// Takes a text apart into fields that it names itself: adds them. False: it is not of the form.
using MemberParser = bool (*)(std::string_view text, Memory& memory, std::vector<Member>& members);

bool parse_logfmt_members(std::string_view text, Memory& memory, std::vector<Member>& members);
bool parse_kv_members(std::string_view text, Memory& memory, std::vector<Member>& members);
bool parse_json_members(std::string_view text, Memory& memory, std::vector<Member>& members);

}  // namespace riffle
