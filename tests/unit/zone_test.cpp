#include "time/zone.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "folder.h"
#include "time/text.h"

using namespace riffle;

namespace {

std::string at(const Zone& zone, const Civil& local) {
  const auto moment = zone.moment(local);
  return moment ? time_text(*moment) : "";
}

std::int64_t utc(std::string_view text) { return *parse_time(text, Zone()); }

}  // namespace

TEST_CASE("zones are found by name") {
  CHECK(Zone::named("UTC")->is_utc());
  CHECK(Zone::named("Z")->is_utc());
  CHECK(Zone::named("+00:00")->is_utc());
  CHECK(Zone::named("Europe/Paris")->name() == "Europe/Paris");
  CHECK_FALSE(Zone::named("Europe/Paris")->is_utc());
  for (const char* unknown :
       {"", "Europe/Pariss", "+25:00", "+02:60", "+", "++2", "+2:00", "+123", "+12345"})
    CHECK_FALSE(Zone::named(unknown));
}

TEST_CASE("a zone's name is no path out of the database (S-3)") {
  Folder zones;
  std::filesystem::copy_file("/usr/share/zoneinfo/Asia/Tokyo", zones / "Tokyo");
  std::filesystem::create_directories(zones / "database/Area");
  std::filesystem::copy_file(zones / "Tokyo", zones / "database/Area/Tokyo");
  REQUIRE(mkfifo((zones / "database/Pipe").c_str(), 0600) == 0);
  const char* const usual = std::getenv("TZDIR");
  const std::string restored = usual ? usual : "";
  setenv("TZDIR", (zones / "database").c_str(), 1);
  CHECK(Zone::named("Area/Tokyo")->offset_at(0) == 9 * 3600);
  for (const std::string& name :
       {zones / "Tokyo", "file:" + (zones / "Tokyo"), ":" + (zones / "Tokyo"),
        std::string("Area/../../Tokyo"), std::string("Area/./Tokyo"), std::string("Area//Tokyo"),
        std::string("Pipe"), std::string("Area"), std::string("/etc/localtime"),
        std::string("localtime"), std::string("Area/Tokyo\0", 11), std::string(70000, 'A')})
    CHECK_FALSE(Zone::named(name));
  usual ? setenv("TZDIR", restored.c_str(), 1) : unsetenv("TZDIR");
}

TEST_CASE("a fixed offset is a zone") {
  CHECK(Zone::named("+02:00")->offset_at(0) == 7200);
  CHECK(Zone::named("-0530")->offset_at(0) == -19800);
  CHECK(Zone::named("+02")->offset_at(0) == 7200);
  CHECK(Zone::named("+2")->offset_at(0) == 7200);
}

TEST_CASE("a zone's offset changes with summer time") {
  const Zone paris = *Zone::named("Europe/Paris");
  CHECK(paris.offset_at(utc("2026-03-29T00:59:59Z")) == 3600);
  CHECK(paris.offset_at(utc("2026-03-29T01:00:00Z")) == 7200);
  const Civil civil = paris.civil(utc("2026-07-31T22:30:01.000000007Z"));
  CHECK(civil.month == 8);
  CHECK(civil.day == 1);
  CHECK(civil.hour == 0);
  CHECK(civil.minute == 30);
  CHECK(civil.second == 1);
  CHECK(civil.nanosecond == 7);
}

TEST_CASE("a local time in a gap lies behind it, of two the earlier counts") {
  const Zone paris = *Zone::named("Europe/Paris");
  CHECK(at(paris, {2026, 3, 29, 2, 30, 0, 0}) == "2026-03-29T01:30:00Z");
  CHECK(at(paris, {2026, 10, 25, 2, 30, 0, 0}) == "2026-10-25T00:30:00Z");
  CHECK(at(*Zone::named("America/Sao_Paulo"), {2018, 11, 4, 0, 0, 0, 0}) == "2018-11-04T03:00:00Z");
}

TEST_CASE("fields out of range carry over") {
  for (const char* name : {"UTC", "+00:30"}) {
    const Zone zone = *Zone::named(name);
    CHECK(zone.moment({2026, 13, 1, 0, 0, 0, 0}) == zone.moment({2027, 1, 1, 0, 0, 0, 0}));
    CHECK(zone.moment({2026, 0, 1, 0, 0, 0, 0}) == zone.moment({2025, 12, 1, 0, 0, 0, 0}));
    CHECK(zone.moment({2026, -12, 1, 0, 0, 0, 0}) == zone.moment({2024, 12, 1, 0, 0, 0, 0}));
    CHECK(zone.moment({2026, 3, 0, 0, 0, 0, 0}) == zone.moment({2026, 2, 28, 0, 0, 0, 0}));
    CHECK(zone.moment({2026, 1, 1, 0, 0, -1, 0}) == zone.moment({2025, 12, 31, 23, 59, 59, 0}));
  }
}

TEST_CASE("moments end where times do") {
  CHECK(Zone().moment({1677, 9, 22, 0, 0, 0, 0}) == least_time);
  CHECK_FALSE(Zone().moment({1677, 9, 21, 23, 59, 59, 999999999}));
  CHECK(Zone().moment({2262, 4, 11, 23, 47, 16, 854775807}) == greatest_time);
  CHECK_FALSE(Zone().moment({2262, 4, 11, 23, 47, 16, 854775808}));
  CHECK_FALSE(Zone().moment({INT64_MAX, 1, 1, 0, 0, 0, 0}));
  CHECK_FALSE(Zone::named("Europe/Paris")->moment({2262, 4, 12, 2, 0, 0, 0}));
  CHECK_FALSE(Zone::named("Europe/Paris")->moment({INT64_MIN, 1, 1, 0, 0, 0, 0}));
}

TEST_CASE("a zone reads the ends of the range of times") {
  const Zone tokyo = *Zone::named("Asia/Tokyo");
  CHECK(tokyo.civil(greatest_time).day == 12);
  CHECK(tokyo.civil(greatest_time).nanosecond == 854775807);
  CHECK(Zone::named("America/New_York")->civil(least_time).day == 21);
}
