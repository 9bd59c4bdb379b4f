#include "time/zone_names.h"

#include <algorithm>
#include <string>

namespace riffle {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Abbreviation {
  std::string_view name, offset;
};

// Those with one meaning in the usual lists (RFC 5322, the tz database). Left out, since they have
// several: AST, BST, GST, IST, SST.
constexpr Abbreviation abbreviations[] = {
    {"EST", "-05:00"},  {"EDT", "-04:00"},  {"CST", "-06:00"},  {"CDT", "-05:00"},
    {"MST", "-07:00"},  {"MDT", "-06:00"},  {"PST", "-08:00"},  {"PDT", "-07:00"},
    {"AKST", "-09:00"}, {"AKDT", "-08:00"}, {"HST", "-10:00"},  {"NST", "-03:30"},
    {"NDT", "-02:30"},  {"WET", "+00:00"},  {"WEST", "+01:00"}, {"CET", "+01:00"},
    {"CEST", "+02:00"}, {"EET", "+02:00"},  {"EEST", "+03:00"}, {"MSK", "+03:00"},
    {"WAT", "+01:00"},  {"CAT", "+02:00"},  {"SAST", "+02:00"}, {"EAT", "+03:00"},
    {"PKT", "+05:00"},  {"WIB", "+07:00"},  {"WITA", "+08:00"}, {"WIT", "+09:00"},
    {"HKT", "+08:00"},  {"JST", "+09:00"},  {"KST", "+09:00"},  {"AWST", "+08:00"},
    {"ACST", "+09:30"}, {"ACDT", "+10:30"}, {"AEST", "+10:00"}, {"AEDT", "+11:00"},
    {"NZST", "+12:00"}, {"NZDT", "+13:00"},
};

bool is_utc_name(std::string_view name) {
  constexpr std::string_view names[] = {"UTC", "GMT", "UT", "Z"};
  const auto is_same = [](char a, char b) { return a == b || a == (b | 0x20); };
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view known) {
    return std::equal(name.begin(), name.end(), known.begin(), known.end(), is_same);
  });
}

std::optional<Zone> find_zone(std::string_view name) {
  const auto* const known =
      std::find_if(std::begin(abbreviations), std::end(abbreviations),
                   [&](const Abbreviation& abbreviation) { return abbreviation.name == name; });
  if (known != std::end(abbreviations)) return Zone::named(known->offset);
  return Zone::named(name);
}

}  // namespace

std::optional<Zone> zone_called(std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (is_utc_name(name)) return Zone();
  // Most records name the zone that the one before did.
  thread_local std::string last_name;
  thread_local Zone last_zone;
  if (name == last_name) return last_zone;
  const auto zone = find_zone(name);
  if (zone) last_name = name, last_zone = *zone;
  return zone;
}

std::optional<std::int64_t> moment_at(const Civil& local, std::int32_t offset) {
  Civil utc = local;
  utc.second -= offset;
  return Zone().moment(utc);
}

bool is_called(std::string_view abbreviation, std::int64_t moment, const Zone& zone) {
  return zone.time_zone().At(absl::FromUnixNanos(moment)).zone_abbr == abbreviation;
}

std::optional<std::int64_t> moment_called(std::string_view abbreviation, const Civil& local,
                                          const Zone& zone) {
  const absl::CivilSecond second(local.year, local.month, local.day, local.hour, local.minute,
                                 local.second);
  const absl::TimeZone::TimeInfo info = zone.time_zone().At(second);
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return std::nullopt;
  for (const absl::Time moment : {info.pre, info.post}) {
    const absl::TimeZone::CivilInfo there = zone.time_zone().At(moment);
    if (there.zone_abbr == abbreviation) return moment_at(local, there.offset);
  }
  return std::nullopt;
}

bool may_have_offset(std::string_view name, std::int32_t offset, std::int64_t moment) {
  if (is_utc_name(name)) return offset == 0;
  if (std::all_of(name.begin(), name.end(), is_letter)) return true;
  const auto zone = zone_called(name);
  return zone && zone->offset_at(moment) == offset;
}

bool is_of_zone_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
}

}  // namespace riffle
