#include "records/member_pattern.h"

#include <catch2/catch.hpp>

#include "values/decode.h"
#include "values/json.h"

namespace riffle {
namespace {

std::vector<Member> members_of(std::string_view json, Memory& memory) {
  const Value map = decode(json_value(json), memory);
  return {map.map().begin(), map.map().end()};
}

std::string text_of_members(const std::vector<Member>& members) {
  return json_text(map_value(std::span<const Member>(members)));
}

std::string taken(std::string_view pattern, std::string_view json) {
  Memory memory;
  return text_of_members(taken_by(pattern, members_of(json, memory), memory));
}

std::string left(std::string_view pattern, std::string_view json) {
  Memory memory;
  return text_of_members(without_taken(pattern, members_of(json, memory), memory));
}

std::string visited(std::string_view pattern, std::string_view json) {
  Memory memory;
  std::string all;
  visit_taken(pattern, members_of(json, memory), memory,
              [&](std::string_view name, const Value& value) {
                all.append(name).append("=").append(json_text(value)).append(" ");
              });
  return all;
}

}  // namespace

TEST_CASE("a pattern takes members whole, at the depth of its steps") {
  const std::string_view json = R"({"a":{"x":1,"y":{"x":2}},"x":3,"a.x":4,"b":[{"x":5}]})";
  CHECK(taken("a*", json) == R"({"a":{"x":1,"y":{"x":2}},"a.x":4})");
  CHECK(taken("*.x", json) == R"({"a":{"x":1},"a.x":4})");
  CHECK(taken("a.*.x", json) == R"({"a":{"y":{"x":2}}})");
  CHECK(taken("nothing*", json) == "{}");
  CHECK(taken("b.*", json) == "{}");
}

TEST_CASE("what a pattern takes and what is left are all that there was") {
  const std::string_view json = R"({"a":{"x":1,"y":{"x":2}},"x":3,"a.x":4})";
  CHECK(left("a*", json) == R"({"x":3})");
  CHECK(left("*.x", json) == R"({"a":{"y":{"x":2}},"x":3})");
  CHECK(left("a.*", json) == R"({"a":{},"x":3})");
  CHECK(left("nothing.*", json) == json);
}

TEST_CASE("what a pattern takes has its path for a name") {
  CHECK(visited("*.x*", R"({"a":{"x":1,"x2":[1.50]},"b":{"x":{"y":2}},"c.x":3})") ==
        R"(a.x=1 a.x2=[1.50] b.x={"y":2} c.x=3 )");
}

TEST_CASE("a pattern takes any member, or none") {
  Memory memory;
  CHECK(takes_any("a.*", members_of(R"({"b":1,"a":{"c":1}})", memory), memory));
  CHECK_FALSE(takes_any("a.*", members_of(R"({"b":1,"a":{}})", memory), memory));
  CHECK_FALSE(takes_any("a.b.*", members_of(R"({"a":{"b":1}})", memory), memory));
}

}  // namespace riffle
