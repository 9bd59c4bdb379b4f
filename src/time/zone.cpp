#include "time/zone.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>

#include "time/text.h"

namespace riffle {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1000000000;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

// "+02:00", "-0530", "+2" and the like, in seconds.
std::optional<std::int32_t> fixed_offset(std::string_view name) {
  if (name.size() < 2 || (name[0] != '+' && name[0] != '-')) return std::nullopt;
  std::int32_t digits[4] = {};
  int count = 0;
  for (std::size_t i = 1; i < name.size(); i++) {
    if (name[i] == ':' && i == 3 && name.size() == 6) continue;
    if (name[i] < '0' || name[i] > '9' || count == 4) return std::nullopt;
    digits[count++] = name[i] - '0';
  }
  if (count == 1) digits[1] = digits[0], digits[0] = 0;
  if (count == 3) return std::nullopt;
  const std::int32_t hours = digits[0] * 10 + digits[1], minutes = digits[2] * 10 + digits[3];
  if (hours > 23 || minutes > 59) return std::nullopt;
  const std::int32_t offset = hours * 3600 + minutes * 60;
  return name[0] == '-' ? -offset : offset;
}

std::optional<std::int64_t> in_range(std::int64_t seconds, int nanosecond) {
  if (seconds < least_time / nanoseconds_in_second ||
      seconds > greatest_time / nanoseconds_in_second)
    return std::nullopt;
  std::int64_t moment = 0;
  if (__builtin_add_overflow(seconds * nanoseconds_in_second, nanosecond, &moment))
    return std::nullopt;
  return moment;
}

std::int64_t utc_seconds(const Civil& local) {
  const std::int64_t years = floor_divide(local.month - 1, 12);
  const int month = static_cast<int>(local.month - 12 * years);
  const std::int64_t days = days_from_civil(local.year + years, month, 1) + local.day - 1;
  return days * 86400 + local.hour * std::int64_t{3600} + local.minute * std::int64_t{60} +
         local.second;
}

// Abseil opens what it is told to, a pipe as well, and remembers every name: only names of regular
// files in the database of zones may come to it. None of them has a dot, or begins in lower case.
bool is_zone_file(std::string_view name) {
  constexpr std::size_t longest_name = 64;
  const auto may_have = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '+' || c == '-' || c == '/';
  };
  if (name.size() > longest_name || name[0] < 'A' || name[0] > 'Z' ||
      name.find("//") != name.npos || !std::all_of(name.begin(), name.end(), may_have))
    return false;
  const char* const folder = std::getenv("TZDIR");
  std::error_code error;
  return std::filesystem::is_regular_file(
      std::filesystem::path(folder ? folder : "/usr/share/zoneinfo") / name, error);
}

std::optional<absl::TimeZone> zone_of_file(std::string_view name) {
  // As many as there are files: a name comes with each record.
  thread_local std::map<std::string, absl::TimeZone, std::less<>> known;
  if (const auto found = known.find(name); found != known.end()) return found->second;
  absl::TimeZone zone;
  if (!is_zone_file(name) || !absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return known.emplace(name, zone).first->second;
}

}  // namespace

std::optional<Zone> Zone::named(std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (name == "UTC" || name == "Z") return Zone();
  Zone zone;
  if (const auto offset = fixed_offset(name))
    zone.zone_ = absl::FixedTimeZone(*offset);
  else if (const auto found = zone_of_file(name))
    zone.zone_ = *found;
  else
    return std::nullopt;
  zone.name_ = name;
  zone.utc_ = zone.zone_ == absl::UTCTimeZone();
  return zone;
}

std::int32_t Zone::offset_at(std::int64_t nanoseconds) const {
  return utc_ ? 0 : zone_.At(absl::FromUnixNanos(nanoseconds)).offset;
}

Civil Zone::civil(std::int64_t nanoseconds) const {
  if (utc_) return civil_from_time(nanoseconds);
  const std::int64_t second = floor_divide(nanoseconds, nanoseconds_in_second);
  const absl::CivilSecond local = zone_.At(absl::FromUnixSeconds(second)).cs;
  return {local.year(),
          local.month(),
          local.day(),
          local.hour(),
          local.minute(),
          local.second(),
          static_cast<int>(nanoseconds - second * nanoseconds_in_second)};
}

std::optional<std::int64_t> Zone::moment(const Civil& local) const {
  // Far years would leave the 64 bits of what follows.
  if (local.year < -10000 || local.year > 20000) return std::nullopt;
  if (utc_) return in_range(utc_seconds(local), local.nanosecond);
  const absl::CivilSecond second(local.year, local.month, local.day, local.hour, local.minute,
                                 local.second);
  return in_range(absl::ToUnixSeconds(zone_.At(second).pre), local.nanosecond);
}

}  // namespace riffle
