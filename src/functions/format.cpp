// format: values put into a text.
#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"
#include "values/decode.h"
#include "values/number.h"

namespace riffle {
namespace {

// One place for a value, and the text before it. `specification` is fmt's, a subset of Python's:
// [[fill]align][sign][0] [width][.precision][type]; and what fmt has not: commas between thousands
// before the precision, and % for a type.
struct Place {
  std::string before;
  std::string specification;
  char type = 0;  // d x X o b e E f F g G %; 0: as the value is written
  bool aligned = false, precise = false, zeros = false;
  bool grouped = false;  // commas between thousands
  // Where the number is put together here (grouped, %): its digits' specification, and the one by
  // which the whole is padded.
  std::string digits, padding;
};

struct Pattern {
  std::vector<Place> places;
  std::string rest;
};

constexpr std::size_t most_digits = 3;  // of a width or a precision

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Moves `at` after a number; false when it has too many digits.
bool skip_number(std::string_view text, std::size_t& at) {
  const std::size_t first = at;
  while (at < text.size() && is_digit(text[at])) at++;
  return at - first <= most_digits;
}

void read_specification(std::string_view text, Place& place) {
  const auto refuse = [&] {
    throw std::invalid_argument(fmt::format(
        "'{{:{}}}' is no format; write it as {{}}, {{:>8}}, {{:05d}} or {{:.2f}}", text));
  };
  constexpr std::string_view alignments = "<>^", signs = "+- ", types = "dxXobeEfFgG%";
  const auto is_one_of = [&](std::string_view set, std::size_t i) {
    return i < text.size() && set.find(text[i]) != set.npos;
  };
  std::size_t at = 0;
  const std::size_t fill = text.empty() ? 0 : end_of_character(text, 0);
  if (fill > 0 && text[0] != '{' && is_one_of(alignments, fill))
    place.aligned = true, at = fill + 1;
  else if (is_one_of(alignments, 0))
    place.aligned = true, at = 1;
  const std::size_t align_end = at;
  if (is_one_of(signs, at)) at++;
  const std::size_t sign_end = at;
  place.zeros = is_one_of("0", at);
  if (!skip_number(text, at)) refuse();
  const std::size_t width_end = at;
  place.grouped = is_one_of(",", at);
  if (place.grouped) at++;
  const std::size_t precision = at;
  if (at < text.size() && text[at] == '.') {
    place.precise = true;
    const std::size_t first = ++at;
    if (!skip_number(text, at) || at == first) refuse();
  }
  if (is_one_of(types, at)) place.type = text[at++];
  if (at != text.size()) refuse();
  place.specification = fmt::format("{{:{}}}", text);
  const bool is_whole = place.type != 0 && std::string_view("xXob").find(place.type) != text.npos;
  if (place.grouped && (is_whole || place.zeros)) refuse();
  if (!place.grouped && place.type != '%') return;
  if (place.zeros) refuse();
  const std::string sign(text.substr(align_end, sign_end - align_end));
  std::string_view rest = text.substr(precision);
  if (place.type == '%') rest.remove_suffix(1);
  const bool is_real = place.type == '%' || (place.type == 0 && place.precise);
  place.digits = fmt::format("{{:{}{}{}}}", sign, rest, is_real ? "f" : "");
  place.padding = fmt::format("{{:{}{}}}", place.aligned ? text.substr(0, align_end) : ">",
                              text.substr(sign_end, width_end - sign_end));
}

Pattern read_pattern(std::string_view text) {
  Pattern pattern;
  std::string literal;
  for (std::size_t at = 0; at < text.size(); at++) {
    const char c = text[at];
    if ((c == '{' || c == '}') && text.substr(at + 1, 1) == std::string_view(&c, 1)) {
      literal += c;
      at++;
    } else if (c == '{') {
      const std::size_t end = text.find('}', at);
      const std::string_view inside = text.substr(at + 1, end == text.npos ? 0 : end - at - 1);
      if (end == text.npos || (!inside.empty() && inside[0] != ':'))
        throw std::invalid_argument("a '{' must begin {} or {:...}; write {{ for the character");
      Place& place = pattern.places.emplace_back();
      place.before.swap(literal);
      if (inside.size() > 1) read_specification(inside.substr(1), place);
      at = end;
    } else if (c == '}') {
      throw std::invalid_argument("a '}' ends nothing; write }} for the character");
    } else {
      literal += c;
    }
  }
  pattern.rest = literal;
  return pattern;
}

template <typename T>
void append(std::string& out, const std::string& specification, const T& value) {
  fmt::vformat_to(std::back_inserter(out), specification, fmt::make_format_args(value));
}

// With commas between thousands before the point or an exponent.
std::string with_commas(const std::string& number) {
  const std::size_t first = number.find_first_of("0123456789");
  const std::size_t end = std::min(number.find_first_not_of("0123456789", first), number.size());
  std::string grouped = number.substr(0, first);
  for (std::size_t i = first; i < end; i++) {
    if (i > first && (end - i) % 3 == 0) grouped += ',';
    grouped += number[i];
  }
  return grouped + number.substr(end);
}

// A number of a place that is grouped or a percentage. False: it is no such number.
bool append_put_together(std::string& out, const Place& place, const Value& number,
                         std::string_view text) {
  if (number.is_missing()) return false;
  std::string digits;
  if (place.type == 'd') {
    const auto whole = whole_number_of(number);
    if (!whole && number.kind != Kind::natural) return false;
    if (whole)
      append(digits, place.digits, *whole);
    else
      append(digits, place.digits, number.natural);
  } else if (place.type == 0 && !place.precise && number.kind == Kind::integer) {
    append(digits, place.digits, number.integer);
  } else if (place.type == 0 && !place.precise) {
    digits = text;
  } else {
    append(digits, place.digits, as_real(number) * (place.type == '%' ? 100 : 1));
  }
  if (place.grouped) digits = with_commas(digits);
  if (place.type == '%') digits += '%';
  append(out, place.padding, digits);
  return true;
}

// False: the value is not of the kind that the place asks for.
bool append_value(std::string& out, const Place& place, const Value& value, Memory& memory) {
  const auto text = text_of_scalar(value, memory);
  if (!text) return false;
  if (place.specification.empty()) {
    out += *text;
    return true;
  }
  const Value number = number_of(value);
  if (!place.padding.empty()) return append_put_together(out, place, number, *text);
  constexpr std::string_view whole_types = "dxXob";
  if (place.type != 0 && whole_types.find(place.type) != whole_types.npos) {
    if (place.precise) return false;
    if (number.kind == Kind::natural)
      append(out, place.specification, number.natural);
    else if (const auto whole = whole_number_of(number))
      append(out, place.specification, *whole);
    else
      return false;
  } else if (place.type != 0 || (place.precise && !number.is_missing()) ||
             (place.zeros && number.kind == Kind::real)) {
    if (number.is_missing()) return false;
    append(out, place.specification, as_real(number));
  } else if (number.kind == Kind::integer) {
    append(out, place.specification, number.integer);
  } else if (number.is_missing() || place.aligned) {
    append(out, place.specification, *text);
  } else {  // numbers stand at the right
    append(out, "{:>" + place.specification.substr(2), *text);
  }
  return true;
}

std::shared_ptr<const void> prepare(const Preparation& preparation) {
  const auto text = constant_text(preparation, 0);
  if (!text) return nullptr;
  auto pattern = std::make_shared<Pattern>(read_pattern(*text));
  const std::size_t values = preparation.arguments.size() - 1;
  if (pattern->places.size() != values)
    throw std::invalid_argument(fmt::format("the text has {} {{}}, and there {} {} value{}",
                                            pattern->places.size(), values == 1 ? "is" : "are",
                                            values, values == 1 ? "" : "s"));
  return pattern;
}

Value format_values(FunctionCall& call, const Pattern& pattern) {
  if (pattern.places.size() != call.size() - 1) return call.fail();
  std::string out;
  for (std::size_t i = 0; i < pattern.places.size(); i++) {
    out += pattern.places[i].before;
    if (!append_value(out, pattern.places[i], call[i + 1], call.memory) ||
        out.size() > longest_text)
      return call.fail();
  }
  out += pattern.rest;
  return text_value(call.memory.copy(out));
}

Value format(FunctionCall& call) try {
  if (call.prepared) return format_values(call, *static_cast<const Pattern*>(call.prepared));
  const auto text = text_argument(call, 0);
  return text ? format_values(call, read_pattern(*text)) : call.fail();
} catch (const std::runtime_error&) {  // fmt's: a sign before a text, say
  return call.fail();
} catch (const std::invalid_argument&) {
  return call.fail();
}

}  // namespace

std::vector<Function> format_functions() {
  Rows rows("text");
  rows.add("format(text, value...)", "text", 1, any_number, format,
           "a text with values in the place of its {}; {:.2f}, {:05d}, {:x}, {:>8}, {:,}, {:.1%} "
           "say "
           "how, as in Python",
           {{"format('{}:{}', 'a', 1)", R"("a:1")"},
            {"format('{:.2f} %', 12.345)", R"("12.35 %")"},
            {"format('{:05d}|{:<4}|{:>4}', 42, 'ab', 1.5)", R"("00042|ab  | 1.5")"},
            {"format('{:,}|{:,.2f}|{:.1%}', 1234567, 1234.5, 0.1234)",
             R"("1,234,567|1,234.50|12.3%")"},
            {"format('{{{}}}', 7)", R"("{7}")"},
            {"format('{:d}', 'x')", ""}})
      .prepare = prepare;
  return rows.take();
}

}  // namespace riffle
