#include "functions/arguments.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "functions/lambda_scope.h"
#include "time/text.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/number.h"

namespace riffle {
namespace {

// Takes the digits at the text's front off it.
std::string_view take_digits(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  text.remove_prefix(digits.size());
  return digits;
}

}  // namespace

Value number_in(std::string_view text) {
  text = trim_blanks(text);
  if (const Value number = parse_number(text); !number.is_missing()) return number;
  std::string spelled(text.starts_with('-') ? "-" : "");
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  std::string_view whole = take_digits(text), fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return {};
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  spelled += whole.empty() ? "0" : whole;
  if (!fraction.empty()) spelled.append(".").append(fraction);
  return parse_number(spelled.append(text));  // an exponent, or what is no number
}

std::optional<std::string_view> text_of_scalar(const Value& value, Memory& memory) {
  const bool nested = value.kind == Kind::list || value.kind == Kind::map ||
                      (value.kind == Kind::json && (value.text[0] == '{' || value.text[0] == '['));
  if (nested) return std::nullopt;
  return text_of(value, memory);
}

std::optional<std::int64_t> whole_number_of(const Value& value) {
  const Value number = number_of(value);
  if (number.kind == Kind::integer) return number.integer;
  if (number.kind != Kind::real || number.real != std::trunc(number.real)) return std::nullopt;
  if (number.real < -0x1p63 || number.real >= 0x1p63) return std::nullopt;
  return static_cast<std::int64_t>(number.real);
}

std::optional<std::int64_t> time_of(const Value& value, const Zone& zone, Memory& memory,
                                    std::int64_t unit) {
  if (value.kind == Kind::time) return value.integer;
  const Value number = number_of(value);
  if (number.kind == Kind::integer) return time_from_number(number.integer, unit);
  if (!number.is_missing()) return time_from_number(as_real(number), unit);
  if (value.kind != Kind::text && !value.is_untouched()) return std::nullopt;
  const auto text = text_of_scalar(value, memory);
  return text ? parse_time(*text, zone) : std::nullopt;
}

std::optional<std::span<const Value>> list_of(const Value& value, Memory& memory) {
  const Value list = LambdaScope::decoded(value, memory);
  if (list.kind != Kind::list) return std::nullopt;
  return list.list();
}

std::optional<std::span<const Member>> map_of(const Value& value, Memory& memory) {
  const Value map = LambdaScope::decoded(value, memory);
  if (map.kind != Kind::map) return std::nullopt;
  return map.map();
}

std::optional<std::string_view> constant_text(const Preparation& preparation, std::size_t i) {
  if (i >= preparation.arguments.size() || !preparation.arguments[i] ||
      is_nothing(*preparation.arguments[i]))
    return std::nullopt;
  return text_of_scalar(*preparation.arguments[i], preparation.memory);
}

Stretch stretch_of(std::int64_t start, std::int64_t end, std::size_t length) {
  const auto size = static_cast<std::int64_t>(length);
  const auto held = [size](std::int64_t n) {
    return std::clamp<std::int64_t>(n < 0 ? n + size : n, 0, size);
  };
  const std::int64_t first = held(start);
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(std::max(first, held(end)))};
}

}  // namespace riffle
