#include "time/pattern.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace riffle;

namespace {

// The steps that the letters of a text match, one attempt from its begin on: "ab" is step 0, then
// step 1.
std::string matched(std::string_view pattern, std::string_view letters) {
  const Pattern compiled(pattern);
  PatternPlaces places(compiled);
  PatternMatch match(compiled, places);
  for (const char letter : letters) {
    std::uint64_t fits = 0;
    for (std::size_t step = 0; step < compiled.steps().size(); step++)
      if (compiled.steps()[step] == "any" || compiled.steps()[step][0] == letter)
        fits |= std::uint64_t{1} << step;
    if (!match.add(fits)) break;
  }
  std::string steps;
  for (const std::uint32_t step : match.matched()) steps += compiled.steps()[step] + " ";
  return steps + (match.is_decided() ? "." : "...");
}

}  // namespace

TEST_CASE("a pattern is decided as soon as what comes can change nothing") {
  CHECK(matched("a then b", "ab") == "a b .");
  CHECK(matched("a then b", "a") == "...");
  CHECK(matched("a then b", "c") == ".");
  CHECK(matched("a then b+", "abb") == "a b b ...");
  CHECK(matched("a then b+", "abba") == "a b b .");
  CHECK(matched("a{2,3} then b", "aaab") == "a a a b .");
  CHECK(matched("a{2,3} then b", "aaaab") == ".");
}

TEST_CASE("quantifiers take as many as they can, and give back what the rest needs") {
  CHECK(matched("any* then b", "abab") == "any any any b ...");
  CHECK(matched("a* then a", "aaa") == "a a a ...");
  CHECK(matched("(a then b?){2}", "aba") == "a b a ...");
}

TEST_CASE("of alternatives the first one that matches") {
  CHECK(matched("(a | any) then b", "ab") == "a b .");
  CHECK(matched("(a then a | a) then b", "ab") == "a b .");
}

TEST_CASE("repetitions of repetitions take no longer than their records") {
  const std::string pattern = "(((any+)+)+)+ then b";
  CHECK(matched(pattern, std::string(2000, 'a')) == "...");
}

TEST_CASE(
    "of the matches that end with a record the one that begins last is known, and where none goes "
    "on") {
  const Pattern pattern("a+ then b");
  PatternPlaces places(pattern);
  PatternEnds ends;
  const auto end = [&](std::uint64_t fits, std::uint64_t number, std::uint64_t first = 0) {
    const PatternEnds::End end = ends.add(fits, number, first, pattern, places);
    return (end.latest_begin ? std::to_string(*end.latest_begin) : "-") +
           (end.is_barrier ? " |" : "");
  };
  CHECK(end(1, 0) == "-");
  CHECK(end(1, 1) == "-");
  CHECK(end(2, 2) == "1 |");
  CHECK(end(2, 3) == "- |");
  CHECK(end(1, 4) == "-");
  CHECK(end(3, 5) == "4");
  CHECK(end(2, 6) == "5 |");
  CHECK(end(1, 7) == "-");
  CHECK(end(0, 8) == "- |");
  CHECK(end(1, 9) == "-");
  CHECK(end(2, 10, 10) == "- |");
}

TEST_CASE("what may be nothing is not repeated any number of times") {
  for (const char* const pattern :
       {"(a?)* then b", "(a? | b)+", "(a* then b?){2,} then c", "(a*){1,3} then b"})
    CHECK_THROWS_AS(Pattern(pattern), std::invalid_argument);
  CHECK(matched("(a? then b){1,3} then (c?)?", "abb") == "a b b ...");
  CHECK(matched("(a?){2} then b", "ab") == "a b .");
}

TEST_CASE("a pattern that may match nothing, or has more than 64 steps, is refused") {
  CHECK_THROWS_AS(Pattern("a? then b*"), std::invalid_argument);
  std::string many = "s0";
  for (int i = 1; i < 64; i++) many += " then s" + std::to_string(i);
  CHECK(Pattern(many).steps().size() == 64);
  CHECK_THROWS_AS(Pattern(many + " then s64"), std::invalid_argument);
  std::string nested(1000, '(');
  nested += 'a';
  nested.append(1000, ')');
  CHECK_THROWS_AS(Pattern(nested), std::invalid_argument);
}
