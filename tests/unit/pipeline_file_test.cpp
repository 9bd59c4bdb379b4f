#include "cli/pipeline_file.h"

#include <catch2/catch.hpp>

#include "values/error.h"

using namespace riffle;
using Words = std::vector<std::string>;

TEST_CASE("a newline, `then`, or both end a stage") {
  const Words expected = {"filter", "a > 1", "then", "head", "5"};
  CHECK(words_of_pipeline("filter 'a > 1'\nhead 5\n", "f") == expected);
  CHECK(words_of_pipeline("filter 'a > 1' then head 5", "f") == expected);
  CHECK(words_of_pipeline("filter 'a > 1' then\nhead 5", "f") == expected);
  CHECK(words_of_pipeline("filter 'a > 1'\n"
                          "\n"
                          "# a comment\n"
                          "  then head 5 # another\n",
                          "f") == expected);
}

TEST_CASE("a first line with #!, lines that go on, and quotes") {
  CHECK(words_of_pipeline("#!/usr/bin/env -S riffle -f\nhead 5", "f") == Words{"head", "5"});
  CHECK(words_of_pipeline("select \\\n  a,b", "f") == Words{"select", "a,b"});
  CHECK(words_of_pipeline("select a,\\\nb\\\r\n c \\", "f") == Words{"select", "a,b", "c"});
  CHECK(words_of_pipeline("filter 'a\\\n"
                          "b' # c\\\n"
                          "head",
                          "f") == Words{"filter",
                                        "a\\\n"
                                        "b",
                                        "then", "head"});
  CHECK(words_of_pipeline("filter \"a == 'x y'\"'z'", "f") == Words{"filter", "a == 'x y'z"});
  CHECK_THROWS_AS(words_of_pipeline("head\nfilter 'a", "p.rif"), Error);
}

TEST_CASE("options end no stage and start none") {
  CHECK(words_of_pipeline("-t csv\nfilter 'a'\n-o out\nhead 1", "f") ==
        Words{"-t", "csv", "filter", "a", "-o", "out", "then", "head", "1"});
  CHECK(words_of_pipeline("--strict\n"
                          "head 1\n"
                          "--to=csv\n",
                          "f") == Words{"--strict", "head", "1", "--to=csv"});
}
