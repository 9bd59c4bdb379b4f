// Regular expressions (RE2). A constant one is compiled once.
#include <ctime>
#include <optional>
#include <stdexcept>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"
#include "functions/regex_argument.h"
#include "values/stop_request.h"

namespace riffle {
namespace {

std::shared_ptr<const void> prepare_extract(const Preparation& preparation) {
  auto regex = prepare_regex(preparation);
  const Value* const group = preparation.arguments.size() > 2 ? preparation.arguments[2] : nullptr;
  const auto number = group ? whole_number_of(*group) : std::nullopt;
  const int groups = regex ? static_cast<const RE2*>(regex.get())->NumberOfCapturingGroups() : 0;
  if (regex && number && (*number < 0 || *number > groups))
    throw std::invalid_argument("there is no group " + std::to_string(*number) +
                                " in the regular expression");
  return regex;
}

// `$1` or `${1}`, where the regular expression has that group. Empty: there is none.
std::string group_with_dollar(std::string_view replacement, const RE2& regex) {
  static const RE2 dollar(R"(\$(\d|\{\d\})(?:\D|$))");
  re2::StringPiece rest(replacement.data(), replacement.size()), found;
  while (RE2::FindAndConsume(&rest, dollar, &found))
    if (const int group = found[found.size() > 1 ? 1 : 0] - '0';
        group > 0 && group <= regex.NumberOfCapturingGroups())
      return std::to_string(group);
  return {};
}

// `\5` without a fifth group, or a backslash before anything but a digit or a backslash; a group as
// other languages write it.
std::shared_ptr<const void> prepare_replace(const Preparation& preparation) {
  auto regex = prepare_regex(preparation);
  const auto replacement = constant_text(preparation, 2);
  std::string reason;
  if (regex && replacement &&
      !static_cast<const RE2*>(regex.get())
           ->CheckRewriteString(re2::StringPiece(replacement->data(), replacement->size()),
                                &reason))
    throw std::invalid_argument(reason);
  if (regex && replacement)
    if (const std::string group =
            group_with_dollar(*replacement, *static_cast<const RE2*>(regex.get()));
        !group.empty())
      throw std::invalid_argument("a group is written \\" + group);
  return regex;
}

using Groups = std::vector<re2::StringPiece>;

// The next match at or after `at`; only the first groups.size() groups are found.
bool match(const RE2& regex, std::string_view text, std::size_t at, Groups& groups) {
  return regex.Match(re2::StringPiece(text.data(), text.size()), at, text.size(), RE2::UNANCHORED,
                     groups.data(), static_cast<int>(groups.size()));
}

std::size_t begin_of(const re2::StringPiece& part, std::string_view text) {
  return static_cast<std::size_t>(part.data() - text.data());
}

// Where to look for the match after one: an empty match must not be found again.
std::size_t place_after(const re2::StringPiece& found, std::string_view text) {
  const std::size_t begin = begin_of(found, text);
  return found.empty() ? end_of_character(text, begin) : begin + found.size();
}

// All matches of a text, one after the other. RE2 is linear in a search's length, but each search
// may have to look at all that is left, to find a short match: their time is bounded.
class Matches {
 public:
  // The groups are those of the match that next() finds.
  Matches(const RE2& regex, std::string_view text, Groups& groups)
      : regex_(regex), text_(text), groups_(groups) {}

  // False: there are no more, or it took too long.
  bool next() {
    StopRequest::check();
    if (++count_ % between_looks == 0 && takes_too_long()) is_overdue_ = true;
    if (is_overdue_ || at_ > text_.size() || !match(regex_, text_, at_, groups_)) return false;
    at_ = place_after(groups_[0], text_);
    return true;
  }
  bool is_overdue() const { return is_overdue_; }

 private:
  static constexpr std::uint64_t between_looks = 64;

  static std::int64_t processor_time() {
    timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
  }
  // Many times what as many matches take in as long a text, where a search ends soon after its
  // match: in nanoseconds.
  bool takes_too_long() {
    constexpr std::int64_t least = 2000000000, of_match = 20000, of_byte = 100;
    if (began_ < 0) began_ = processor_time();
    const auto matches = static_cast<std::int64_t>(count_),
               bytes = static_cast<std::int64_t>(text_.size());
    return processor_time() - began_ > least + matches * of_match + bytes * of_byte;
  }

  const RE2& regex_;
  std::string_view text_;
  Groups& groups_;
  std::size_t at_ = 0;
  std::uint64_t count_ = 0;
  std::int64_t began_ = -1;
  bool is_overdue_ = false;
};

Value value_of(const re2::StringPiece& group) {
  return group.data() ? text_value({group.data(), group.size()}) : null_value();
}

// Argument 2, or else the first group if there is one, or else the whole match. Nothing: no such
// group.
std::optional<std::size_t> group_of(FunctionCall& call, const RE2& regex) {
  const int groups = regex.NumberOfCapturingGroups();
  if (call.size() < 3) return groups > 0 ? 1 : 0;
  const auto group = whole_number_of(call[2]);
  if (!group || *group < 0 || *group > groups) return std::nullopt;
  return static_cast<std::size_t>(*group);
}

Value extract(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const RE2* const regex = regex_of(call);
  const auto group = regex ? group_of(call, *regex) : std::nullopt;
  if (!text || !group) return call.fail();
  Groups groups(*group + 1);
  return match(*regex, *text, 0, groups) ? value_of(groups[*group]) : null_value();
}

Value extract_all(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const RE2* const regex = regex_of(call);
  const auto group = regex ? group_of(call, *regex) : std::nullopt;
  if (!text || !group) return call.fail();
  Groups groups(*group + 1);
  std::vector<Value> found;
  Matches matches(*regex, *text, groups);
  while (matches.next()) found.push_back(value_of(groups[*group]));
  if (matches.is_overdue()) return call.fail();
  return list_value(call.memory.copy(std::span<const Value>(found)));
}

std::shared_ptr<const void> prepare_captures(const Preparation& preparation) {
  auto regex = prepare_regex(preparation);
  if (regex && static_cast<const RE2*>(regex.get())->CapturingGroupNames().empty())
    throw std::invalid_argument(
        "the regular expression names no group; write one as (?P<name>...)");
  return regex;
}

Value captures(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const RE2* const regex = regex_of(call);
  if (!text || !regex) return call.fail();
  Groups groups(static_cast<std::size_t>(regex->NumberOfCapturingGroups()) + 1);
  if (!match(*regex, *text, 0, groups)) return null_value();
  std::vector<Member> members;
  for (const auto& [group, name] : regex->CapturingGroupNames())
    members.push_back({call.memory.copy(name), value_of(groups[static_cast<std::size_t>(group)])});
  return map_value(call.memory.copy(std::span<const Member>(members)));
}

Value replace_re(FunctionCall& call) {
  const auto text = text_argument(call, 0), replacement = text_argument(call, 2);
  const RE2* const regex = regex_of(call);
  if (!text || !replacement || !regex) return call.fail();
  std::string reason;
  const re2::StringPiece rewrite(replacement->data(), replacement->size());
  if (!regex->CheckRewriteString(rewrite, &reason)) return call.fail();
  Groups groups(static_cast<std::size_t>(RE2::MaxSubmatch(rewrite)) + 1);
  std::string out;
  std::size_t done = 0;
  Matches matches(*regex, *text, groups);
  while (matches.next()) {
    const std::size_t begin = begin_of(groups[0], *text);
    if (begin < done) continue;
    out.append(*text, done, begin - done);
    if (!regex->Rewrite(&out, rewrite, groups.data(), static_cast<int>(groups.size())) ||
        out.size() > longest_text)
      return call.fail();
    done = begin + groups[0].size();
  }
  if (matches.is_overdue()) return call.fail();
  if (out.empty() && done == 0) return text_value(*text);
  out.append(*text, done);
  return text_value(call.memory.copy(out));
}

Value split_re(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const RE2* const regex = regex_of(call);
  if (!text || !regex) return call.fail();
  Groups groups(1);
  std::vector<Value> parts;
  std::size_t begin = 0;
  Matches matches(*regex, *text, groups);
  while (matches.next()) {
    const std::size_t end = begin_of(groups[0], *text);
    // Between two characters only.
    if (groups[0].empty() && (end == begin || end == text->size())) continue;
    parts.push_back(text_value(text->substr(begin, end - begin)));
    begin = end + groups[0].size();
  }
  if (matches.is_overdue()) return call.fail();
  if (!text->empty()) parts.push_back(text_value(text->substr(begin)));
  return list_value(call.memory.copy(std::span<const Value>(parts)));
}

}  // namespace

std::vector<Function> regex_functions() {
  Rows rows("regex");
  const auto add = [&rows](std::string_view usage, std::string_view result, int least, int most,
                           Value (*call)(FunctionCall&), auto* preparing, std::string_view summary,
                           std::vector<Example> examples) -> Function& {
    Function& row = rows.add(usage, result, least, most, call, summary, std::move(examples));
    row.prepare = preparing;
    row.raw_argument = 1;
    return row;
  };
  constexpr std::string_view slow =
      "a text and a regex are needed; searches that go on to the end of a long text, again and "
      "again, are given up after seconds";
  add("extract(text, regex[, group])", "text", 2, 3, extract, prepare_extract,
      "the first match's group (0: the whole match; if left out the first group, or else the "
      "whole); null when nothing matches",
      {{R"(extract('/users/42/posts', '/users/(\d+)'))", R"("42")"},
       {R"(extract('a1b22', '\d\d'))", R"("22")"},
       {R"(extract('k=v', '(\w)=(\w)', 2))", R"("v")"},
       {R"(extract('abc', '\d'))", "null"}});
  add("extract_all(text, regex[, group])", "list", 2, 3, extract_all, prepare_extract,
      "the same of every match, as a list",
      {{R"(extract_all('a1b22', '\d+'))", R"(["1","22"])"},
       {R"(extract_all('a=1,b=2', '(\w)=', 1))", R"(["a","b"])"},
       {"extract_all('x', 'y')", "[]"}})
      .hint = slow;
  add("replace_re(text, regex, with)", "text", 3, 3, replace_re, prepare_replace,
      "a text with every match replaced; \\1 stands for the first group, \\0 for the match",
      {{R"(replace_re('/u/42/p/7', '\d+', '*'))", R"("/u/*/p/*")"},
       {R"(replace_re('Doe, Jane', '(\w+), (\w+)', r'\2 \1'))", R"("Jane Doe")"},
       {"replace_re('aé', '', '-')", R"("-a-é-")"},
       {"replace_re('abc', 'x', '-')", R"("abc")"}})
      .hint = slow;
  add("split_re(text, regex)", "list", 2, 2, split_re, prepare_regex,
      "the parts of a text between matches, as a list",
      {{R"(split_re('a1b22c', '\d+'))", R"(["a","b","c"])"},
       {R"(split_re('a  b', '\s*'))", R"(["a","b"])"},
       {"split_re('', ',')", "[]"}})
      .hint = slow;
  add("captures(text, regex)", "map", 2, 2, captures, prepare_captures,
      "the named groups of the first match as a map, null where a group took no part; null when "
      "nothing matches",
      {{R"(captures('GET /a', '(?P<method>\w+) (?P<path>\S+)'))",
        R"({"method":"GET","path":"/a"})"},
       {R"(captures('80', '(?P<port>\d+)(?P<unit>ms)?'))", R"({"port":"80","unit":null})"},
       {R"(captures('x', '(?P<n>\d)'))", "null"},
       {R"(captures('x', '(\d)'))", ""}});
  return rows.take();
}

}  // namespace riffle
