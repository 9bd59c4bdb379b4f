// From one kind of value to another. What cannot be read as asked is a failure, never 0 or "".
#include <algorithm>
#include <cmath>
#include <string>

#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/parts.h"
#include "functions/rounding.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/key_value_pairs.h"
#include "values/name_index.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1000000000;

// A number, a boolean (1 or 0), a duration or time (its seconds), or a text that is a number.
// Missing: none of these.
Value number_from(FunctionCall& call) {
  const Value value = decode(call[0], call.memory);
  switch (value.kind) {
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return value;
    case Kind::boolean:
      return integer_value(value.boolean);
    case Kind::text:
      return number_in(value.view());
    case Kind::time:
    case Kind::duration: {
      if (value.integer % nanoseconds_in_second == 0)
        return integer_value(value.integer / nanoseconds_in_second);
      char seconds[number_room];
      return parse_number(std::string_view(seconds, write_duration(value.integer, seconds)));
    }
    default:
      return {};
  }
}

Value to_integer(FunctionCall& call) {
  const Value number = number_from(call);
  if (number.kind != Kind::real) return number.is_missing() ? call.fail() : number;
  const Value whole = whole_value(std::trunc(number.real));
  return whole.kind == Kind::real ? call.fail() : whole;
}

Value to_real(FunctionCall& call) {
  const Value number = number_from(call);
  if (number.is_missing() || !std::isfinite(as_real(number))) return call.fail();
  return real_value(as_real(number));
}

Value to_text(FunctionCall& call) { return text_value(text_of(call[0], call.memory)); }

Value to_boolean(FunctionCall& call) {
  const Value value = decode(call[0], call.memory);
  if (value.kind == Kind::boolean) return value;
  if (value.is_number())
    return std::isnan(as_real(value)) ? call.fail() : boolean_value(as_real(value) != 0);
  if (value.kind != Kind::text) return call.fail();
  std::string word(trim_blanks(value.view()));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view yes : {"true", "t", "yes", "y", "on", "1"})
    if (word == yes) return boolean_value(true);
  for (const std::string_view no : {"false", "f", "no", "n", "off", "0"})
    if (word == no) return boolean_value(false);
  return call.fail();
}

Value to_json(FunctionCall& call) { return text_value(call.memory.copy(json_text(call[0]))); }

Value parse_json(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text || check_json(*text)) return call.fail();
  return decode(json_value(trim_blanks(*text)), call.memory);
}

// What stands between pairs, and between key and value; empty: as `parse --as kv` has it.
struct Separators {
  std::string pair, key = "=";

  static Separators of(FunctionCall& call) {
    Separators separators;
    const auto take = [&call](std::size_t i, std::string& to) {
      const auto text = i < call.size() ? text_argument(call, i) : std::nullopt;
      if (text) to = *text;
      if (i < call.size() && (!text || text->empty()))
        throw std::invalid_argument("a separator is a text that is not empty");
    };
    take(1, separators.pair);
    take(2, separators.key);
    return separators;
  }
};

Value parse_kv(FunctionCall& call, const Separators& separators) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  std::vector<Member> members;
  if (separators.pair.empty()) {
    PairWalk walk(call.memory.copy(*text), PairStyle::commas);
    while (walk.next()) members.push_back({walk.key(), walk.value(call.memory)});
    if (walk.fault()) return call.fail();
  }
  for (std::size_t begin = 0; !separators.pair.empty() && begin < text->size();) {
    const std::size_t end = std::min(text->find(separators.pair, begin), text->size());
    const std::string_view pair = text->substr(begin, end - begin);
    begin = end + separators.pair.size();
    const std::size_t key_end = pair.find(separators.key);
    const std::string_view key = trim_blanks(pair.substr(0, key_end));
    if (key_end == pair.npos && key.empty()) continue;
    if (key.empty()) return call.fail();
    const bool alone = key_end == pair.npos;
    members.push_back(
        {key, alone ? boolean_value(true)
                    : typed_text(trim_blanks(pair.substr(key_end + separators.key.size())))});
  }
  return map_value(
      distinct_members(call.memory.copy(std::span<const Member>(members)), call.memory));
}

}  // namespace

std::vector<Function> conversion_functions() {
  Rows rows("conversion");
  rows.add("int(x)", "integer", 1, 1, to_integer,
           "a number, or a text that is one, as an integer, cut towards zero; decimal always",
           {{"int('12')", "12"},
            {"int('007')", "7"},
            {"int(3.9)", "3"},
            {"int(-3.9)", "-3"},
            {"int(true)", "1"},
            {"int(90s)", "90"},
            {"int('18446744073709551615')", "18446744073709551615"},
            {"int('n/a')", ""},
            {"int('0x1F')", ""},
            {"int(1e300)", ""}});
  rows.add("real(x)", "real", 1, 1, to_real, "a number, or a text that is one, as a real",
           {{"real('1e3')", "1000"},
            {"real('+.5')", "0.5"},
            {"real(' 2.50 ')", "2.5"},
            {"real(250ms)", "0.25"},
            {"real('')", ""},
            {"real('1,5')", ""}});
  rows.add("text(x)", "text", 1, 1, to_text,
           "a value as text, as it was written; a list or map as JSON",
           {{"text(12)", R"("12")"},
            {"text(true)", R"("true")"},
            {"text([1, 'a'])", R"("[1,\"a\"]")"},
            {"text(null)", "null"}});
  rows.add("bool(x)", "boolean", 1, 1, to_boolean,
           "true, yes, on, t, y, 1, or their opposites, in any letter case, as a boolean; a number "
           "is true unless it is 0",
           {{"bool('true')", "true"},
            {"bool('No')", "false"},
            {"bool(0)", "false"},
            {"bool('maybe')", ""}});
  Function& writing = rows.add("json(x)", "text", 1, 1, to_json, "a value as JSON text",
                               {{"json({a: [1, 'x']})", R"("{\"a\":[1,\"x\"]}")"},
                                {"json('a')", R"("\"a\"")"},
                                {"json(null)", R"("null")"}});
  writing.takes_null = true;
  writing.nulls = "the text null";
  rows.add("parse_json(text)", "any", 1, 1, parse_json, "the value that a JSON text says",
           {{R"(parse_json('{"a": [1, 2]}').a[1])", "2"},
            {"parse_json(' 1.50 ')", "1.5"},
            {"parse_json('{a: 1}')", ""}});
  rows.add("parse_kv(text[, pair_separator[, key_separator]])", "map", 1, 3,
           with_parts<Separators, parse_kv>,
           "the pairs of a text, typed as CSV cells are, of a name the last; without separators as "
           "parse --as kv, with them quotes mean nothing; a key alone is true, a key without a "
           "value null",
           {{"parse_kv('a=1, b=\"x, y\"; c')", R"({"a":1,"b":"x, y","c":true})"},
            {"parse_kv('a: 1 | b: x=y', '|', ':')", R"({"a":1,"b":"x=y"})"},
            {"parse_kv('a=1&b=&a=2', '&')", R"({"a":2,"b":null})"},
            {"parse_kv('=1')", ""},
            {"parse_kv('')", "{}"}})
      .prepare = prepare_parts<Separators, 1>;
  return rows.take();
}

}  // namespace riffle
