#include "expression/language.h"

namespace riffle {
namespace {

using Table = std::vector<LanguageRow>;

Table operators() {
  constexpr std::string_view group = "Operators";
  return {
      {group,
       {"?:", "?", ":", "if", "else"},
       "condition ? a : b",
       "a where the condition is true, b where it is false; null where it is null",
       {{"2 > 1 ? 'more' : 'less'", "\"more\""}, {"null ? 1 : 2", "null"}}},
      {group,
       {"or", "||"},
       "a or b",
       "true where one of them is; || means the same",
       {{"false or true", "true"}, {"null or true", "true"}, {"null or false", "null"}}},
      {group,
       {"and", "&&"},
       "a and b",
       "true where both are; && means the same",
       {{"true and false", "false"}, {"null and false", "false"}, {"null and true", "null"}}},
      {group,
       {"not", "!"},
       "not a",
       "false where a is true, true where it is false, null where it is null",
       {{"not (1 > 2)", "true"}, {"not null", "null"}}},
      {group,
       {"==", "!=", "<", "<=", ">", ">=", "comparison"},
       "a == b, a != b, a < b, a <= b, a > b, a >= b",
       "compares two values: numbers by value, texts by code point; null == null is true, and an "
       "order with null is null; comparisons do not chain: write a < b and b < c",
       {{"1.0 == 1", "true"},
        {"'1' == 1", "false"},
        {"null == null", "true"},
        {"1 < null", "null"}}},
      {group,
       {"=~", "!~", "matches"},
       "text =~ regex, text !~ regex",
       "whether a regular expression (RE2) is found anywhere in the text; to its right a quoted "
       "text is raw, so that \"\\d\" means what it says",
       {{"'/api/v1' =~ '^/api/'", "true"}, {"503 =~ '^5'", "true"}, {"'a' !~ 'b'", "true"}}},
      {group,
       {"in", "not in", "contains", "not contains"},
       "a in b, b contains a",
       "a text in a text, an element in a list, a key in a map; also not in, not contains",
       {{"2 in [1, 2]", "true"},
        {"'Mozilla bot' contains 'bot'", "true"},
        {"'x' not in {a: 1}", "true"}}},
      {group,
       {"??", "default"},
       "a ?? b",
       "a, or b where a is null, missing or cannot be computed",
       {{"null ?? 'none'", "\"none\""}, {"int('n/a') ?? 0", "0"}}},
      {group,
       {"+", "-", "plus", "minus"},
       "a + b, a - b",
       "sum and difference; + joins texts; a name with a minus sign in it is written in backquotes",
       {{"'a' + 'b'", "\"ab\""}, {"5m + 30s", "330"}}},
      {group,
       {"*", "/", "//", "%", "divide", "modulo"},
       "a * b, a / b, a // b, a % b",
       "product, quotient, quotient rounded down, remainder; / gives a real number",
       {{"7 / 2", "3.5"}, {"7 // 2", "3"}, {"-7 % 3", "2"}, {"1 / 0", ""}}},
      {group,
       {"unary", "negative"},
       "-a, !a",
       "the negative of a number; not a",
       {{"-(1 + 2)", "-3"}, {"!true or true", "true"}}},
      {group,
       {"**", "power"},
       "a ** b",
       "power; from right to left, and before a minus sign to its left",
       {{"2 ** 10", "1024"}, {"-2 ** 2", "-4"}}},
      {group,
       {".", "member", "path"},
       "a.name",
       "the member of a map; missing where it has none",
       {{"{a: {b: 1}}.a.b", "1"}, {"{a: 1}.b ?? 'none'", "\"none\""}}},
      {group,
       {"[]", "[", "index", "slice"},
       "a[i], a[from:to]",
       "an element of a list, a member of a map, characters of a text; positions count from 0, "
       "negative ones from the end; the end is not included",
       {{"[1, 2, 3][-1]", "3"}, {"'abcdef'[1:3]", "\"bc\""}, {"[1, 2, 3][1:]", "[2,3]"}}},
      {group,
       {"()", "call"},
       "name(a, b)",
       "calls a function: riffle help functions",
       {{"round(2.675, 2)", "2.68"}}},
  };
}

Table literals() {
  constexpr std::string_view group = "Literals";
  return {
      {group, {"number"}, "1, 1.5, 1e9", "a number, as in JSON", {{"1e3 + 0.5", "1000.5"}}},
      {group,
       {"text", "string", "quotes"},
       "\"text\", 'text', r\"raw\"",
       "a text, with JSON's escapes; after r none: a word without quotes is a field",
       {{"'it' + \"\\u0021\"", "\"it!\""}, {"r\"a\\d\"", R"("a\\d")"}}},
      {group,
       {"true", "false", "null", "boolean"},
       "true, false, null",
       "an operation on null gives null",
       {{"null + 1", "null"}}},
      {group,
       {"time", "@"},
       "@2026-01-31T10:00:00Z",
       "a time; blanks are needed around a minus sign after it",
       {{"@2026-01-31T10:00:00Z + 90m", "\"2026-01-31T11:30:00Z\""},
        {"@2026-02-01 - @2026-01-31 == 1d", "true"}}},
      {group,
       {"duration"},
       "250ms, 5m, 1h30m, 2d, 1w",
       "a length of time: ns us ms s m h d w",
       {{"1h30m > 89m", "true"}}},
      {group, {"list"}, "[a, b]", "a list", {{"length([1, 2])", "2"}}},
      {group,
       {"map"},
       "{key: a, \"other key\": b}",
       "a map",
       {{"{a: 1, 'b c': 2}", "{\"a\":1,\"b c\":2}"}}},
      {group,
       {"$", "$name", "argument", "--arg"},
       "$name",
       "what --arg name=value gave: a number where it is one, else a text",
       {}},
      {group,
       {"lambda", "->", "=>"},
       "x -> x + 1, (a, x) -> a + x",
       "a function of its own, as an argument of map, filter, reduce, any, all",
       {{"map([1, 2], x -> x * 10)", "[10,20]"}, {"reduce([1, 2, 3], (a, x) -> a + x, 0)", "6"}}},
  };
}

Table names() {
  constexpr std::string_view group = "Names";
  return {
      {group,
       {"name", "field", "fields"},
       "status, user.name, tags[0]",
       "a field; a dot leads into a map, unless the record has a key of the whole name. A field "
       "that a record lacks is missing, and counts as null",
       {{"no_such_field == null", "true"}, {"exists(no_such_field)", "false"}}},
      {group,
       {"`", "``", "backquotes"},
       "`sc-status`, `content type`",
       "a field whose name is no word, or is a word of the language",
       {{"`no-such-field` ?? 0", "0"}}},
      {group,
       {"=", "assignment"},
       "name = expression",
       "gives a field a value, in transform, select, aggregate and --by; == compares",
       {}},
      {group,
       {"where"},
       "count() where status >= 500",
       "of an aggregate: only the records for which the condition is true; in parentheses inside a "
       "larger expression: (count() where ok) / count()",
       {}},
      {group, {"then", "|"}, "filter 'a > 1' then count", "stands between two stages", {}},
      {group,
       {"session"},
       "window session 30m --by user --on ts",
       "a window of a key's records with no gap longer than that: riffle help window",
       {}},
  };
}

}  // namespace

std::span<const LanguageRow> language() {
  static const Table table = [] {
    Table all;
    for (Table part : {operators(), literals(), names()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return table;
}

}  // namespace riffle
