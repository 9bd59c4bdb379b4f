#include "values/decode.h"

#include <catch2/catch.hpp>

using namespace riffle;

namespace {

Value cell(std::string_view text, std::uint8_t flags = 0) {
  Value v = text_value(text);
  v.kind = Kind::cell;
  v.flags = flags;
  return v;
}

std::string key(const Value& value) {
  std::string out;
  append_key(value, out);
  return out;
}

}  // namespace

TEST_CASE("cells are typed one by one") {
  Memory memory;
  CHECK(decode(cell("12"), memory).kind == Kind::integer);
  CHECK(decode(cell("-3.5"), memory).kind == Kind::real);
  CHECK(decode(cell("1e9"), memory).kind == Kind::real);
  CHECK(decode(cell("true"), memory).kind == Kind::boolean);
  CHECK(decode(cell(""), memory).kind == Kind::null);
  for (const char* const text : {"007", "1-1-19", "+1", "True", "NULL", " 1", "1 "})
    CHECK(decode(cell(text), memory).kind == Kind::text);
  CHECK(decode(cell("\"12\"", Value::quoted), memory).view() == "12");
  CHECK(decode(cell("\"\"", Value::quoted), memory).kind == Kind::text);
  CHECK(decode(cell("12", Value::all_text), memory).kind == Kind::text);
  CHECK(decode(cell("", Value::all_text), memory).kind == Kind::text);
}

TEST_CASE("a cell's quotes and escapes are taken off") {
  Memory memory;
  CHECK(cell_text(cell("\"a \"\"b\"\"\"", Value::quoted | Value::escaped), memory) == "a \"b\"");
  CHECK(cell_text(cell("a\\tb\\\\n\\x\\n", Value::escaped), memory) == "a\tb\\n\\x\n");
  CHECK(cell_text(cell("it\"s"), memory) == "it\"s");
}

TEST_CASE("the number that arithmetic finds") {
  CHECK(number_of(cell("\"12\"", Value::quoted)).integer == 12);
  CHECK(number_of(cell("12", Value::all_text)).is_missing());
  CHECK(number_of(json_value("12")).integer == 12);
  CHECK(number_of(json_value("\"12\"")).is_missing());
  CHECK(number_of(text_value("12")).is_missing());
}

TEST_CASE("a scalar's text is as it was written") {
  Memory memory;
  CHECK(text_of(json_value("1.10"), memory) == "1.10");
  CHECK(text_of(json_value("\"a\\n\""), memory) == "a\n");
  CHECK(text_of(json_value("null"), memory) == "");
  CHECK(text_of(time_value(0), memory) == "1970-01-01T00:00:00Z");
  CHECK(text_of(duration_value(1500000000), memory) == "1.5");
  CHECK(text_of(real_value(0.5), memory) == "0.5");
  CHECK(text_of(json_value("[1, 2]"), memory) == "[1, 2]");
}

TEST_CASE("keys are compared by their text") {
  CHECK(key(json_value("1.10")) != key(json_value("1.1")));
  CHECK(key(cell("90210")) == key(json_value("\"90210\"")));
  CHECK(key(json_value("\"caf\\u00e9\"")) == key(text_value("caf\xc3\xa9")));
  CHECK(key(null_value()) == key(Value{}));
  CHECK(key(null_value()) != key(text_value("null")));
  CHECK(key(null_value()) != key(text_value("")));
  CHECK(key(text_value("ab")) + key(text_value("c")) !=
        key(text_value("a")) + key(text_value("bc")));
}

TEST_CASE("a deep copy shares nothing") {
  Memory memory;
  std::string text = "[{\"a\":\"x\"},2]";
  Value copy;
  {
    Memory first;
    copy = deep_copy(decode(json_value(text), first), memory);
  }
  text.assign(text.size(), '#');
  REQUIRE(copy.kind == Kind::list);
  CHECK(copy.items[0].view() == "{\"a\":\"x\"}");
  CHECK(copy.items[1].view() == "2");
}
