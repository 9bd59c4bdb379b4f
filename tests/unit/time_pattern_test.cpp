#include "time/time_pattern.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "functions/function.h"
#include "time/text.h"
#include "time/zone_names.h"
#include "values/calendar.h"

using namespace riffle;

namespace {

constexpr std::int64_t second = 1000000000;

Zone zone(std::string_view name) { return *Zone::named(name); }

std::string written(std::int64_t time, const std::string& pattern, const Zone& where = Zone()) {
  std::string text;
  TimePattern(pattern).write(time, where, text);
  return text;
}

// The time in UTC, "" when it cannot be read.
std::string read(const std::string& text, const std::string& pattern, const Zone& where = Zone()) {
  const TimePattern compiled(pattern);
  compiled.check_readable();
  const auto time = compiled.read(text, where);
  return time ? time_text(*time) : "";
}

// Why a pattern cannot be read with; "" when it can.
std::string refusal(const std::string& pattern) try {
  TimePattern(pattern).check_readable();
  return "";
} catch (const std::invalid_argument& reason) {
  return reason.what();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every conversion is written as strftime does", "[time pattern]") {
  const std::int64_t time = *parse_time("2026-02-03T04:05:06.0123456Z", Zone());
  CHECK(written(time, "%Y %C %y %G %g") == "2026 20 26 2026 26");
  CHECK(written(time, "%m %b %B %h %d %e %j") == "02 Feb February Feb 03  3 034");
  CHECK(written(time, "%a %A %u %w %V %U %W") == "Tue Tuesday 2 2 06 05 05");
  CHECK(written(time, "%H %k %I %l %p %M %S") == "04  4 04  4 AM 05 06");
  CHECK(written(time, "%L %f %N %s") == "012 012345 012345600 1770091506");
  CHECK(written(time, "%z %:z %Z %%") == "+0000 +00:00 UTC %");
  CHECK(written(time, "%F|%T|%R|%D|%r") == "2026-02-03|04:05:06|04:05|02/03/26|04:05:06 AM");
  CHECK(written(time, "%c|%x|%X|%n|%t|") == "Tue Feb  3 04:05:06 2026|02/03/26|04:05:06|\n|\t|");
  CHECK(written(time, "%E4Y%ET%E*S %E3S %E0S %E*f %E2f %Ez %E*z") ==
        "2026T06.0123456 06.012 06 0123456 01 +00:00 +00:00:00");
  CHECK(written(0, "%E*S %E*f") == "00 0");
  CHECK(written(-1, "%s.%N") == "-1.999999999");
  CHECK(written(-9000000000 * second, "%z %:z %Z %T", zone("Europe/Paris")) ==
        "+000921 +00:09:21 LMT 08:09:21");
  CHECK(written(0, "%Z %z", zone("America/Sao_Paulo")) == "-03 -0300");
  CHECK_THROWS_WITH(TimePattern("%q"),
                    "'%q' means nothing in a pattern of a time; %Y-%m-%d %H:%M:%S is one");
  CHECK_THROWS(TimePattern("%"));
  CHECK_THROWS(TimePattern("%E"));
  CHECK_THROWS(TimePattern("%Ex"));
  CHECK_THROWS(TimePattern("%:"));
}

TEST_CASE("a year is four digits, whatever follows", "[time pattern]") {
  CHECK(read("20140304", "%Y%m%d") == "2014-03-04T00:00:00Z");
  CHECK(read("20240301T101112Z", "%Y%m%dT%H%M%SZ") == "2024-03-01T10:11:12Z");
  CHECK(read("20170726003206.491-0400", "%Y%m%d%H%M%S.%f%z") == "2017-07-26T04:32:06.491Z");
  CHECK(read("20171223-22:15:29:606", "%Y%m%d-%H:%M:%S:%L") == "2017-12-23T22:15:29.606Z");
  CHECK(read("20182010", "%Y%d%m") == "2018-10-20T00:00:00Z");
  CHECK(read("2024366", "%Y%j") == "2024-12-31T00:00:00Z");
  CHECK(read("101112123456789", "%H%M%S%N") == "1970-01-01T10:11:12.123456789Z");
  CHECK(read("1011121232024", "%H%M%S%L%Y") == "2024-01-01T10:11:12.123Z");
  for (const char* wrong : {"02024-03-01", "24-03-01", "2024-3", "2024-03-01x", "2024-02-30",
                            "2024-13-01", "1600-01-01"})
    CHECK(read(wrong, "%Y-%m-%d") == "");
}

TEST_CASE("days of the year and of weeks are read", "[time pattern]") {
  CHECK(read("363 2021", "%j %Y") == "2021-12-29T00:00:00Z");
  CHECK(read("2024-W05-3", "%G-W%V-%u") == "2024-01-31T00:00:00Z");
  CHECK(read("2025-W01-1", "%G-W%V-%u") == "2024-12-30T00:00:00Z");
  CHECK(read("2021-19-4", "%G-%V-%u") == "2021-05-13T00:00:00Z");
  CHECK(read("26W05Sat", "%gW%V%a") == "2026-01-31T00:00:00Z");
  CHECK(read("2021 19 3", "%Y %U %w") == "2021-05-12T00:00:00Z");
  CHECK(read("2021 19 Wed", "%Y %W %a") == "2021-05-12T00:00:00Z");
  CHECK(read("2023-53-1", "%G-%V-%u") == "");  // 2023 has 52 weeks
  CHECK(read("2023-366", "%Y-%j") == "");
  CHECK(read("2021 00 0", "%Y %U %w") == "");  // that Sunday is in 2020
}

TEST_CASE("what contradicts itself is no time", "[time pattern]") {
  CHECK(read("Tue 2026-02-03", "%a %Y-%m-%d") == "2026-02-03T00:00:00Z");
  CHECK(read("Mon 2026-02-03", "%a %Y-%m-%d") == "");
  CHECK(read("034 2026-02-03", "%j %Y-%m-%d") == "2026-02-03T00:00:00Z");
  CHECK(read("035 2026-02-03", "%j %Y-%m-%d") == "");
  CHECK(read("2021-05-12 19-3", "%Y-%m-%d %U-%w") == "2021-05-12T00:00:00Z");
  CHECK(read("2021-05-12 19-4", "%Y-%m-%d %U-%w") == "");
  CHECK(read("2021-05-12 18", "%Y-%m-%d %V") == "");
  CHECK(read("13:00 PM", "%H:%M %p") == "1970-01-01T13:00:00Z");
  CHECK(read("13:00 AM", "%H:%M %p") == "");
  CHECK(read("1 00", "%H %I %p") == "");
  CHECK(read("2026 2027", "%Y %Y") == "");
  CHECK(read("1709287872 2024", "%s %Y") == "2024-03-01T10:11:12Z");
  CHECK(read("1709287872 2025", "%s %Y") == "");
  CHECK(read("10.123 123456", "%S.%L %f") == "1970-01-01T00:00:10.123456Z");
  CHECK(read("10.123 124456", "%S.%L %f") == "");
}

TEST_CASE("seconds since 1970 have a fraction", "[time pattern]") {
  CHECK(read("1709287872.5", "%s.%L") == "2024-03-01T10:11:12.500Z");
  CHECK(read("1709287872.000000001", "%s.%N") == "2024-03-01T10:11:12.000000001Z");
  CHECK(read("-2.5", "%s.%f") ==
        "1969-12-31T23:59:58.500Z");  // as it is written: %s is rounded down
  CHECK(read("99999999999", "%s") == "");
  CHECK(read("1709287872", "%s", zone("Asia/Tokyo")) == "2024-03-01T10:11:12Z");
  CHECK(read("10:11:12.1234567890", "%T.%N") == "");
}

TEST_CASE("offsets are read in all their forms", "[time pattern]") {
  for (const char* offset : {"+02:00", "+0200", "+02", "+02:00:00", "+020000"})
    for (const char* conversion : {"%z", "%:z", "%Ez", "%E*z"}) {
      INFO(offset << " " << conversion);
      CHECK(read("2024-03-01 10:00:00 " + std::string(offset),
                 "%Y-%m-%d %H:%M:%S " + std::string(conversion)) == "2024-03-01T08:00:00Z");
    }
  CHECK(read("2024-03-01T10:00:00Z", "%FT%T%z") == "2024-03-01T10:00:00Z");
  CHECK(read("2024-03-01T10:00:00-05:30", "%FT%T%z") == "2024-03-01T15:30:00Z");
  for (const char* wrong :
       {"+2", "+24:00", "+02:60", "+020", "02:00", "+02:", "+0200:00", "+02:0000", ""})
    CHECK(read("2024-03-01T10:00:00" + std::string(wrong), "%FT%T%z") == "");
}

TEST_CASE("a zone's name is read, or the text is no time", "[time pattern]") {
  const std::string stamp = "2019-02-04 00:08:48 ", pattern = "%F %T %Z";
  CHECK(read(stamp + "EST", pattern) == "2019-02-04T05:08:48Z");
  CHECK(read(stamp + "CEST", pattern) == "2019-02-03T22:08:48Z");
  CHECK(read(stamp + "Europe/Berlin", pattern) == "2019-02-03T23:08:48Z");
  CHECK(read(stamp + "+05", pattern) == "2019-02-03T19:08:48Z");
  for (const char* utc : {"UTC", "GMT", "UT", "Z", "utc"})
    CHECK(read(stamp + utc, pattern, zone("America/New_York")) == "2019-02-04T00:08:48Z");
  for (const char* wrong :
       {"XYZQ", "FNORD", "IST", "BST", "Nowhere/City", "../UTC", "/etc/localtime", "localtime", ""})
    CHECK(read(stamp + wrong, pattern) == "");
  CHECK(read(stamp + "IST", pattern, zone("Asia/Kolkata")) == "2019-02-03T18:38:48Z");
  CHECK(read(stamp + "CST", pattern) == "2019-02-04T06:08:48Z");
  CHECK(read(stamp + "CST", pattern, zone("Asia/Shanghai")) == "2019-02-03T16:08:48Z");
  // Of a winter's name in summer: what it says, not what the zone calls itself then.
  CHECK(read("2019-07-04 12:00:00 CET", pattern, zone("Europe/Paris")) == "2019-07-04T11:00:00Z");
  CHECK(read("Fri Mar 01 2024 10:11:12 +0800 CST", "%a %b %d %Y %T %z %Z") ==
        "2024-03-01T02:11:12Z");
  CHECK(read("2024-03-01 10:11:12 +0000 UTC", "%F %T %z %Z") == "2024-03-01T10:11:12Z");
  CHECK(read("2024-03-01 10:11:12 +0100 UTC", "%F %T %z %Z") == "");
  CHECK(read("2024-03-01 10:11:12 +0100 Europe/Paris", "%F %T %z %Z") == "2024-03-01T09:11:12Z");
  CHECK(read("2024-03-01 10:11:12 +0200 Europe/Paris", "%F %T %z %Z") == "");
}

TEST_CASE("a local time in a gap or a fold is that of the offset before", "[time pattern]") {
  const Zone paris = zone("Europe/Paris");
  CHECK(read("2026-03-29 02:30", "%F %R", paris) == "2026-03-29T01:30:00Z");
  CHECK(read("2026-10-25 02:30", "%F %R", paris) == "2026-10-25T00:30:00Z");
  CHECK(read("2026-10-25 02:30 CEST", "%F %R %Z", paris) == "2026-10-25T00:30:00Z");
  CHECK(read("2026-10-25 02:30 CET", "%F %R %Z", paris) == "2026-10-25T01:30:00Z");
}

TEST_CASE("names and numbers are read as people write them", "[time pattern]") {
  CHECK(read("3 FEBRUARY 2026", "%d %b %Y") == "2026-02-03T00:00:00Z");
  CHECK(read("Feb  3 2026 4:05", "%B %e %Y %k:%M") == "2026-02-03T04:05:00Z");
  CHECK(read(" 02/03/26  12:05 am ", "%D %I:%M %p") == "2026-02-03T00:05:00Z");
  CHECK(read("12:05 PM", "%I:%M %p") == "1970-01-01T12:05:00Z");
  CHECK(read("690101", "%y%m%d") == "1969-01-01T00:00:00Z");
  CHECK(read("680101", "%y%m%d") == "2068-01-01T00:00:00Z");
  CHECK(read("18 99", "%C %y") == "1899-01-01T00:00:00Z");
  CHECK(read("2016-12-31 23:59:60", "%F %T") == "2017-01-01T00:00:00Z");
  CHECK(read("2016-12-31 23:59:60.5", "%F %T.%f") == "2017-01-01T00:00:00.500Z");
  CHECK(read("100% 2026", "100%% %Y") == "2026-01-01T00:00:00Z");
  CHECK(read("Marching 2026", "%bching %Y") == "2026-03-01T00:00:00Z");
}

TEST_CASE("a pattern that would be ignored in part is refused, with what to write",
          "[time pattern]") {
  CHECK(contains(refusal("%G-W%V"), "add %u"));
  CHECK(contains(refusal("%Y-W%V-%u"), "%V needs the year of its weeks, %G"));
  CHECK(contains(refusal("%G-%m-%d"), "the calendar's year is %Y"));
  CHECK(contains(refusal("%Y-%U"), "add %w"));
  CHECK(contains(refusal("%U %w"), "need the year"));
  CHECK(contains(refusal("%a %H:%M"), "a weekday (%a, %u, %w) says no date"));
  CHECK(contains(refusal("%a %b %d %T"), "a year can be put before the text"));
  CHECK(contains(refusal("%C"), "add %y"));
  CHECK(contains(refusal("%I:%M"), "%I (1 to 12) needs %p"));
  CHECK(contains(refusal("%M %p"), "%p needs %I"));
  for (const char* pattern : {"%s%L", "%s0", "%s%e", "%e%m", "%k%M", "%z%Y", "%z:%M", "%Z%Y",
                              "%Z%z", "%Z-%d", "%E*S%Y", "%E*f%d", "%E3S.%f"})
    CHECK(contains(refusal(pattern), "nothing tells where"));
  for (const char* pattern : {"%Y-%m-%d %V", "%Y-%j %a", "%s %C %a %V %U %I", "%c", "%T %Z,%Y",
                              "%b %d %T", "%H:%M", "%j"})
    CHECK(refusal(pattern) == "");
}

namespace {

// The conversions that the help of format_time names.
std::vector<std::string> conversions_of_help() {
  const std::string_view summary = find_function("format_time")->summary;
  std::vector<std::string> found;
  for (std::size_t at = summary.find('%'); at != summary.npos; at = summary.find('%', at)) {
    const std::size_t size = summary[at + 1] == ':' ? 3 : 2;
    found.emplace_back(summary.substr(at, size));
    at += size;
  }
  return found;
}

class PatternGenerator {
 public:
  explicit PatternGenerator(std::uint64_t seed) : random_(seed), all_(conversions_of_help()) {
    for (const char* more : {"%Ez", "%E*z", "%E4Y", "%ET", "%E*S", "%E*f", "%E3S", "%E0S", "%E2f"})
      all_.emplace_back(more);
  }

  std::size_t below(std::size_t n) { return random_() % n; }
  const std::string& one_of(const std::vector<std::string>& words) {
    return words[below(words.size())];
  }
  const std::vector<std::string>& all() const { return all_; }

  // One that says a whole time to the nanosecond (but perhaps not in which zone), and other things.
  std::string pattern() {
    std::vector<std::string> parts = date();
    const std::vector<std::string> of_day = time_of_day();
    parts.insert(parts.end(), of_day.begin(), of_day.end());
    if (below(3) > 0) parts.push_back(one_of({"%z", "%:z", "%Z", "%E*z"}));
    for (std::size_t more = below(4); more > 0; more--) parts.push_back(one_of(all_));
    std::shuffle(parts.begin(), parts.end(), random_);
    std::string pattern;
    for (const std::string& part : parts) {
      pattern += part;
      pattern += one_of({"", "", " ", "-", "/", ":", ".", ", ", "T", "x", "7", "%n", "é"});
    }
    return pattern;
  }

  // Anywhere in the range of times, near a change of clocks, near 1970.
  std::int64_t time(bool has_short_year) {
    const std::int64_t from = has_short_year ? 0 : least_time,
                       to = has_short_year ? 3092515200 * second : greatest_time;
    const auto any = static_cast<std::int64_t>(random_());
    if (below(4) == 0) return 1792893600 * second + any % (7200 * second);  // Paris, 2026-10-25
    if (below(4) == 0) return (below(2) ? from : to) / second * second;
    const auto first = static_cast<std::uint64_t>(from), last = static_cast<std::uint64_t>(to);
    return static_cast<std::int64_t>(first + static_cast<std::uint64_t>(any) % (last - first));
  }

 private:
  std::vector<std::string> date() {
    const std::string year = one_of({"%Y", "%Y", "%C %y", "%y", "%E4Y"}),
                      weekday = one_of({"%a", "%A", "%u", "%w"});
    switch (below(7)) {
      case 0:
        return {year, "%j"};
      case 1:
        return {one_of({"%G", "%g"}), "%V", weekday};
      case 2:
        return {year, one_of({"%U", "%W"}), weekday};
      case 3:
        return {"%s"};
      case 4:
        return {one_of({"%F", "%D", "%x", "%c"})};
      default:
        return {year, one_of({"%m", "%b", "%B", "%h"}), one_of({"%d", "%e"})};
    }
  }

  std::vector<std::string> time_of_day() {
    std::vector<std::string> parts = {one_of({"%N", "%E*f", "%N"})};
    switch (below(4)) {
      case 0:
        parts.insert(parts.end(), {one_of({"%H", "%k"}), "%M", "%S"});
        break;
      case 1:
        parts.insert(parts.end(), {one_of({"%I", "%l"}), "%p", "%M", "%S"});
        break;
      case 2:
        parts.push_back(one_of({"%T", "%X", "%r", "%c"}));
        break;
      default:
        return {"%R", "%E*S"};
    }
    return parts;
  }

  std::mt19937_64 random_;
  std::vector<std::string> all_;
};

// Years of two digits are of 1969 to 2068 where no century is said.
bool has_short_year(const std::string& pattern) {
  return std::any_of(pattern.begin(), pattern.end(), [&](const char& c) {
    return c == '%' && (&c)[1] != '\0' &&
           std::string_view("yDxg").find((&c)[1]) != std::string_view::npos;
  });
}

}  // namespace

TEST_CASE("what a pattern writes it reads back", "[time pattern]") {
  constexpr int wanted = 100000;
  PatternGenerator generator(19700101);
  const std::vector<Zone> zones = {Zone(),
                                   zone("Europe/Paris"),
                                   zone("America/New_York"),
                                   zone("Asia/Kolkata"),
                                   zone("Australia/Lord_Howe"),
                                   zone("America/Sao_Paulo"),
                                   zone("-03:30"),
                                   zone("Pacific/Apia")};
  std::map<std::string, int> drawn;
  int tried = 0;
  for (; tried < wanted;) {
    const std::string pattern = generator.pattern();
    const TimePattern compiled(pattern);
    if (!refusal(pattern).empty()) continue;
    tried++;
    for (const std::string& conversion : generator.all())
      drawn[conversion] += contains(pattern, conversion);
    const Zone& where = zones[generator.below(zones.size())];
    const std::int64_t time = generator.time(has_short_year(pattern));
    const std::string text = written(time, pattern, where);
    const auto back = compiled.read(text, where);
    INFO(pattern << " wrote " << text << " of " << time << " in " << where.name());
    REQUIRE(back);
    REQUIRE(written(*back, pattern, where) == text);
    // Without an offset a local time that comes twice is the first of the two.
    const bool comes_twice = where.moment(where.civil(time)) != time;
    REQUIRE((*back == time || comes_twice));
  }
  for (const auto& [conversion, count] : drawn) {
    INFO(conversion);
    CHECK(count > 100);
  }
}
