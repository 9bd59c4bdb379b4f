#include "functions/time_pattern.h"

#include <stdexcept>

#include "time/text.h"

namespace riffle {
namespace {

// Bytes of Abseil's own conversion behind "%E": 0 when it is none.
std::size_t size_of_extension(std::string_view rest) {
  for (const std::string_view known : {"z", "*z", "*S", "*f", "4Y", "T"})
    if (rest.starts_with(known)) return known.size();
  const bool has_digit = !rest.empty() && rest[0] >= '0' && rest[0] <= '9';
  return has_digit && rest.size() > 1 && (rest[1] == 'S' || rest[1] == 'f') ? 2 : 0;
}

}  // namespace

std::string time_pattern(std::string_view pattern) {
  constexpr std::string_view conversions = "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%";
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); at++) {
    if (pattern[at] != '%') {
      out += pattern[at];
      continue;
    }
    const char letter = at + 1 < pattern.size() ? pattern[at + 1] : '\0';
    const std::size_t extension = letter == 'E' ? size_of_extension(pattern.substr(at + 2)) : 0;
    if (letter == 'f')
      out += "%E6f";
    else if (letter == 'L')
      out += "%E3f";
    else if (letter == 'N')
      out += "%E9f";
    else if (extension > 0 || (letter != '\0' && conversions.find(letter) != conversions.npos))
      out += pattern.substr(at, 2 + extension);
    else
      throw std::invalid_argument("'" + std::string(pattern.substr(at, 2)) +
                                  "' means nothing in a pattern of a time; %Y-%m-%d %H:%M:%S is one");
    at += 1 + extension;
  }
  return out;
}

std::string format_by_pattern(std::int64_t time, const std::string& pattern, const Zone& zone) {
  return absl::FormatTime(pattern, absl::FromUnixNanos(time), zone.time_zone());
}

std::optional<std::int64_t> parse_by_pattern(std::string_view text, const std::string& pattern, const Zone& zone) {
  absl::Time time;
  if (!absl::ParseTime(pattern, absl::string_view(text.data(), text.size()), zone.time_zone(), &time, nullptr))
    return std::nullopt;
  if (time < absl::FromUnixNanos(least_time) || time > absl::FromUnixNanos(greatest_time)) return std::nullopt;
  return absl::ToUnixNanos(time);
}

}  // namespace riffle
