#include <catch2/catch.hpp>
#include <random>

#include "formats/lines/line_cutter.h"
#include "formats/ndjson/ndjson.h"
#include "json_reading.h"
#include "records/record.h"
#include "values/json.h"

using namespace riffle;

namespace {

using Change = Edit::Kind;

// A shape with edits, and the values that they set: of every row the same.
struct Edited {
  Shape shape = Shape::of_source();
  std::vector<std::pair<Slot, Value>> values;

  Edited& set(const std::string& name, const Value& value, Change kind = Change::set) {
    values.push_back({shape.slots().add(), value});
    shape.edit({kind, literal_name(name), values.back().first, {}});
    return *this;
  }
  Edited& drop(const std::string& name, Change kind = Change::drop) {
    shape.edit({kind, literal_name(name), no_slot, {}});
    return *this;
  }
  Edited& rename(const std::string& to, const std::string& from) {
    shape.edit({Change::rename, literal_name(to), no_slot, from});
    return *this;
  }
};

void put(Batch& batch, Slot slot, const Value& value) {
  if (batch.columns.size() <= static_cast<std::size_t>(slot))
    batch.columns.resize(static_cast<std::size_t>(slot) + 1);
  Value* const values = batch.memory->allocate<Value>(1);
  values[0] = value;
  batch.columns[static_cast<std::size_t>(slot)] = {values, 0};
}

// The batches of an input as they are behind the edits.
std::vector<Batch> batches_of(std::string_view bytes, const Edited& edited,
                              std::size_t piece = 1 << 20) {
  const auto shape = std::make_shared<const Shape>(edited.shape);
  const auto cutter = make_line_cutter({});
  const auto reader = make_ndjson_reader({}, shape);
  std::vector<Batch> batches = read_through(*cutter, *reader, bytes, piece).batches;
  for (Batch& batch : batches)
    for (const auto& [slot, value] : edited.values) put(batch, slot, value);
  return batches;
}

std::string write(RecordWriter& writer, const std::vector<Batch>& batches) {
  TextBuffer out;
  Effects effects;
  for (const Batch& batch : batches) writer.write(batch, out, effects);
  writer.finish(out);
  CHECK(effects.empty());
  return std::string(out.view());
}

std::string edit(std::string_view bytes, Edited edited) {
  request_ndjson_fields(edited.shape);
  const auto writer = make_ndjson_writer({}, edited.shape);
  return write(*writer, batches_of(bytes, edited));
}

// One record of a closed shape: values by field.
std::string write_fields(const std::vector<Field>& fields, const std::vector<Value>& values) {
  Shape shape = Shape::of_source();
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  std::vector<Field> with_slots = fields;
  for (std::size_t i = 0; i < fields.size(); i++) {
    with_slots[i].slot = shape.slots().add();
    put(batch, with_slots[i].slot, values[i]);
  }
  shape.close(with_slots);
  batch.shape = std::make_shared<const Shape>(shape);
  batch.size = 1;
  batch.rows = {0};
  const auto writer = make_ndjson_writer({}, shape);
  return write(*writer, {batch});
}

Field field(const std::string& text) {
  Name name = literal_name(text);
  name.path.clear();
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t dot = std::min(text.find('.', at), text.size());
    name.path.push_back(text.substr(at, dot - at));
    at = dot + 1;
  }
  return {name, no_slot, {}};
}

Value json(std::string_view text, unsigned flags = 0) {
  Value value = json_value(text);
  value.flags = static_cast<std::uint8_t>(flags);
  return value;
}

const Value one = integer_value(1);

}  // namespace

TEST_CASE("records that nothing changes are written byte for byte") {
  const std::string bytes =
      "{ \"a\" : 1 } \r\n"
      "  {\"\\u00e9\":\"\\u00e9\",\"a\":1,\"a\":2}\n"
      "{\"n\":1e400}\n";
  const Edited nothing;
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    const auto writer = make_ndjson_writer({}, nothing.shape);
    CHECK(write(*writer, batches_of(bytes, nothing, piece)) == bytes);
  }
  CHECK(edit("{\"a\":1}\n{\"a\":2}", nothing) == "{\"a\":1}\n{\"a\":2}\n");
  CHECK(edit("", nothing) == "");
}

TEST_CASE("rows come in the batch's order, each with a line end") {
  const Edited nothing;
  std::vector<Batch> batches = batches_of("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", nothing);
  REQUIRE(batches.size() == 2);
  Batch all = compacted(batches_of("{\"a\":1}\n{\"a\":2}\n{\"a\":3}", nothing, 100).back());
  const auto writer = make_ndjson_writer({}, nothing.shape);
  CHECK(write(*writer, {all}) == "{\"a\":3}\n");
  batches[0].rows = {1, 0};
  CHECK(write(*writer, {batches[1], batches[0]}) == "{\"a\":3}\n{\"a\":2}\n{\"a\":1}\n");
}

TEST_CASE("an edit leaves everything else of its record as it is") {
  CHECK(edit("{ \"a\" : 1 , \"b\":\t2 } \r\n", Edited().set("a", text_value("x"))) ==
        "{ \"a\" : \"x\" , \"b\":\t2 } \r\n");
  CHECK(edit("{ \"a\" : 1 , \"b\":\t2 } ", Edited().set("c", one)) ==
        "{ \"a\" : 1 , \"b\":\t2,\"c\":1 } \n");
  CHECK(edit("{\"a\":1}\n", Edited().set("b", one).set("c", null_value())) ==
        "{\"a\":1,\"b\":1,\"c\":null}\n");
  CHECK(edit("{}\n{ }\r\n", Edited().set("b", one)) == "{\"b\":1}\n{\"b\":1 }\r\n");
  CHECK(edit("{\"a\":1}\n", Edited().set("a", {}).set("b", {})) == "{\"a\":1}\n");
  CHECK(edit("{ \"a\" : 1 }\n", Edited().rename("b\"", "a")) == "{ \"b\\\"\" : 1 }\n");
  CHECK(edit("{\"b\":1, \"a\" :2}\n", Edited().rename("b", "a")) == "{\"b\" :2}\n");
  CHECK(edit("{\"b\":1}\n", Edited().rename("b", "a")) == "{\"b\":1}\n");
}

TEST_CASE("dropping leaves valid JSON, whichever members go") {
  const std::string record = "{ \"a\" : 1 , \"b\" : 2 , \"c\" : 3 }\n";
  CHECK(edit(record, Edited().drop("a")) == "{ \"b\" : 2 , \"c\" : 3 }\n");
  CHECK(edit(record, Edited().drop("b")) == "{ \"a\" : 1 , \"c\" : 3 }\n");
  CHECK(edit(record, Edited().drop("c")) == "{ \"a\" : 1 , \"b\" : 2  }\n");
  CHECK(edit(record, Edited().drop("a").drop("b")) == "{ \"c\" : 3 }\n");
  CHECK(edit(record, Edited().drop("a").drop("c")) == "{ \"b\" : 2  }\n");
  CHECK(edit(record, Edited().drop("c").drop("b")) == "{ \"a\" : 1  }\n");
  CHECK(edit(record, Edited().drop("a").drop("b").drop("c")) == "{  }\n");
  CHECK(edit(record, Edited().drop("d")) == record);
  CHECK(edit("{\"a\":1}\n", Edited().drop("a")) == "{}\n");
  CHECK(edit("{\"a\":1}\n", Edited().drop("a").set("b", one)) == "{\"b\":1}\n");
  CHECK(edit("{\"a\":1,\"b\":2}\n", Edited().drop("b").set("c", one)) == "{\"a\":1,\"c\":1}\n");
}

TEST_CASE("edits act on every member of the name, escaped ones included") {
  const std::string record = R"({"pass\u0077ord":"x" , "caf\u00e9":2, "password":"y"})"
                             "\n";
  CHECK(edit(record, Edited().drop("password")) == "{\"caf\\u00e9\":2}\n");
  CHECK(edit(record, Edited().set("password", one)) ==
        "{\"pass\\u0077ord\":1 , \"caf\\u00e9\":2, \"password\":1}\n");
  CHECK(edit(record, Edited().rename("p", "password")) ==
        "{\"p\":\"x\" , \"caf\\u00e9\":2, \"p\":\"y\"}\n");
  CHECK(edit(record, Edited().rename("password", "café")) == "{\"password\":2}\n");
}

TEST_CASE("edits of one name are applied one after the other") {
  const std::string record = R"({"a":1.0, "k\u00e9y":"\u00e9"})"
                             "\n";
  CHECK(edit(record, Edited().set("x", one).rename("y", "x")) ==
        "{\"a\":1.0,\"k\\u00e9y\":\"\\u00e9\",\"y\":1}\n");
  CHECK(edit(record, Edited().set("x", one).set("x", null_value())) ==
        "{\"a\":1.0,\"k\\u00e9y\":\"\\u00e9\",\"x\":null}\n");
  CHECK(edit(record, Edited().drop("a").set("a", one)) == "{\"k\\u00e9y\":\"\\u00e9\",\"a\":1}\n");
  CHECK(edit(record, Edited().set("w", one, Change::first)) ==
        "{\"w\":1,\"a\":1.0,\"k\\u00e9y\":\"\\u00e9\"}\n");
  CHECK(edit(record, Edited().drop("k*", Change::drop_pattern)) == "{\"a\":1.0}\n");
}

TEST_CASE("a dotted name is a literal key to an edit, never what is found down its path") {
  CHECK(edit("{\"u\":{\"i\":1}}\n", Edited().drop("u.i")) == "{\"u\":{\"i\":1}}\n");
  CHECK(edit("{\"u.i\":2,\"u\":{\"i\":1}}\n", Edited().drop("u.i")) == "{\"u\":{\"i\":1}}\n");
}

// members() defines what an edited record is.
TEST_CASE("splicing makes the record that members() says") {
  const std::string_view names[] = {"a", "b", "c", "d"};
  const std::string_view keys[] = {"\"a\"",       "\"b\"",       "\"c\"",
                                   "\"\\u0061\"", "\"\\u0062\"", "\"z\""};
  const std::string_view values[] = {"1", "\"a\"", "{\"a\":1}", "[]", "null", " 2 "};
  std::mt19937 random(1);
  const auto pick = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  for (int round = 0; round < 3000; round++) {
    std::string record = "{";
    for (std::size_t i = pick(6); i > 0; i--) {
      record.append(pick(3) ? "" : " ").append(keys[pick(6)]).append(":").append(values[pick(6)]);
      if (i > 1) record += pick(3) ? "," : " , ";
    }
    record += "}\n";
    Edited edited;
    for (std::size_t i = 1 + pick(4); i > 0; i--) {
      const std::string name(names[pick(4)]);
      switch (pick(4)) {
        case 0:
          edited.drop(name);
          break;
        case 1:
          edited.rename(name, std::string(names[pick(4)]));
          break;
        default:
          edited.set(name, pick(4) ? one : Value(), pick(8) ? Change::set : Change::first);
          break;
      }
    }
    const auto writer = make_ndjson_writer({}, edited.shape);
    const std::vector<Batch> batches = batches_of(record, edited);
    REQUIRE(batches.size() == 1);
    const std::string written = write(*writer, batches);
    CAPTURE(record, written);
    REQUIRE_FALSE(check_json(written));

    Memory memory;
    std::vector<Member> expected;
    Batch batch = batches[0];
    members(batch, 0, memory, expected);
    std::size_t i = 0;
    for (JsonWalk walk(std::string_view(written).substr(0, written.rfind('}') + 1)); walk.next();
         i++) {
      REQUIRE(i < expected.size());
      CHECK(decode_string(walk.raw_key(), memory) == expected[i].name);
      CHECK(walk.raw_value() == json_text(expected[i].value));
    }
    CHECK(i == expected.size());
  }
}

TEST_CASE("fields of a closed shape are written in their order") {
  CHECK(write_fields({field("b"), field("a\"")}, {one, json("1.50")}) ==
        "{\"b\":1,\"a\\\"\":1.50}\n");
  CHECK(write_fields({field("a"), field("b")}, {{}, {}}) == "{}\n");
  CHECK(write_fields({field("a"), field("b"), field("c")}, {{}, one, {}}) == "{\"b\":1}\n");
}

TEST_CASE("fields of paths nest, literal keys stay") {
  const Value v = json("7");
  CHECK(write_fields({field("u.i"), field("u.n"), field("x")}, {v, v, v}) ==
        R"({"u":{"i":7,"n":7},"x":7})"
        "\n");
  CHECK(write_fields({field("u.i"), field("u.n"), field("x")}, {{}, v, {}}) == R"({"u":{"n":7}})"
                                                                               "\n");
  CHECK(write_fields({field("u.i"), field("u.n"), field("x")}, {{}, {}, v}) == R"({"x":7})"
                                                                               "\n");
  CHECK(write_fields({field("u.i"), field("x"), field("u.n")}, {v, v, v}) ==
        R"({"u":{"i":7,"n":7},"x":7})"
        "\n");
  CHECK(write_fields({field("u.i"), field("x"), field("u.n")}, {{}, v, v}) ==
        R"({"x":7,"u":{"n":7}})"
        "\n");
  CHECK(write_fields({field("a.b.c"), field("a.b.d"), field("a.e"), field("f.b")}, {v, v, v, v}) ==
        R"({"a":{"b":{"c":7,"d":7},"e":7},"f":{"b":7}})"
        "\n");
  CHECK(write_fields({field("a.b.c"), field("a.b.d"), field("a.e"), field("f.b")}, {v, {}, v, v}) ==
        R"({"a":{"b":{"c":7},"e":7},"f":{"b":7}})"
        "\n");
  CHECK(write_fields({field("a.b.c"), field("a.e"), field("a.b.d")}, {v, v, v}) ==
        R"({"a":{"b":{"c":7,"d":7},"e":7}})"
        "\n");
  CHECK(write_fields({field("u"), field("u.i")}, {json(R"({"n":1})"), v}) ==
        R"({"u":{"n":1,"i":7}})"
        "\n");
  CHECK(write_fields({field("u.i"), field("u.n")}, {json("1", Value::literal_key), v}) ==
        R"({"u.i":1,"u":{"n":7}})"
        "\n");
}

TEST_CASE("maps of a pattern's fields are spread") {
  Field cpu = {{}, no_slot, "cpu_*"};
  CHECK(write_fields({field("a"), cpu}, {one, json(R"({"cpu_0":1,"cpu_1":2})")}) ==
        R"({"a":1,"cpu_0":1,"cpu_1":2})"
        "\n");
}

TEST_CASE("records of a format with a header are written by its names") {
  const Edited nothing;
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = std::make_shared<const Shape>(nothing.shape);
  batch.size = 2;
  batch.rows = {0, 1};
  batch.dialect.format = "csv";
  Header header;
  header.names = {"a", "b c", "d\"", "e"};
  batch.dialect.header = std::make_shared<const Header>(header);
  const std::vector<std::vector<std::string_view>> cells = {
      {"1.0", "x"}, {"", "true"}, {"\"q\"", "7e"}, {"007", "-1"}};
  for (const auto& column : cells) {
    Value* const values = batch.memory->allocate<Value>(2);
    for (std::size_t i = 0; i < 2; i++) {
      values[i] = text_value(batch.memory->copy(column[i]));
      values[i].kind = Kind::cell;
      values[i].flags = column[i].starts_with('"') ? Value::quoted : 0;
    }
    batch.source.header_columns.push_back({values});
  }
  const auto writer = make_ndjson_writer({}, nothing.shape);
  CHECK(write(*writer, {batch}) == R"({"a":1.0,"b c":null,"d\"":"q","e":"007"}
{"a":"x","b c":true,"d\"":"7e","e":-1}
)");
  Edited edited;
  edited.set("x", one).drop("e");
  batch.shape = std::make_shared<const Shape>(edited.shape);
  put(batch, edited.values[0].first, one);
  const auto editing = make_ndjson_writer({}, edited.shape);
  CHECK(write(*editing, {batch}) == R"({"a":1.0,"b c":null,"d\"":"q","x":1}
{"a":"x","b c":true,"d\"":"7e","x":1}
)");
}
