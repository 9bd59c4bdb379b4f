#include "expression/failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <vector>

#include "expression/lexer.h"
#include "functions/arguments.h"
#include "text/digits.h"
#include "text/letter_case.h"
#include "time/text.h"
#include "time/time_pattern.h"
#include "values/calendar.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/json.h"
#include "values/kinds.h"
#include "values/number.h"

namespace riffle {
namespace {

constexpr std::size_t longest_shown = 60, longest_expression = 100;

// What an operation asks of a value. `moment`: a time and nothing else, so that a pattern may be
// needed to read it.
enum class Wanted {
  anything,
  number,
  time,
  moment,
  duration,
  scalar,
  list,
  map,
  list_or_map,
  boolean
};

// Where the text that opens with a quote at `at` closes: the position after it.
std::size_t after_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) at += text[at] == '\\' && quote != '`' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// Whether the first character, a parenthesis, is closed by the last.
bool is_in_parentheses(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return false;
  int open = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'' || c == '`') {
      at = after_quoted(text, at);
      continue;
    }
    open += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (open == 0 && at + 1 < text.size()) return false;
    at++;
  }
  return true;
}

std::string shown_text(std::string_view text) {
  if (text.size() <= longest_shown) return visible(json_string(text));
  std::size_t end = longest_shown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) end--;
  std::string quoted = json_string(text.substr(0, end));
  quoted.insert(quoted.size() - 1, "...");
  return visible(quoted);
}

// A duration as the expression language spells it: "100ms", "90m".
std::string shown_duration(std::int64_t nanoseconds) {
  constexpr std::array<std::pair<std::int64_t, std::string_view>, 7> units = {
      {{86400000000000, "d"},
       {3600000000000, "h"},
       {60000000000, "m"},
       {1000000000, "s"},
       {1000000, "ms"},
       {1000, "us"},
       {1, "ns"}}};
  if (nanoseconds == 0) return "0s";
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const auto& u) { return nanoseconds % u.first == 0; });
  return fmt::format("{}{}", nanoseconds / unit->first, unit->second);
}

std::string_view kind_in_words(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "a boolean";
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return "a number";
    case Kind::time:
      return "a time";
    case Kind::duration:
      return "a duration";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
    case Kind::missing:
    case Kind::null:
      return "null";
    default:
      return "text";
  }
}

bool is_number_literal(std::string_view operand) { return !parse_number(operand).is_missing(); }

bool is_text_literal(std::string_view operand) {
  return operand.starts_with('"') || operand.starts_with('\'') || operand.starts_with("r\"") ||
         operand.starts_with("r'");
}

// The unit in which a number is a time of our days.
std::string_view unit_of(double number) {
  constexpr double most_seconds = 9.3e9;
  const double size = std::abs(number);
  return size < most_seconds         ? "s"
         : size < most_seconds * 1e3 ? "ms"
         : size < most_seconds * 1e6 ? "us"
                                     : "ns";
}

// A pattern, and what it reads.
struct KnownPattern {
  std::string_view pattern;
  TimePattern times;

  explicit KnownPattern(std::string_view text) : pattern(text), times(text) {}
};
using KnownPatterns = std::vector<KnownPattern>;

KnownPatterns known(std::initializer_list<std::string_view> patterns) {
  return {patterns.begin(), patterns.end()};
}

// parse_time() with the first pattern that reads the text; empty: none does.
std::string reading_by_pattern(std::string_view operand, std::string_view text,
                               const KnownPatterns& patterns) {
  const Zone zone;
  const auto found = std::find_if(patterns.begin(), patterns.end(), [&](const KnownPattern& one) {
    return one.times.read(text, zone);
  });
  return found == patterns.end()
             ? std::string()
             : fmt::format("parse_time({}, \"{}\") reads it", operand, found->pattern);
}

// How an operand that is text can be read as a time.
std::string text_as_time(std::string_view operand, std::string_view text) {
  if (parse_time(text, Zone())) {
    if (!is_text_literal(operand)) return fmt::format("time({}) reads it", operand);
    std::string literal(text);
    std::replace(literal.begin(), literal.end(), ' ', 'T');
    return "write @" + literal;
  }
  static const KnownPatterns of_digits = known({"%Y%m%d", "%Y%m%d%H%M%S"});
  static const KnownPatterns others =
      known({"%d/%b/%Y:%H:%M:%S %z", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S %Z",
             "%Y-%m-%d %H:%M:%S.%L %Z", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %z",
             "%a, %d %b %Y %H:%M:%S %Z", "%d %b %Y %H:%M:%S", "%b %d, %Y", "%d.%m.%Y %H:%M:%S",
             "%d.%m.%Y"});
  const std::string date = reading_by_pattern(operand, text, of_digits);
  if (!date.empty()) return date;
  if (const Value number = number_in(text); !number.is_missing())
    return fmt::format("time({}, \"{}\") reads it", operand, unit_of(as_real(number)));
  return reading_by_pattern(operand, text, others);
}

// How a number can be read as what is wanted.
std::string reading_of_number(std::string_view operand, double number, Wanted wanted) {
  if (wanted == Wanted::time || wanted == Wanted::moment) {
    const std::string_view unit = unit_of(number);
    return unit == "s" ? fmt::format("time({}) reads it", operand)
                       : fmt::format("time({}, \"{}\") reads it", operand, unit);
  }
  if (wanted != Wanted::duration) return {};
  if (is_number_literal(operand)) return fmt::format("write {}s for seconds", operand);
  const bool is_one = operand.find(' ') == operand.npos;
  return fmt::format("duration({0}) takes it as seconds, {1}{0}{2} * 1ms as milliseconds", operand,
                     is_one ? "" : "(", is_one ? "" : ")");
}

std::string reading_of_text(std::string_view operand, std::string_view text, Wanted wanted) {
  if (wanted == Wanted::number) {
    const Value number = number_in(text);
    if (number.is_missing() || !std::isfinite(as_real(number))) return {};
    if (is_text_literal(operand)) return fmt::format("write {}", visible(text));
    return fmt::format("{}({}) reads it", number.kind == Kind::real ? "real" : "int", operand);
  }
  if (wanted == Wanted::time) return text_as_time(operand, text);
  if (wanted == Wanted::moment) {
    const std::string repair = text_as_time(operand, text);
    const bool has_digits = text.find_first_of("0123456789") != text.npos;
    return repair.empty() && has_digits
               ? fmt::format("parse_time({}, PATTERN) reads other forms", operand)
               : repair;
  }
  if (wanted == Wanted::duration)
    return read_duration(text) ? fmt::format("duration({}) reads it", operand) : std::string();
  if (wanted == Wanted::boolean)
    return text == "true" || text == "false" ? fmt::format("bool({}) reads it", operand)
                                             : std::string();
  const bool is_nested = (text.starts_with('[') && wanted != Wanted::map) ||
                         (text.starts_with('{') && wanted != Wanted::list);
  return is_nested && wanted != Wanted::scalar && !check_json(text)
             ? fmt::format("parse_json({}) reads it", operand)
             : std::string();
}

// How an operand can be read as what is wanted. Empty: it cannot, as far as is known.
std::string reading(std::string_view operand, const Value& value, Wanted wanted) {
  if (wanted == Wanted::anything) return {};
  if (const Value number = number_of(value); number.is_number())
    return reading_of_number(operand, as_real(number), wanted);
  Memory memory;
  const Value decoded = decode(value, memory);
  return decoded.kind == Kind::text ? reading_of_text(operand, decoded.view(), wanted)
                                    : std::string();
}

// That a value is none of what is wanted, and the first way to read it as one.
std::string why_not(std::string_view operand, const Value& value, std::span<const Wanted> wanted) {
  for (const Wanted one : wanted)
    if (const std::string repair = reading(operand, value, one); !repair.empty())
      return fmt::format("{}; {}", described(value), repair);
  return described(value);
}

bool is_span(const Value& value) {
  return value.kind == Kind::time || value.kind == Kind::duration;
}
bool is_quantity(const Value& value) { return is_span(value) || number_of(value).is_number(); }

// What can stand next to a value in an operation.
std::vector<Wanted> wanted_beside(const Value& other, Arithmetic operation) {
  const bool adds = operation == Arithmetic::add || operation == Arithmetic::subtract;
  if (other.kind == Kind::time) {
    if (operation == Arithmetic::subtract) return {Wanted::time, Wanted::duration};
    return {Wanted::duration};
  }
  if (other.kind == Kind::duration) {
    if (adds) return {Wanted::duration, Wanted::time};
    return {Wanted::number, Wanted::duration};
  }
  return {Wanted::number, Wanted::duration, Wanted::time};
}

bool can_be_combined(Arithmetic operation, const Value& a, const Value& b) {
  if (!is_span(a) && !is_span(b)) return true;
  const bool adds = operation == Arithmetic::add || operation == Arithmetic::subtract;
  if (a.kind == Kind::time || b.kind == Kind::time) {
    if (a.kind == Kind::time && b.kind == Kind::time) return operation == Arithmetic::subtract;
    return is_span(a) && is_span(b) && adds &&
           (a.kind == Kind::time || operation == Arithmetic::add);
  }
  if (is_span(a) && is_span(b))
    return operation != Arithmetic::multiply && operation != Arithmetic::power;
  if (operation == Arithmetic::multiply) return true;
  return is_span(a) && (operation == Arithmetic::divide || operation == Arithmetic::divide_whole);
}

std::string_view spelled(Arithmetic operation) {
  constexpr std::string_view operators[] = {"+", "-", "*", "/", "//", "%", "**"};
  return operators[static_cast<std::size_t>(operation)];
}

// Both operands are of kinds that the operation takes: it is their size.
std::string why_out_of_range(const Site& site, Arithmetic operation, const Value& a,
                             const Value& b) {
  const bool divides = operation == Arithmetic::divide || operation == Arithmetic::divide_whole ||
                       operation == Arithmetic::remainder;
  const Value x = number_of(a), y = number_of(b);
  if (divides && (y.is_number() ? as_real(y) : static_cast<double>(b.integer)) == 0) {
    const std::string_view divisor = site.operand(1);
    if (!y.is_number() || is_number_literal(divisor)) return "division by zero";
    return fmt::format("division by zero; null_if({}, 0) gives null", divisor);
  }
  const std::string attempt = fmt::format("{} {} {}", shown(a), spelled(operation), shown(b));
  if (a.kind == Kind::time || b.kind == Kind::time)
    return attempt + " is outside 1677-09-22 to 2262-04-11";
  const bool whole = x.is_number() && y.is_number() && x.kind != Kind::real && y.kind != Kind::real;
  return attempt +
         (whole && operation != Arithmetic::divide ? " does not fit in 64 bits" : " is too large");
}

// The words for the arguments in a function's usage: "rate(x, ts)" has "x" and "ts".
std::vector<std::string_view> parameters_in(std::string_view usage) {
  std::vector<std::string_view> parameters;
  const std::size_t open = usage.find('(');
  std::string_view rest = open == usage.npos ? std::string_view() : usage.substr(open + 1);
  while (!rest.empty() && rest.front() != ')') {
    const bool is_lambda = rest.find("->") < rest.find(',') || rest.starts_with(" (");
    // Its own parameters may have a comma between.
    const std::size_t begin = is_lambda ? rest.find("->") : 0;
    const std::size_t end = std::min(rest.find_first_of(",)", begin), rest.size());
    std::string_view word = rest.substr(0, end);
    while (!word.empty() && (word.front() == ' ' || word.front() == '[')) word.remove_prefix(1);
    parameters.push_back(word.substr(0, word.find_first_of("[]. ")));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parameters;
}

Wanted wanted_by(std::string_view parameter, std::string_view family, std::string_view usage) {
  if (parameter == "t" || parameter == "ts" || parameter == "from" || parameter == "to")
    return Wanted::moment;
  if (parameter == "list") return Wanted::list;
  if (parameter == "map") return Wanted::map;
  if (parameter == "text" || parameter == "ip" || parameter == "url") return Wanted::scalar;
  if (parameter != "x") return Wanted::anything;
  if (usage.starts_with("time(")) return Wanted::moment;
  if (family == "number") return Wanted::number;
  return family == "list and map" ? Wanted::list_or_map : Wanted::anything;
}

bool is_wanted(const Value& value, Wanted wanted) {
  Memory memory;
  const Kind kind = decode(value, memory).kind;
  switch (wanted) {
    case Wanted::anything:
      return true;
    case Wanted::number:
      return kind == Kind::duration || number_of(value).is_number();
    case Wanted::time:
    case Wanted::moment:
      return time_of(value, Zone(), memory).has_value();
    case Wanted::duration:
      return kind == Kind::duration;
    case Wanted::scalar:
      return is_scalar(value);
    case Wanted::list:
      return kind == Kind::list;
    case Wanted::map:
      return kind == Kind::map;
    case Wanted::list_or_map:
      return kind == Kind::list || kind == Kind::map;
    case Wanted::boolean:
      return kind == Kind::boolean;
  }
  return true;
}

// What a pattern leaves of a text whose beginning it reads, and what reads that. Empty: it reads no
// beginning.
std::string left_by_pattern(std::span<const Value> values) {
  Memory memory;
  const auto text = text_of_scalar(values[0], memory), pattern = text_of_scalar(values[1], memory);
  if (!text || text->empty() || !pattern) return {};
  const TimePattern times(*pattern);
  for (std::size_t end = text->size() - 1; end > 0; end--) {
    if (!times.read(text->substr(0, end), Zone())) continue;
    const std::string_view rest = text->substr(end);
    const bool is_fraction = rest[0] == '.' && is_digits(rest.substr(1, 1));
    const bool is_offset = rest == "Z" || rest[0] == '+' || rest[0] == '-';
    return fmt::format("{}: the pattern ends before {}{}", shown_text(*text), shown_text(rest),
                       is_fraction ? "; .%f reads a fraction"
                       : is_offset ? "; %z reads an offset"
                                   : "");
  }
  return {};
}

// What the arguments that are no literals are: "x is -1, y is 0".
std::string given(const Site& site, std::span<const Value> values) {
  std::string out;
  for (std::size_t i = 0; i < values.size() && i < site.operands.size(); i++) {
    const std::string_view operand = site.operand(i);
    if (values[i].is_missing() || is_text_literal(operand) || is_number_literal(operand)) continue;
    out += fmt::format("{}{} is {}", out.empty() ? "" : ", ", visible(operand, longest_expression),
                       shown(values[i]));
  }
  return out;
}

}  // namespace

std::string_view Site::written(Span part) const {
  if (!text) return {};
  std::string_view out = std::string_view(text->text).substr(part.position, part.length);
  while (is_in_parentheses(out)) out = out.substr(1, out.size() - 2);
  return out;
}

std::string Site::description() const {
  const std::string what = visible(expression(), longest_expression);
  return is_condition ? "condition " + what : what;
}

std::string shown(const Value& value) {
  Memory memory;
  const Value decoded = decode(value, memory);
  if (decoded.kind == Kind::text) return shown_text(decoded.view());
  if (decoded.kind == Kind::time) return time_text(decoded.integer);
  if (decoded.kind == Kind::duration) return shown_duration(decoded.integer);
  if (value.is_untouched()) return visible(text_of(value, memory), longest_shown);
  return visible(json_text(value), longest_shown);
}

std::string described(const Value& value) {
  Memory memory;
  const Kind kind = decode(value, memory).kind;
  return kind <= Kind::null ? "it is null"
                            : fmt::format("{} is {}", shown(value), kind_in_words(kind));
}

std::string reading_as_time(std::string_view operand, const Value& value) {
  return reading(operand, value, Wanted::moment);
}

std::string why_arithmetic_failed(const Site& site, Arithmetic operation, const Value& a,
                                  const Value& b) {
  if (is_quantity(a) && is_quantity(b) && can_be_combined(operation, a, b))
    return why_out_of_range(site, operation, a, b);
  const Value sides[] = {a, b};
  if (const std::string nested = why_scalars_failed(sides); !nested.empty()) return nested;
  if (operation == Arithmetic::add && is_textual(a) && is_textual(b))
    return "the text would be longer than 64 MiB";
  const bool joins = operation == Arithmetic::add && (is_textual(a) || is_textual(b));
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const Value &side = sides[i], &other = sides[1 - i];
    if (is_quantity(side) && !is_quantity(other)) continue;
    for (const Wanted wanted : wanted_beside(other, operation))
      if (const std::string repair = reading(site.operand(i), side, wanted); !repair.empty())
        return fmt::format("{}; {}", described(side), repair);
    if (joins && is_textual(side) && is_quantity(other) && !is_number_literal(site.operand(1 - i)))
      return fmt::format("{}, {}; text({}) makes it text", described(a), described(b),
                         site.operand(1 - i));
    if (!is_quantity(side)) return described(side);
  }
  return fmt::format("{}, {}", described(a), described(b));
}

std::string why_comparison_failed(const Site& site, const Value& a, const Value& b) {
  const auto wanted = [](const Value& other) {
    return other.kind == Kind::time       ? Wanted::moment
           : other.kind == Kind::duration ? Wanted::duration
           : is_quantity(other)           ? Wanted::number
                                          : Wanted::anything;
  };
  if (const std::string repair = reading(site.operand(0), a, wanted(b)); !repair.empty())
    return fmt::format("{}; {}", described(a), repair);
  if (const std::string repair = reading(site.operand(1), b, wanted(a)); !repair.empty())
    return fmt::format("{}; {}", described(b), repair);
  return fmt::format("{}, {}", described(a), described(b));
}

std::string why_negative_failed(const Site& site, const Value& of) {
  constexpr Wanted wanted[] = {Wanted::number, Wanted::duration};
  if (is_quantity(of) && of.kind != Kind::time) return fmt::format("-({}) is too large", shown(of));
  const std::string_view operand = site.operand(0);
  const std::string why = why_not(operand, of, wanted);
  const bool sorts = site.text && site.text->stage == "sort" && why == described(of);
  return sorts ? fmt::format("{}; write: sort {} desc", why, operand) : why;
}

std::string why_part_failed(std::span<const Value> values) {
  Memory memory;
  const Kind kind = decode(values[0], memory).kind;
  if (kind != Kind::list && kind != Kind::text) return described(values[0]);
  const auto position = std::find_if(values.begin() + 1, values.end(),
                                     [](const Value& v) { return !whole_number_of(v); });
  return position == values.end() ? described(values[0])
                                  : fmt::format("{}, not a position", described(*position));
}

std::string why_condition_failed(std::string_view operand, const Value& value) {
  if (const std::string repair = reading(operand, value, Wanted::boolean); !repair.empty())
    return described(value) + "; " + repair;
  const std::string what = described(value) + ", not true or false";
  return is_word(operand) && is_scalar(value)
             ? fmt::format("{}; a comparison is written: {} == {}", what, operand, shown(value))
             : what;
}

std::string why_scalars_failed(std::span<const Value> values) {
  for (const Value& value : values)
    if (!is_scalar(value)) return described(value);
  return {};
}

std::string why_numbers_failed(const Site& site, std::span<const Value> values) {
  constexpr Wanted wanted[] = {Wanted::number, Wanted::duration};
  for (std::size_t i = 0; i < values.size(); i++)
    if (!is_nothing(values[i]) && !is_quantity(values[i]))
      return why_not(site.operand(i), values[i], wanted);
  return given(site, values);
}

std::string why_call_failed(const Site& site, std::string_view usage, std::string_view family,
                            std::string_view hint, std::span<const Value> values) {
  const std::vector<std::string_view> parameters = parameters_in(usage);
  for (std::size_t i = 0; i < values.size() && i < parameters.size(); i++) {
    std::vector<Wanted> wanted = {wanted_by(parameters[i], family, usage)};
    if (usage.starts_with("delta(") && i == 0) wanted.push_back(Wanted::moment);
    if (!is_nothing(values[i]) && !is_wanted(values[i], wanted[0]))
      return why_not(site.operand(i), values[i], wanted);
  }
  if (usage.starts_with("parse_time("))
    if (std::string rest = left_by_pattern(values); !rest.empty()) return rest;
  const std::string what = given(site, values);
  return what.empty() || hint.empty() ? what + std::string(hint)
                                      : fmt::format("{}; {}", what, hint);
}

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
}

}  // namespace

std::string why_never_equal(std::string_view operand, const Value& value, const Value& expected) {
  if (is_nothing(value) || is_nothing(expected)) return {};
  Memory memory;
  const Value decoded = decode(value, memory);
  const bool is_text = decoded.kind == Kind::text, wants_text = expected.kind == Kind::text;
  if (is_text && wants_text) {
    const std::string_view text = decoded.view(), wanted = expected.view();
    if (text == wanted) return {};
    if (lower_ascii(text) == lower_ascii(wanted))
      return fmt::format("{} is {}, in other letter case; write: lower({}) == {}", operand,
                         shown(value), operand, json_string(lower_ascii(wanted)));
    if (trimmed(text) == wanted)
      return fmt::format("{} is {}, with blanks; write: trim({}) == {}", operand, shown(value),
                         operand, shown(expected));
    return {};
  }
  // A cell takes the kind of the other side.
  if (value.kind == Kind::cell || is_text == wants_text) return {};
  if (decoded.kind == Kind::list && wants_text)
    return fmt::format("{0} is a list ({1}); write: {0} contains {2}", operand, shown(value),
                       shown(expected));
  const bool is_simple = is_scalar(value);
  const std::string other = text_of(expected, memory).empty() ? std::string()
                            : wants_text                      ? std::string(expected.view())
                                         : json_string(text_of(expected, memory));
  const bool has_repair = is_simple && wants_text
                              ? decoded.is_number() ? !number_in(expected.view()).is_missing()
                                                    : text_of(value, memory) == expected.view()
                              : is_simple && !number_in(decoded.view()).is_missing();
  return fmt::format("{} is {} ({}), {} is {}{}", operand, kind_in_words(decoded.kind),
                     shown(value), shown(expected), kind_in_words(expected.kind),
                     has_repair ? fmt::format("; write: {} == {}", operand, other) : "");
}

std::string why_never_contained(std::string_view operand, const Value& outer, const Value& inner) {
  Memory memory;
  const Value decoded = decode(outer, memory);
  if (decoded.kind != Kind::text || inner.kind != Kind::text) return {};
  if (lower_ascii(decoded.view()).find(lower_ascii(inner.view())) == std::string::npos) return {};
  return fmt::format("{} is {}, in other letter case; write: lower({}) contains {}", operand,
                     shown(outer), operand, json_string(lower_ascii(inner.view())));
}

}  // namespace riffle
