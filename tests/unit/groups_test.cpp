#include "state/groups.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "values/decode.h"
#include "values/json.h"

using namespace riffle;

namespace {

Value cell(std::string_view bytes, std::uint8_t flags = 0) {
  Value v = text_value(bytes);
  v.kind = Kind::cell;
  v.flags = flags;
  return v;
}

// A table whose blocks count the rows of their groups.
class Counted {
 public:
  explicit Counted(std::size_t keys) : groups(keys, {sizeof(std::uint64_t)}) {}

  std::vector<Row> add(const std::vector<std::vector<Value>>& columns) {
    const std::size_t rows = columns.empty() ? 1 : columns[0].size();
    std::vector<Row> all(rows);
    for (Row row = 0; row < rows; row++) all[row] = row;
    std::vector<Column> keys;
    for (const auto& column : columns) keys.push_back({column.data()});
    std::vector<std::byte*> blocks(rows);
    const std::span<const Row> first = groups.find(all, keys, blocks);
    for (std::byte* const block : blocks) ++*reinterpret_cast<std::uint64_t*>(block);
    return {first.begin(), first.end()};
  }
  std::uint64_t count(std::size_t group) const {
    return *reinterpret_cast<const std::uint64_t*>(groups.block_of(group));
  }
  std::string key(std::size_t group, std::size_t i = 0) const {
    return json_text(groups.keys_of(group)[i]);
  }

  Groups groups;
};

}  // namespace

TEST_CASE("a key is its text, whatever holds it") {
  Counted table(1);
  const auto first =
      table.add({{json_value("1.10"), json_value("\"1.10\""), text_value("1.10"), cell("1.10"),
                  cell("\"1.10\"", Value::quoted), json_value("1.1"), real_value(1.1)}});
  CHECK(first == std::vector<Row>{0, 5});
  REQUIRE(table.groups.size() == 2);
  CHECK(table.count(0) == 5);
  CHECK(table.count(1) == 2);
  CHECK(table.key(0) == "1.10");
  CHECK(table.key(1) == "1.1");
}

TEST_CASE("escapes are taken off before keys are compared") {
  Counted table(1);
  table.add({{json_value("\"caf\\u00e9\""), json_value("\"café\""),
              cell("\"a\"\"b\"", Value::quoted | Value::escaped), json_value("\"a\\\"b\""),
              text_value("a\"b")}});
  REQUIRE(table.groups.size() == 2);
  CHECK(table.key(0) == "\"caf\\u00e9\"");
  CHECK(table.count(0) == 2);
  CHECK(table.count(1) == 3);
}

TEST_CASE("null and missing are one group, and not the text null nor the empty one") {
  Counted table(1);
  table.add({{Value(), null_value(), json_value("null"), cell(""), text_value("null"),
              text_value(""), json_value("\"\""), cell("\"\"", Value::quoted)}});
  REQUIRE(table.groups.size() == 3);
  CHECK(table.count(0) == 4);
  CHECK(table.key(0) == "null");
  CHECK(table.count(1) == 1);
  CHECK(table.count(2) == 3);
}

TEST_CASE("numbers and times that were computed are keys by what they print as") {
  Counted table(1);
  table.add({{integer_value(7), json_value("7"), text_value("7"), real_value(7), time_value(0),
              text_value("1970-01-01T00:00:00Z"), time_value(0), time_value(0), boolean_value(true),
              json_value("true")}});
  REQUIRE(table.groups.size() == 3);
  CHECK(table.count(0) == 4);
  CHECK(table.count(1) == 4);
  CHECK(table.count(2) == 2);
}

TEST_CASE("keys of several values do not run into each other") {
  Counted table(2);
  table.add(
      {{text_value("ab"), text_value("a"), text_value("ab"), null_value(), text_value("")},
       {text_value("c"), text_value("bc"), json_value("\"c\""), text_value(""), null_value()}});
  REQUIRE(table.groups.size() == 4);
  CHECK(table.count(0) == 2);
  CHECK(table.key(1, 0) == "\"a\"");
  CHECK(table.key(1, 1) == "\"bc\"");
}

TEST_CASE("a table without keys has one group") {
  Counted table(0);
  CHECK(table.add({}) == std::vector<Row>{0});
  CHECK(table.add({}).empty());
  CHECK(table.groups.size() == 1);
  CHECK(table.count(0) == 2);
  Counted empty(0);
  std::byte* const only = empty.groups.find_only();
  CHECK(only == empty.groups.block_of(0));
  CHECK(empty.count(0) == 0);
}

TEST_CASE("keys outlive what they came from, and keep the mark of a literal name") {
  Counted table(1);
  {
    std::string bytes = "\"first seen\"";
    Value value = json_value(bytes);
    value.flags = Value::literal_key;
    table.add({{value}});
    bytes.assign(bytes.size(), 'x');
  }
  CHECK(table.key(0) == "\"first seen\"");
  CHECK(table.groups.keys_of(0)[0].flags == Value::literal_key);
}

TEST_CASE("groups are those of a map, in the order of their first rows") {
  std::mt19937 random(11);
  for (const unsigned different : {1u, 20u, 5000u}) {
    Counted table(1);
    std::map<std::string, std::uint64_t> expected;
    std::vector<std::string> order;
    for (int batch = 0; batch < 20; batch++) {
      std::vector<std::string> texts;
      for (int row = 0; row < 700; row++)
        texts.push_back("\"key " + std::to_string(random() % different) + "\"");
      std::vector<Value> column;
      for (const std::string& text : texts) {
        column.push_back(json_value(text));
        if (expected[text]++ == 0) order.push_back(text);
      }
      table.add({column});
    }
    REQUIRE(table.groups.size() == order.size());
    for (std::size_t group = 0; group < order.size(); group++) {
      CHECK(table.key(group) == order[group]);
      CHECK(table.count(group) == expected[order[group]]);
    }
    CHECK(table.groups.held() > 0);
  }
}

TEST_CASE("each block is started once and stopped once") {
  int started = 0, stopped = 0;
  {
    Groups groups(1, {40, [&](std::byte*) { started++; }, [&](std::byte*) { stopped++; }});
    const std::vector<Value> values = {integer_value(1), integer_value(2), integer_value(1)};
    const std::vector<Row> rows = {0, 1, 2};
    const std::vector<Column> keys = {{values.data()}};
    std::vector<std::byte*> blocks(3);
    groups.find(rows, keys, blocks);
    CHECK(reinterpret_cast<std::uintptr_t>(blocks[1]) % 8 == 0);
    CHECK(blocks[0] == blocks[2]);
    CHECK(started == 2);
  }
  CHECK(stopped == 2);
}
