#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "expression/syntax.h"
#include "values/error.h"

using namespace riffle;

namespace {

std::shared_ptr<const Text> text_of(const std::string& text) {
  return std::make_shared<const Text>(Text{"select", text});
}

template <typename F>
std::string mistake(F&& parse) {
  try {
    parse();
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "no mistake";
}

std::string item_mistake(const std::string& items, bool may_compute = true) {
  return mistake([&] { parse_items(text_of(items), may_compute); });
}

using Steps = std::vector<std::string>;

}  // namespace

TEST_CASE("an item without '=' is a name, literal up to the comma") {
  const auto items =
      parse_items(text_of("user-agent, @timestamp ,content type,user.id,it's"), true);
  REQUIRE(items.size() == 5);
  CHECK(items[0].name == literal_name("user-agent"));
  CHECK(items[1].name == literal_name("@timestamp"));
  CHECK(items[2].name == literal_name("content type"));
  CHECK(items[3].name == Name{"user.id", {"user", "id"}});
  CHECK(items[4].name == literal_name("it's"));
  for (const Item& item : items) CHECK_FALSE(item.value);
  CHECK(items[1].position == 12);
  CHECK(items[1].length == 10);
}

TEST_CASE("backquotes hide a comma, '=' and dots in an item") {
  const auto items = parse_items(text_of("`a,b=c`,`x.y`, user.`first.name` , `a``b`"), true);
  REQUIRE(items.size() == 4);
  CHECK(items[0].name == literal_name("a,b=c"));
  CHECK(items[1].name == literal_name("x.y"));
  CHECK(items[2].name == Name{"user.first.name", {"user", "first.name"}});
  CHECK(items[3].name == literal_name("a`b"));
}

TEST_CASE("dots that part nothing belong to the name") {
  CHECK(parse_items(text_of("v1."), true)[0].name == literal_name("v1."));
  CHECK(parse_items(text_of("a..b"), true)[0].name == literal_name("a..b"));
}

TEST_CASE("a star makes an item a pattern, in backquotes a letter") {
  const auto items = parse_items(text_of("cpu_*,`a*`,x = a * b"), true);
  CHECK(items[0].pattern);
  CHECK(items[0].name.literal == "cpu_*");
  CHECK_FALSE(items[1].pattern);
  CHECK_FALSE(items[2].pattern);
}

TEST_CASE("an item with '=' computes, and what follows the comma is again a name") {
  const auto items = parse_items(text_of("a, total = f(x, y) + [1, 2][0], content-type"), true);
  REQUIRE(items.size() == 3);
  CHECK(items[1].name == literal_name("total"));
  REQUIRE(items[1].value);
  CHECK(print(*items[1].value) == "f(x, y) + [1, 2][0]");
  CHECK(items[2].name == literal_name("content-type"));
}

TEST_CASE("mistakes in items name what is wrong") {
  CHECK_THAT(item_mistake("a = 1", false), Catch::Contains("select: only names can stand here"));
  CHECK_THAT(item_mistake("a,,b"), Catch::Contains("a name is missing before ','"));
  CHECK_THAT(item_mistake(""), Catch::Contains("a name is missing"));
  CHECK_THAT(item_mistake("a,"), Catch::Contains("nothing follows the last ','"));
  CHECK_THAT(item_mistake("= 5"), Catch::Contains("a name is missing before '='"));
  CHECK_THAT(item_mistake("a >= 5"), Catch::Contains("what is computed needs a name: NAME = EXPR"));
  CHECK_THAT(item_mistake("a == 5"), Catch::Contains("what is computed needs a name: NAME = EXPR"));
  CHECK_THAT(item_mistake("`a"), Catch::Contains("a name in backquotes is not closed"));
  CHECK_THAT(item_mistake("x = a = b"), Catch::Contains("did you mean '=='?"));
}

TEST_CASE("assignments are read left to right, names literal or paths") {
  const auto list = parse_assignments(
      text_of("ms = round(latency * 1000, 1), user.name = 'x', `a.b` = 1, x-y = 2"), false);
  REQUIRE(list.size() == 4);
  CHECK(list[0].name == literal_name("ms"));
  CHECK(print(*list[0].value) == "round(latency * 1000, 1)");
  CHECK(list[1].name == Name{"user.name", {"user", "name"}});
  CHECK(list[2].name == literal_name("a.b"));
  CHECK(list[3].name == literal_name("x-y"));
}

TEST_CASE("a transform's assignment needs a name, an aggregate's does not") {
  CHECK_THAT(mistake([] { parse_assignments(text_of("a + 1"), false); }),
             Catch::Contains("a name is missing: NAME = EXPR"));
  CHECK_THAT(mistake([] { parse_assignments(text_of("a == 1"), false); }),
             Catch::Contains("'==' compares; write: a = ..."));
  const auto list = parse_assignments(
      text_of("n = count(), p99(user.latency), count() where a >= 1, error-rate = 1"), true);
  REQUIRE(list.size() == 4);
  CHECK(list[0].named);
  CHECK_FALSE(list[1].named);
  CHECK(list[1].position == 13);
  CHECK(list[1].length == 17);
  CHECK_FALSE(list[2].named);
  CHECK(list[2].value->where);
  CHECK(list[3].name == literal_name("error-rate"));
}

TEST_CASE("a renaming is NEW=OLD, names on both sides") {
  const auto list = parse_renamings(text_of("client ip = c-ip, user.id=`user.id`"));
  REQUIRE(list.size() == 2);
  CHECK(list[0].to == literal_name("client ip"));
  CHECK(list[0].from == literal_name("c-ip"));
  CHECK(list[1].to.path == Steps{"user", "id"});
  CHECK(list[1].from.path == Steps{"user.id"});
  CHECK_THAT(mistake([] { parse_renamings(text_of("a")); }),
             Catch::Contains("a renaming is written NEW=OLD"));
  CHECK_THAT(mistake([] { parse_renamings(text_of("a=b=c")); }), Catch::Contains("a second '='"));
}

TEST_CASE("the keys of a join have one name, or two") {
  const auto pairs = parse_key_pairs(text_of("id, user.id=`who.id` ,a = b"));
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0].name == pairs[0].other);
  CHECK(pairs[1].name.path == std::vector<std::string>{"user", "id"});
  CHECK(pairs[1].other == literal_name("who.id"));
  CHECK(pairs[2].name == literal_name("a"));
  CHECK(pairs[2].other == literal_name("b"));
  for (const char* const wrong : {"", "a=", "=a", "a,", "a==b", "a=b=c", "a*", "a=b*", "a<=b"})
    CHECK(mistake([&] { parse_key_pairs(text_of(wrong)); }) != "no mistake");
}
