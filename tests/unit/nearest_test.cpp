#include "text/nearest.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace riffle;

TEST_CASE("the nearest name is the one with the fewest edits") {
  const std::vector<std::string> names = {"filter", "transform", "select", "head",
                                          "tail",   "length",    "lower"};
  CHECK(nearest("lenght", names) == "length");
  CHECK(nearest("fliter", names) == "filter");
  CHECK(nearest("Filter", names) == "filter");
  CHECK(nearest("LOWER", names) == "lower");
  CHECK(nearest("tranfsorm", names) == "transform");
  CHECK(nearest("heads", names) == "head");
}

TEST_CASE("a name that is not near is not suggested") {
  const std::vector<std::string> names = {"filter", "head", "p", ""};
  CHECK(nearest("xyz", names).empty());
  const std::vector<std::string> flags = {"--jobs", "--names"};
  CHECK(nearest("--rows", flags).empty());
  CHECK(nearest("--job", flags) == "--jobs");
  CHECK(nearest("--name", flags) == "--names");
  CHECK(nearest("q", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(100000, 'f'), names).empty());
  CHECK(nearest("filter", {}).empty());
}

TEST_CASE("of equally near names the first is taken, of several the nearest") {
  const std::vector<std::string> names = {"cat", "car", "cart"};
  CHECK(nearest("caz", names) == "cat");
  CHECK(nearest("carx", names) == "car");
  CHECK(nearest("Cart", names) == "cart");
}
