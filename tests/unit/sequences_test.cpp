// Each example in the table of sequence functions gives the values that it names, however the
// records are cut into batches.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "aggregates/aggregate.h"
#include "functions/function.h"
#include "sequences/sequence.h"
#include "stage_running.h"
#include "values/json.h"

using namespace riffle;

namespace {

std::vector<std::string> elements_of(std::string_view list) {
  std::vector<std::string> elements;
  for (JsonWalk walk(list); walk.next();) elements.emplace_back(walk.raw_value());
  return elements;
}

std::string lines_of(std::string_view list, std::string_view name) {
  std::string lines;
  for (const std::string& element : elements_of(list))
    lines +=
        element[0] == '{' ? element + "\n" : "{\"" + std::string(name) + "\":" + element + "}\n";
  return lines;
}

}  // namespace

TEST_CASE("every example of a sequence function gives what its row says") {
  for (const SequenceFunction& function : sequence_functions())
    for (const SequenceExample& example : function.examples)
      for (const std::size_t records : {0, 1, 2}) {
        INFO(example.call << " in batches of " << records);
        const std::string command =
            "transform 'r = " + std::string(example.call) + "' then select r";
        CHECK(run_stages(command, lines_of(example.values, "x"), records).output ==
              lines_of(example.results, "r"));
      }
}

TEST_CASE("every row of the table of sequence functions is complete") {
  std::set<std::string_view> names;
  for (const SequenceFunction& function : sequence_functions()) {
    INFO(function.name);
    CHECK(names.insert(function.name).second);
    CHECK(function.usage.starts_with(std::string(function.name) + "("));
    CHECK_FALSE(function.summary.empty());
    CHECK_FALSE(function.nulls.empty());
    CHECK_FALSE(function.examples.empty());
    CHECK(function.least <= function.most);
    CHECK(function.constant_argument < function.most);
    CHECK(find_sequence(function.name) == &function);
    CHECK_FALSE(find_function(function.name));
    CHECK_FALSE(find_aggregate(function.name));
  }
}

TEST_CASE("moving functions give what looking at all of the last records gives") {
  std::string input;
  std::vector<long> values;
  for (int i = 0; i < 300; i++) {
    values.push_back((i * 7919L) % 101 - 50);
    input += "{\"x\":" + std::to_string(values.back()) + "}\n";
  }
  for (const std::size_t n : {1u, 2u, 7u, 64u, 1000u}) {
    std::string expected;
    for (std::size_t i = 0; i < values.size(); i++) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(i + 1 < n ? 0 : i + 1 - n);
      const auto last = values.begin() + static_cast<std::ptrdiff_t>(i + 1);
      expected += "{\"lo\":" + std::to_string(*std::min_element(first, last)) +
                  ",\"hi\":" + std::to_string(*std::max_element(first, last)) + "}\n";
    }
    const std::string of = "(x, " + std::to_string(n) + ")";
    CHECK(run_stages("transform 'lo = moving_min" + of + ", hi = moving_max" + of + "' then drop x",
                     input, 13)
              .output == expected);
  }
}
