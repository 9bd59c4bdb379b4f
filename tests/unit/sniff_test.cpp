// The format by the first line: what each one's lines tell, and that no other format's do.
#include "formats/sniff.h"

#include <catch2/catch.hpp>
#include <string>

namespace riffle {
namespace {

std::string sniffed(std::string_view bytes, bool is_all = true, std::string_view usual = "csv") {
  const Format* const format = sniffed_format(bytes, is_all, *find_format(usual));
  return format ? std::string(format->name) : "";
}

}  // namespace

TEST_CASE("the first line tells the format") {
  CHECK(sniffed("{\"a\":1}\n") == "ndjson");
  CHECK(sniffed("\xef\xbb\xbf\n  {") == "ndjson");
  CHECK(sniffed("") == "ndjson");
  CHECK(sniffed("\n \n", true, "text") == "text");
  for (const char* const json : {"[", "[1,", "[ {\"a\": [", "[1] [2]", "[]", "[-1.5e3"})
    CHECK(sniffed(json) == "json");
  for (const char* const text : {"[Sun Dec 04 04:47:44 2005] [notice] x", "[2026-01-31 10:00] up",
                                 "[1234] x", "[error] x", "[10:00:01] x", "[\"x\"] y", "[true] x"})
    CHECK(sniffed(text, true, "text") == "text");
  CHECK(sniffed("::1 - - [31/Jan/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 1\n") == "clf");
  CHECK(sniffed("v.example.org:80 ::1 - - [31/Jan/2026:10:00:00 +0100] \"-\" 408 - \"-\" \"-\"") ==
        "clf");
  CHECK(sniffed("<13>Jan 31 10:00:00 host app: x") == "syslog");
  CHECK(sniffed("<13>1 2026-01-31T10:00:00Z host app - - - x") == "syslog");
  CHECK(sniffed("Jan  1 10:00:00 host app[7]: x") == "syslog");
  CHECK(sniffed("#Fields: date time\n") == "w3c");
  CHECK(sniffed("#separator \\x09\n") == "w3c");
  CHECK(sniffed("#Software: Microsoft Internet Information Services 10.0\r\n") == "w3c");
  CHECK(sniffed("level=info msg=\"it is up\"\n") == "logfmt");
}

TEST_CASE("a line that tells nothing is what is usual") {
  for (const char* const line :
       {"a,b,c", "ts=1", "a=1,b=2", "x = 1 y = 2", "level=info up", "Jan 31, 2026", "<html>",
        "<x>1", "# a comment", "2026-01-31T10:00:00Z host x", "Jan 31 10:00:00", "\"{\"",
        "a=1&b=2 c"}) {
    INFO(line);
    CHECK(sniffed(line) == "csv");
    CHECK(sniffed(line, true, "text") == "text");
  }
}

TEST_CASE("a line tells when it is whole") {
  CHECK(sniffed("", false).empty());
  CHECK(sniffed("\xef\xbb", false).empty());
  CHECK(sniffed("\n\n[1,", false).empty());
  CHECK(sniffed("level=info msg=x", false).empty());
  CHECK(sniffed("level=info msg=x\nl", false) == "logfmt");
  CHECK(sniffed("{", false) == "ndjson");
  CHECK(sniffed(std::string(65 * 1024, 'x'), false) == "csv");
}

TEST_CASE("names that say text") {
  for (const char* const name :
       {"a.log", "x/B.TXT", "app.log.1", "app.log.2.gz", "a.log-20260131.xz"})
    CHECK(usual_format(name).name == "text");
  for (const char* const name : {"a", "log", "a.dat", "a.1", "a.log.old", ""})
    CHECK(usual_format(name).name == "csv");
}

}  // namespace riffle
