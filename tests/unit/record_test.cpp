#include "records/record.h"

#include <catch2/catch.hpp>

#include "values/json.h"

using namespace riffle;

namespace {

// A batch of one open record.
Batch record_of(std::string_view text, Shape shape) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  std::string_view* const source = batch.memory->allocate<std::string_view>(1);
  *source = batch.memory->copy(text);
  batch.source.text = source;
  batch.size = 1;
  batch.rows = {0};
  batch.columns.resize(static_cast<std::size_t>(shape.slots().count));
  batch.shape = std::make_shared<const Shape>(std::move(shape));
  return batch;
}

void put(Batch& batch, Slot slot, const Value& value) {
  Value* const values = batch.new_values();
  values[0] = value;
  batch.columns[static_cast<std::size_t>(slot)] = {values};
}

std::string written(const Batch& batch) {
  std::vector<Member> found;
  members(batch, 0, *batch.memory, found);
  return json_text(map_value(found));
}

Name path(std::vector<std::string> steps) {
  std::string literal = steps[0];
  for (std::size_t i = 1; i < steps.size(); i++) literal += "." + steps[i];
  return {literal, steps};
}

using K = Edit::Kind;

}  // namespace

TEST_CASE("a record without edits is its members") {
  CHECK(written(record_of("{\"a\":1, \"b\":{\"c\":[1, 2]}}\r\n", Shape::of_source())) ==
        "{\"a\":1,\"b\":{\"c\":[1, 2]}}");
}

TEST_CASE("edits act on every member of a name, one after the other") {
  Shape shape = Shape::of_source();
  const Slot slot = shape.slots().add();
  shape.edit({K::set, literal_name("b"), slot, {}});
  shape.edit({K::rename, literal_name("z"), no_slot, "a"});
  shape.edit({K::drop, literal_name("c"), no_slot, {}});
  Batch batch = record_of("{\"a\":1,\"b\":2,\"c\":3,\"a\":4,\"z\":5,\"\\u0063\":6}", shape);
  put(batch, slot, integer_value(9));
  CHECK(written(batch) == "{\"z\":1,\"b\":9,\"z\":4}");
}

TEST_CASE("a set of a missing value changes nothing, a new name comes last") {
  Shape shape = Shape::of_source();
  const Slot missing = shape.slots().add(), fresh = shape.slots().add();
  shape.edit({K::set, literal_name("a"), missing, {}});
  shape.edit({K::set, literal_name("n"), fresh, {}});
  Batch batch = record_of("{\"a\":1}", shape);
  put(batch, missing, {});
  put(batch, fresh, text_value("x"));
  CHECK(written(batch) == "{\"a\":1,\"n\":\"x\"}");
}

TEST_CASE("rename replaces a name only where there is something to rename") {
  Shape shape = Shape::of_source();
  shape.edit({K::rename, literal_name("b"), no_slot, "a"});
  CHECK(written(record_of("{\"a\":1,\"b\":2}", shape)) == "{\"b\":1}");
  CHECK(written(record_of("{\"b\":2}", shape)) == "{\"b\":2}");
}

TEST_CASE("paths of a closed shape nest, literal keys do not") {
  Shape shape = Shape::of_fields({path({"user", "id"}), literal_name("x"), path({"user", "name"})});
  Batch batch = record_of("", shape);
  put(batch, 0, json_value("7"));
  put(batch, 1, integer_value(1));
  put(batch, 2, json_value("\"u\""));
  CHECK(written(batch) == "{\"user\":{\"id\":7,\"name\":\"u\"},\"x\":1}");
  Value literal = json_value("7");
  literal.flags = Value::literal_key;
  put(batch, 0, literal);
  CHECK(written(batch) == "{\"user.id\":7,\"x\":1,\"user\":{\"name\":\"u\"}}");
}

TEST_CASE("names are looked for through the edits") {
  Shape shape = Shape::of_source();
  const Slot set = shape.slots().add();
  shape.edit({K::rename, literal_name("b"), no_slot, "a"});
  shape.edit({K::set, literal_name("c"), set, {}});
  shape.edit({K::drop, literal_name("d"), no_slot, {}});
  CHECK(shape.find(literal_name("a"), false).empty());
  CHECK(shape.find(literal_name("d"), false).empty());
  CHECK_THROWS_AS(shape.find(literal_name("a")), UnknownField);
  CHECK_THROWS_AS(shape.find(literal_name("d")), UnknownField);
  CHECK(shape.find(path({"d", "e"})).size() == 1);  // a literal key "d.e" is still there
  const auto b = shape.find(literal_name("b"));
  REQUIRE(b.size() == 2);
  CHECK(shape.slots().source[0].name.literal == "d.e");
  CHECK(shape.find(literal_name("c")).front().slot == set);
  const auto inside = shape.find(path({"c", "x"}));
  REQUIRE(inside.size() >= 2);
  CHECK(inside[1].members == std::vector<std::string>{"x"});
}

TEST_CASE("a closed shape is edited in place where that means the same") {
  Shape shape = Shape::of_fields({literal_name("a"), literal_name("b")});
  shape.edit({K::drop, literal_name("a"), no_slot, {}});
  shape.edit({K::rename, literal_name("c"), no_slot, "b"});
  shape.edit({K::first, literal_name("w"), 5, {}});
  CHECK(shape.edits().empty());
  REQUIRE(shape.fields().size() == 2);
  CHECK(shape.fields()[0].name.literal == "w");
  CHECK(shape.fields()[1].name.literal == "c");
  CHECK_THROWS_AS(shape.find(literal_name("a")), UnknownField);
  CHECK(shape.known_names() == std::vector<std::string>{"w", "c"});
}

TEST_CASE("patterns match runs of any characters") {
  CHECK(matches("cpu_*", "cpu_"));
  CHECK(matches("cpu_*", "cpu_user"));
  CHECK(matches("*a*b", "xxayyab"));
  CHECK_FALSE(matches("cpu_*", "cpu"));
  CHECK_FALSE(matches("a*b", "abc"));
  CHECK(matches("*", ""));
}

TEST_CASE("with_member and without_member copy along the path") {
  Memory memory;
  const auto text = [](const Value& v) { return json_text(v); };
  const std::vector<std::string> steps = {"b", "c"};
  const Value map = json_value("{\"a\":1,\"b\":{\"c\":2,\"d\":3}}");
  CHECK(text(with_member(map, steps, integer_value(9), memory)) ==
        "{\"a\":1,\"b\":{\"c\":9,\"d\":3}}");
  CHECK(text(with_member({}, steps, integer_value(9), memory)) == "{\"b\":{\"c\":9}}");
  CHECK(text(without_member(map, steps, memory)) == "{\"a\":1,\"b\":{\"d\":3}}");
  CHECK(text(without_member(json_value("[1]"), steps, memory)) == "[1]");
}

TEST_CASE("a compacted batch stands alone, and its values stay inside its source") {
  Shape shape = Shape::of_source();
  const Slot slot = shape.find(literal_name("a")).front().slot;
  Batch batch = record_of("{\"a\":\"xyz\"}\n", shape);
  Value value = json_value(batch.source.text[0].substr(5, 5));
  put(batch, slot, value);
  const Batch copy = compacted(batch);
  batch = {};
  const Value& moved = copy.columns[static_cast<std::size_t>(slot)][0];
  CHECK(copy.source.text[0] == "{\"a\":\"xyz\"}\n");
  CHECK(moved.text == copy.source.text[0].data() + 5);
  CHECK(moved.view() == "\"xyz\"");
}
