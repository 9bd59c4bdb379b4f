#include "values/json.h"

#include <catch2/catch.hpp>

using namespace riffle;

namespace {

std::string reason_for(std::string_view text) {
  const auto fault = check_json(text);
  return fault ? fault->reason : "";
}

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string decoded(std::string_view raw) {
  Memory memory;
  return std::string(decode_string(raw, memory));
}

std::string walked(std::string_view text) {
  std::string found;
  for (JsonWalk walk(text); walk.next();)
    found.append(walk.raw_key()).append("=").append(walk.raw_value()).append(";");
  return found;
}

std::string written(const Value& value) { return json_text(value); }

std::string indented(const Value& value, int indent) {
  TextBuffer out;
  write_json_indented(value, indent, out);
  return std::string(out.view());
}

}  // namespace

TEST_CASE("check_json accepts what RFC 8259 allows") {
  for (const std::string_view text : {"null",
                                      " true ",
                                      "false\n",
                                      "0",
                                      "-0",
                                      "-0.0e+10",
                                      "123456789012345678901234567890",
                                      "1E5",
                                      "1e-5",
                                      "\"\"",
                                      "[]",
                                      "{}",
                                      "[ ]",
                                      "{ }",
                                      "[[],{}]",
                                      R"({"":1})",
                                      R"({"a":[1,{"b":null}],"a":"twice"})",
                                      R"("\"\\\/\b\f\n\r\t\u00e9\uD800")",
                                      "\t\r\n [1 ,\n2 ] ",
                                      "\"\x7f\"",
                                      "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\""}) {
    CAPTURE(text);
    CHECK(reason_for(text) == "");
  }
}

TEST_CASE("check_json says why a text is no JSON") {
  CHECK(reason_for("") == "ends too early");
  CHECK(reason_for("  ") == "ends too early");
  CHECK(reason_for(R"({"a":1)") == "ends too early");
  CHECK(reason_for(R"({"a")") == "ends too early");
  CHECK(reason_for("[1,") == "ends too early");
  CHECK(reason_for(R"({"a":1 "b":2})") == "expected ',' or '}'");
  CHECK(reason_for(R"({"a":1])") == "expected ',' or '}'");
  CHECK(reason_for("[1 2]") == "expected ',' or ']'");
  CHECK(reason_for("[1}") == "expected ',' or ']'");
  CHECK(reason_for(R"({"a":1,})") == "expected a name in double quotes");
  CHECK(reason_for("{,}") == "expected a name in double quotes");
  CHECK(reason_for("{'a':1}") == "expected a name in double quotes");
  CHECK(reason_for("{1:1}") == "expected a name in double quotes");
  CHECK(reason_for(R"({"a"})") == "expected ':'");
  CHECK(reason_for(R"({"a" 1})") == "expected ':'");
  CHECK(reason_for("[1,]") == "expected a value");
  CHECK(reason_for("[,1]") == "expected a value");
  CHECK(reason_for(R"({"a":})") == "expected a value");
  for (const std::string_view text :
       {"tru", "TRUE", "nul", "NaN", "Infinity", ".5", "+1", "\xEF\xBB\xBF{}", "]", ":"})
    CHECK(reason_for(text) == "expected a value");
  CHECK(reason_for("truex") == "more text after the value");
  CHECK(reason_for(R"({"a":1}{"a":2})") == "more text after the value");
  CHECK(reason_for(R"({"a":1} x)") == "more text after the value");
  CHECK(reason_for("1\x0c") == "more text after the value");
  CHECK(reason_for("01") == "number with a leading zero");
  CHECK(reason_for("-01") == "number with a leading zero");
  CHECK(reason_for("-") == "'-' without a digit");
  CHECK(reason_for("-a") == "'-' without a digit");
  CHECK(reason_for("1.") == "'.' without a digit in a number");
  CHECK(reason_for("1.e5") == "'.' without a digit in a number");
  CHECK(reason_for("1e") == "exponent without a digit in a number");
  CHECK(reason_for("1e+}") == "exponent without a digit in a number");
  CHECK(reason_for(R"("a)") == "string without an end");
  CHECK(reason_for(R"("a\)") == "string without an end");
  CHECK(reason_for("\"a\nb\"") == "control character in a string");
  CHECK(reason_for(std::string_view("\"a\0b\"", 5)) == "control character in a string");
  CHECK(reason_for(R"("\q")") == "unknown escape in a string");
  CHECK(reason_for(std::string_view("\"\\\0\"", 4)) == "unknown escape in a string");
  CHECK(reason_for(R"("\u12g4")") == "\\u without four hexadecimal digits");
  CHECK(reason_for(R"("\u12)") == "\\u without four hexadecimal digits");
}

TEST_CASE("check_json says where the fault is") {
  CHECK(check_json(R"({"a":1 "b":2})")->offset == 7);
  CHECK(check_json(R"(["ab\qc"])")->offset == 4);
  CHECK(check_json("\"abc\xff\"")->offset == 4);
  CHECK(check_json(R"({"a":1)")->offset == 6);
}

TEST_CASE("check_json wants UTF-8") {
  for (const std::string_view bytes :
       {"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xe2\x82", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xf0\x9f\x98", "\xff", "\xc3\x28"}) {
    for (const std::string_view before : {"", "1234567", "12345678", "123456789012"}) {
      const std::string text = "\"" + std::string(before) + std::string(bytes) + "\"";
      CAPTURE(text);
      CHECK(reason_for(text) == "invalid UTF-8");
    }
  }
  // Bytes that are not UTF-8 are the reason, whatever else is wrong.
  CHECK(reason_for("{caf\xe9}") == "invalid UTF-8");
}

TEST_CASE("values nest to a depth of 1,024") {
  CHECK(reason_for(nested(1024)) == "");
  CHECK(reason_for(nested(1025)) == "nested deeper than 1,024");
  CHECK(reason_for(std::string(1'000'000, '[')) == "nested deeper than 1,024");
}

TEST_CASE("decode_string takes escapes apart") {
  CHECK(decoded(R"("plain")") == "plain");
  CHECK(decoded(R"("")") == "");
  CHECK(decoded(R"("a\"b\\c\/d\be\ff\ng\rh\ti")") == "a\"b\\c/d\be\ff\ng\rh\ti");
  CHECK(decoded(R"("pass\u0077ord")") == "password");
  CHECK(decoded(R"("\u00e9\u20AC\ud83d\ude00!")") == "é€😀!");
  CHECK(decoded(R"("\u0000x")") == std::string("\0x", 2));
  // A surrogate without its other half.
  CHECK(decoded(R"("\ud800x")") == "\uFFFDx");
  CHECK(decoded(R"("\udc00\ud800")") == "\uFFFD\uFFFD");
  CHECK(decoded(R"("\ud83d\u0041")") == "\uFFFDA");
  CHECK(decoded(R"("\ud83d\ud83d\ude00")") == "\uFFFD😀");
  CHECK(has_escapes(R"(a\n)"));
  CHECK_FALSE(has_escapes("an"));
}

TEST_CASE("JsonWalk gives members and elements in their order") {
  CHECK(walked("{}") == "");
  CHECK(walked("[ ]") == "");
  CHECK(walked(R"({"a":1,"b" : "x,\"}" , "c":[1,{"d":"]"}],"e":{ },"f":-1.5e3})") ==
        R"("a"=1;"b"="x,\"}";"c"=[1,{"d":"]"}];"e"={ };"f"=-1.5e3;)");
  CHECK(walked("[1, \"two\\\\\",[ ] ,\ttrue\n]") == "=1;=\"two\\\\\";=[ ];=true;");
  CHECK(walked(R"({"k\"ey":null})") == R"("k\"ey"=null;)");
  CHECK(walked(R"(["0123456789abcdef","0123456\"789abcdef\\"])") ==
        R"(="0123456789abcdef";="0123456\"789abcdef\\";)");
}

TEST_CASE("end_of_value finds where a value ends") {
  const auto length = [](std::string_view text) {
    return end_of_value(text.data(), text.data() + text.size()) - text.data();
  };
  CHECK(length("12,3") == 2);
  CHECK(length("true}") == 4);
  CHECK(length(R"("a\"b" ,)") == 6);
  CHECK(length(R"([{"a":"]"}]])") == 11);
  CHECK(length("1") == 1);
}

TEST_CASE("write_compact takes out the blanks between tokens, and no others") {
  TextBuffer out;
  write_compact(" { \"a b\" : [ 1 ,\r\n\t2 ] , \"c\\\" \" : \" d \" }\n", out);
  CHECK(out.view() == R"({"a b":[1,2],"c\" ":" d "})");
}

TEST_CASE("strings are written with the escapes that must be") {
  CHECK(json_string("a\"b\\c/\b\f\n"
                    "\r\t\x01\x1f\x7f é") == "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f é\"");
}

TEST_CASE("values are written as JSON") {
  CHECK(written({}) == "null");
  CHECK(written(null_value()) == "null");
  CHECK(written(boolean_value(true)) == "true");
  CHECK(written(integer_value(INT64_MIN)) == "-9223372036854775808");
  CHECK(written(natural_value(UINT64_MAX)) == "18446744073709551615");
  CHECK(written(real_value(0.1)) == "0.1");
  CHECK(written(time_value(1500000000)) == R"("1970-01-01T00:00:01.500Z")");
  CHECK(written(duration_value(1500000000)) == "1.5");
  CHECK(written(text_value("x\n")) == R"("x\n")");
  CHECK(written(json_value("1.50e0")) == "1.50e0");
  const Value items[] = {integer_value(1), null_value(), {}};
  CHECK(written(list_value(items)) == "[1,null,null]");
  CHECK(written(list_value({})) == "[]");
  const Member members[] = {{"a\"", integer_value(1)}, {"b", list_value(items)}};
  CHECK(written(map_value(members)) == R"({"a\"":1,"b":[1,null,null]})");
  CHECK(written(map_value({})) == "{}");
}

TEST_CASE("cells are written as what they say, numbers with their own digits") {
  const auto cell = [](std::string_view text, unsigned flags) {
    Value v = text_value(text);
    v.kind = Kind::cell;
    v.flags = static_cast<std::uint8_t>(flags);
    return written(v);
  };
  CHECK(cell("1.50", 0) == "1.50");
  CHECK(cell("123456789012345678901234567890", 0) == "123456789012345678901234567890");
  CHECK(cell("007", 0) == R"("007")");
  CHECK(cell("true", 0) == "true");
  CHECK(cell("", 0) == "null");
  CHECK(cell("\"\"", Value::quoted) == R"("")");
  CHECK(cell("\"1\"", Value::quoted) == R"("1")");
  CHECK(cell("\"a\"\"b\"", Value::quoted | Value::escaped) == R"("a\"b")");
  CHECK(cell("1", Value::all_text) == R"("1")");
}

TEST_CASE("values are written over several lines") {
  CHECK(indented(json_value(R"({"a":1,"b":[1,{"c":null}],"d":{ },"e":[]})"), 2) == R"({
  "a": 1,
  "b": [
    1,
    {
      "c": null
    }
  ],
  "d": {},
  "e": []
})");
  const Value items[] = {integer_value(1), json_value("[2]")};
  const Member members[] = {{"a", list_value(items)}, {"b", list_value({})}};
  CHECK(indented(map_value(members), 1) ==
        "{\n"
        " \"a\": [\n"
        "  1,\n"
        "  [\n"
        "   2\n"
        "  ]\n"
        " ],\n"
        " \"b\": []\n"
        "}");
  CHECK(indented(integer_value(7), 2) == "7");
}
