#include "cli/split.h"

#include <catch2/catch.hpp>
#include <set>

#include "values/error.h"

using namespace riffle;
using Words = std::vector<std::string>;

namespace {

CommandLine split_words(const Words& words) {
  CommandLine line;
  split(words, line);
  return line;
}

std::string message_of(const Words& words) {
  try {
    split_words(words);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("inputs, stages, options and flags are told apart") {
  const CommandLine line = split_words({"a.ndjson", "-t", "csv", "b.ndjson", "filter", "x > 1",
                                        "--strict", "then", "count", "--by", "s", "-o", "f"});
  REQUIRE(line.inputs.size() == 2);
  CHECK(line.inputs[0].where == "a.ndjson");
  CHECK(line.inputs[1].where == "b.ndjson");
  REQUIRE(line.stages.size() == 2);
  CHECK(line.stages[0].arguments == Words{"x > 1"});
  CHECK(line.stages[1].flags[0].value == "s");
  REQUIRE(line.options.size() == 3);
  CHECK(line.options[0].value == "csv");
}

TEST_CASE("a stage's name is an argument behind another stage, and an input never") {
  const CommandLine line = split_words({"filter", "count"});
  CHECK(line.inputs.empty());
  CHECK(line.stages[0].arguments == Words{"count"});
  CHECK(split_words({"filter", "`then`"}).stages[0].arguments == Words{"then"});
}

TEST_CASE("a word that begins with a minus is an argument") {
  CHECK(split_words({"filter", "-x < 5"}).stages[0].arguments == Words{"-x < 5"});
  CHECK(split_words({"sort", "-latency_ms"}).stages[0].arguments == Words{"-latency_ms"});
  CHECK(message_of({"head", "-5"}).find("head 5") != std::string::npos);
}

TEST_CASE("an option is never the value of another") {
  CHECK(message_of({"-t", "--strict"}) == "-t needs a value");
  CHECK(message_of({"count", "--by", "-t", "csv"}) == "count: --by needs a value");
  CHECK(message_of({"count", "--by", "then", "count"}) == "count: --by needs a value");
}

TEST_CASE("mistakes name the nearest word") {
  CHECK(message_of({"--form", "csv"}).find("--from") != std::string::npos);
  CHECK(message_of({"filter", "x", "then", "cuont"}).find("count") != std::string::npos);
  CHECK(message_of({"count", "--bye", "x"}).find("--by") != std::string::npos);
  CHECK(message_of({"-j4"}) == "unknown option '-j4'; write: -j 4");
  CHECK(message_of({"filter", "x", "then"}) == "a stage must follow the last 'then'");
  CHECK(message_of({"then", "count"}).find("then") != std::string::npos);
}

TEST_CASE("no stage has a flag that is also an option") {
  for (const StageRow& row : stages()) {
    for (const Parameter* const parameter : row.parameters())
      CHECK(find_option(parameter->name) == nullptr);
    CHECK(row.name != "help");
    for (const std::string_view reserved : {"state", "submit", "config", "watch", "then"})
      CHECK(row.name != reserved);
  }
}
