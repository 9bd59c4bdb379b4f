#include "arguments/quantities.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace riffle;

TEST_CASE("counts are decimal, with k, M and G") {
  CHECK(parse_count("0") == 0);
  CHECK(parse_count("10") == 10);
  CHECK(parse_count("010") == 10);
  CHECK(parse_count("10k") == 10000);
  CHECK(parse_count("2M") == 2000000);
  CHECK(parse_count("3G") == 3000000000);
  CHECK(parse_count("18446744073709551615") == UINT64_MAX);
}

TEST_CASE("what is no count is refused, never clamped") {
  for (const char* const text :
       {"", "k", "-1", "+1", " 1", "1 ", "1.5", "1e3", "0x10", "ten", "1kk", "1KiB", "1%", "1_000"})
    CHECK_THROWS_WITH(parse_count(text), Catch::EndsWith("is not a count; write it as 10 or 10k"));
  for (const char* const text :
       {"18446744073709551616", "99999999999999999999", "18446744073709552k"})
    CHECK_THROWS_WITH(parse_count(text), "'" + std::string(text) + "' is too large");
}

TEST_CASE("sizes are bytes, in thousands or in 1,024s") {
  CHECK(parse_size("512") == 512);
  CHECK(parse_size("64B") == 64);
  CHECK(parse_size("64k") == 64000);
  CHECK(parse_size("64kB") == 64000);
  CHECK(parse_size("64KiB") == 65536);
  CHECK(parse_size("64MiB") == 64u << 20);
  CHECK(parse_size("1GiB") == 1u << 30);
  CHECK(parse_size("1GB") == 1000000000);
  for (const char* const text : {"", "MiB", "64 MiB", "64mib", "-1k", "1.5G", "1T1"})
    CHECK_THROWS_AS(parse_size(text), std::invalid_argument);
  CHECK_THROWS_WITH(parse_size("99999999999GiB"), "'99999999999GiB' is too large");
}
