#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "expression/check.h"
#include "expression/language.h"
#include "expression/syntax.h"
#include "functions/characters.h"
#include "functions/function.h"
#include "functions/rounding.h"
#include "values/error.h"
#include "values/json.h"

using namespace riffle;

namespace {

Settings& settings() {
  static Settings settings = [] {
    Settings made;
    made.inputs = {"in.ndjson"};
    return made;
  }();
  return settings;
}

// The value of an expression over a record in line 7 of an input, which has no field that examples
// name, as JSON; "error" when it failed or is refused.
std::string value_of(const std::string& expression) try {
  const auto text = std::make_shared<const Text>(Text{"filter", expression});
  Shape shape = Shape::of_source();
  BindContext binding{shape, settings()};
  const ExpressionPtr bound = riffle::bind(*parse_expression(text), text, binding);
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = std::make_shared<const Shape>(shape);
  batch.size = 1;
  batch.rows = {0};
  static constexpr Value missing{};
  batch.columns.assign(static_cast<std::size_t>(shape.slots().count), {&missing, 0});
  const std::string_view source = R"({"id":7})";
  batch.source.text = &source;
  const Position position{0, 0, 100, 7};
  batch.origin.positions = &position;
  Effects effects;
  Evaluation evaluation{batch, effects};
  const Value value = bound->evaluate(evaluation, batch.rows)[0];
  const std::string json = json_text(value);
  if (!effects.errors.empty()) CHECK(json == "null");
  return effects.errors.empty() ? json : "error";
} catch (const Error& error) {
  INFO(error.what());
  CHECK(error.status() == ExitStatus::usage);
  return "error";
}

// A call of one function with untouched JSON values, as they come from records: nothing is
// prepared.
std::string called(std::string_view name, const std::vector<std::string>& arguments) {
  const Function* const function = find_function(name);
  REQUIRE(function);
  std::vector<Value> values;
  for (const std::string& argument : arguments) values.push_back(json_value(argument));
  Memory memory;
  FunctionCall call{values, memory, settings()};
  const Value value = function->call(call);
  const std::string json = json_text(value);
  if (call.failed) CHECK(json == "null");
  return call.failed ? "error" : json;
}

Value cell(std::string_view bytes, std::uint8_t flags = 0) {
  Value value = text_value(bytes);
  value.kind = Kind::cell;
  value.flags = flags;
  value.delimiter = ',';
  return value;
}

std::string called_with(std::string_view name, std::vector<Value> values) {
  Memory memory;
  FunctionCall call{values, memory, settings()};
  const std::string json = json_text(find_function(name)->call(call));
  return call.failed ? "error" : json;
}

// Why the constant arguments of a call are refused.
std::string refusal(std::string_view name, const std::vector<Value>& arguments) {
  std::vector<const Value*> constants;
  for (const Value& argument : arguments)
    constants.push_back(argument.is_missing() ? nullptr : &argument);
  Memory memory;
  try {
    find_function(name)->prepare({constants, settings(), memory});
  } catch (const std::invalid_argument& reason) {
    return reason.what();
  }
  return "";
}

// Whether an expression is one call of that function, and nothing beside it.
bool is_call_of(std::string_view name, std::string_view expression) {
  if (!expression.starts_with(std::string(name) + "(")) return false;
  int depth = 0;
  for (std::size_t i = name.size(); i < expression.size(); i++) {
    depth += expression[i] == '(' ? 1 : expression[i] == ')' ? -1 : 0;
    if (depth == 0) return i + 1 == expression.size();
  }
  return false;
}

}  // namespace

TEST_CASE("every function's row is complete") {
  std::set<std::string_view> names;
  for (const Function& function : functions()) {
    INFO(function.name);
    CHECK(names.insert(function.name).second);
    CHECK(function.usage.starts_with(std::string(function.name) + "("));
    CHECK(function.usage.ends_with(")"));
    CHECK_FALSE(function.family.empty());
    CHECK_FALSE(function.summary.empty());
    CHECK_FALSE(function.result.empty());
    CHECK_FALSE(function.examples.empty());
    CHECK(function.least <= function.most);
    CHECK((function.call != nullptr) != function.is_record);
    CHECK(function.raw_argument < function.most);
    CHECK(function.lambda_argument < function.most);
    CHECK((function.nulls.empty() || function.takes_null || function.family != "null"));
    CHECK(find_function(function.name) == &function);
  }
  CHECK_FALSE(find_function("lenght"));
}

TEST_CASE("every example of a function gives what its row says") {
  for (const Function& function : functions())
    for (const Example& example : function.examples) {
      INFO(example.expression);
      CHECK(value_of(std::string(example.expression)) ==
            (example.result.empty() ? "error" : example.result));
    }
}

TEST_CASE("every example of an operator or literal gives what its row says") {
  for (const LanguageRow& row : language())
    for (const Example& example : row.examples) {
      INFO(example.expression);
      CHECK(value_of(std::string(example.expression)) ==
            (example.result.empty() ? "error" : example.result));
    }
}

TEST_CASE("every example's result is of the kind that its row says") {
  const std::map<std::string_view, std::set<std::string>> types = {
      {"text", {"text"}},         {"integer", {"integer"}}, {"number", {"integer", "real"}},
      {"real", {"real"}},         {"boolean", {"boolean"}}, {"time", {"time"}},
      {"duration", {"duration"}}, {"list", {"list"}},       {"map", {"map"}}};
  for (const Function& function : functions()) {
    INFO(function.name);
    const auto type = types.find(function.result);
    if (type == types.end()) {
      CHECK((function.result == "as x" || function.result == "any" ||
             function.result == "an element"));
      continue;
    }
    for (const Example& example : function.examples) {
      INFO(example.expression);
      if (!is_call_of(function.name, example.expression) || example.result.empty() ||
          example.result == "null")
        continue;
      const std::string said = value_of("type(" + std::string(example.expression) + ")");
      CHECK(type->second.count(said.substr(1, said.size() - 2)) == 1);
    }
  }
}

TEST_CASE("each family of functions is there, one after the other") {
  std::vector<std::string_view> families;
  for (const Function& function : functions())
    if (families.empty() || families.back() != function.family) families.push_back(function.family);
  CHECK(families == std::vector<std::string_view>{"text", "regex", "number", "time", "list and map",
                                                  "conversion", "null", "hash and privacy",
                                                  "network", "record"});
}

TEST_CASE("functions of text take any scalar as it was written") {
  CHECK(called("length", {"12.50"}) == "5");
  CHECK(called("substr", {"675127116845989888", "0", "3"}) == "\"675\"");
  CHECK(called("upper", {"true"}) == "\"TRUE\"");
  CHECK(called("lower", {"\"\\u00c9\""}) == "\"é\"");
  CHECK(called("starts_with", {"503", "\"5\""}) == "true");
  CHECK(called_with("length", {cell("007")}) == "3");
  CHECK(called_with("upper", {cell("\"a\"\"b\"", Value::quoted | Value::escaped)}) == "\"A\\\"B\"");
  CHECK(called_with("upper", {time_value(0)}) == "\"1970-01-01T00:00:00Z\"");
  for (const char* name : {"bytes", "lower", "upper", "trim"}) {
    CHECK(called(name, {"[1]"}) == "error");
    CHECK(called(name, {"{\"a\":1}"}) == "error");
  }
}

TEST_CASE("letter case follows Unicode, and grows where it must") {
  CHECK(called("lower", {"\"\u023a\u023a\u023aX\""}) == "\"\u2c65\u2c65\u2c65x\"");
  CHECK(called("upper", {"\"straße ijsz [`{@\""}) != "error");
  CHECK(called("upper", {"\"[`{@az\""}) == "\"[`{@AZ\"");
  CHECK(called("lower", {"\"[`{@AZ\""}) == "\"[`{@az\"");
  CHECK(called("upper", {"\"дa😀\""}) == "\"ДA😀\"");
}

TEST_CASE("positions count code points, held to the text") {
  CHECK(called("substr", {"\"a😀é\"", "1", "2"}) == "\"😀\"");
  CHECK(called("substr", {"\"abc\"", "-99", "2"}) == "\"ab\"");
  CHECK(called("substr", {"\"abc\"", "2", "1"}) == "\"\"");
  CHECK(called("substr", {"\"abc\"", "0", "-1"}) == "\"ab\"");
  CHECK(called("substr", {"\"abc\"", "-9223372036854775808", "9223372036854775807"}) == "\"abc\"");
  CHECK(called("substr", {"\"abc\"", "1.0"}) == "\"bc\"");
  CHECK(called("substr", {"\"abc\"", "1.5"}) == "error");
  CHECK(called("index", {"\"😀é-\"", "\"-\""}) == "2");
  CHECK(called("index", {"\"abc\"", "\"\""}) == "0");
  CHECK(called("truncate", {"\"é\"", "0"}) == "\"\"");
  CHECK(called("truncate", {"\"é\"", "-1"}) == "error");
  CHECK(count_characters("a\xff\xfeé") == 4);
  CHECK(characters_between("aéb", 1, 9) == "éb");
}

TEST_CASE("trim takes blanks of every script, or the characters named") {
  CHECK(called("trim", {R"("\u2003\r\n x \ufeff")"}) == "\"x\"");
  CHECK(called("trim", {"\"   \""}) == "\"\"");
  CHECK(called("trim", {"\"éaé\"", "\"é\""}) == "\"a\"");
  CHECK(called("rtrim", {"\"xé\"", "\"\u00a9\""}) == "\"xé\"");
  CHECK(called("trim", {"\" a \"", "\"\""}) == "\" a \"");
}

TEST_CASE("a text that would grow past all measure is a failure") {
  CHECK(called("repeat", {"\"ab\"", "1000000000000"}) == "error");
  CHECK(called("repeat", {"\"\"", "9223372036854775807"}) == "\"\"");
  CHECK(called("pad_left", {"\"ab\"", "1000000000000"}) == "error");
  CHECK(called("range", {"0", "9223372036854775807"}) == "error");
  CHECK(called("range", {"9223372036854775805", "9223372036854775807", "5"}) ==
        "[9223372036854775805]");
}

TEST_CASE("format takes the values as its places ask") {
  CHECK(called("format", {"\"{}|{:>6}|{:<6}|{:^6}\"", "1.50", "1.50", "7", "\"é\""}) ==
        "\"1.50|  1.50|7     |  é   \"");
  CHECK(called("format", {"\"{:x} {:X} {:o} {:b}\"", "255", "255", "8", "5"}) ==
        "\"ff FF 10 101\"");
  CHECK(called("format", {"\"{:08.3f}|{:+d}|{:e}\"", "3.14159", "5", "1500"}) ==
        "\"0003.142|+5|1.500000e+03\"");
  CHECK(called("format", {"\"{:*>5}|{:.2}\"", "true", "\"abc\""}) == "\"*true|ab\"");
  CHECK(called("format", {"\"{:d}\"", "18446744073709551615"}) == "\"18446744073709551615\"");
  CHECK(called("format", {"\"{:d}\"", "2.0"}) == "\"2\"");
  CHECK(called("format", {"\"{:d}\"", "2.5"}) == "error");
  CHECK(called("format", {"\"{:.2f}\"", "\"x\""}) == "error");
  CHECK(called("format", {"\"{:+}\"", "\"x\""}) == "error");
  CHECK(called("format", {"\"{}\"", "[1]"}) == "error");
  CHECK(called("format", {"\"{} {}\"", "1"}) == "error");
  CHECK(called("format", {"\"{\"", "1"}) == "error");
  CHECK(refusal("format", {text_value("{} {}"), Value{}}).find("2 {}, and there is 1 value") !=
        std::string::npos);
  CHECK(refusal("format", {text_value("{:9999}"), Value{}}).find("is no format") !=
        std::string::npos);
  CHECK(refusal("format", {text_value("{:.f}"), Value{}}).find("is no format") !=
        std::string::npos);
  CHECK(refusal("format", {text_value("{0}"), Value{}}).find("must begin") != std::string::npos);
  CHECK(refusal("format", {text_value("a}"), Value{}}).find("ends nothing") != std::string::npos);
  CHECK(refusal("format", {text_value("{:L}"), Value{}}).find("is no format") != std::string::npos);
}

TEST_CASE("a bad regular expression is refused with RE2's reason, one from a record is a failure") {
  CHECK(refusal("extract", {Value{}, text_value("(a")}).find("missing )") != std::string::npos);
  CHECK(refusal("extract", {Value{}, text_value("a"), integer_value(1)}).find("no group 1") !=
        std::string::npos);
  CHECK_FALSE(refusal("replace_re", {Value{}, text_value("a"), text_value("\\1")}).empty());
  CHECK_FALSE(refusal("replace_re", {Value{}, text_value("a"), text_value("\\x")}).empty());
  CHECK(refusal("replace_re", {Value{}, text_value("(a)"), text_value("\\1")}).empty());
  CHECK(called("extract", {"\"abc\"", "\"(a\""}) == "error");
  CHECK(called("extract", {"\"abc\"", "\"b(.)\""}) == "\"c\"");
  CHECK(called("extract", {"\"abc\"", "\"a(x)?\""}) == "null");
  CHECK(called("extract", {"\"abc\"", "\"b\"", "7"}) == "error");
  CHECK(called("replace_re", {"\"abc\"", "\"b\"", R"("\\1")"}) == "error");
  CHECK(called("replace_re", {"[1]", "\"b\"", "\"\""}) == "error");
}

TEST_CASE("matches that are empty are found once, between characters") {
  CHECK(called("extract_all", {"\"aé\"", "\"x*\""}) == R"(["","",""])");
  CHECK(called("split_re", {"\"aéb\"", "\"\""}) == R"(["a","é","b"])");
  CHECK(called("split_re", {"\",a,\"", "\",\""}) == R"(["","a",""])");
  CHECK(called("replace_re", {"\"axb\"", "\"x*\"", "\"-\""}) == "\"-a--b-\"");
  CHECK(called("replace_re", {"\"aaa\"", "\"a\"", "\"\""}) == "\"\"");
  CHECK(called("replace_re", {"\"a b\"", R"("\\bb")", "\"c\""}) == "\"a c\"");
  CHECK(called("replace_re", {"\"aa\"", "\"^a\"", "\"b\""}) == "\"ba\"");
}

TEST_CASE("rounding goes by the digits as written, half away from zero") {
  CHECK(called("round", {"2.675", "2"}) == "2.68");
  CHECK(called("round", {"1.005", "2"}) == "1.01");
  CHECK(called("round", {"-1.005", "2"}) == "-1.01");
  CHECK(called("round", {"0.285", "2"}) == "0.29");
  CHECK(called("round", {"9.995", "2"}) == "10");
  CHECK(called("round", {"0.05", "1"}) == "0.1");
  CHECK(called("round", {"0.04", "1"}) == "0");
  CHECK(called("round", {"0.004", "1"}) == "0");
  CHECK(called("round", {"1234.5678", "1"}) == "1234.6");
  CHECK(called("round", {"0.30000000000000004", "16"}) == "0.3");
  CHECK(called("round", {"1e-7", "7"}) == "1e-7");
  CHECK(called("round", {"1e300", "2"}) == "1e+300");
  CHECK(called("round", {"123456789012.345", "2"}) == "123456789012.35");
  CHECK(called("round", {"1250.5", "-2"}) == "1300");
  CHECK(called("round", {"-1250.5", "-2"}) == "-1300");
  CHECK(called("round", {"49.9", "-2"}) == "0");
  CHECK(called("round", {"50", "-2"}) == "100");
  CHECK(called("round", {"2.5e18"}) == "2500000000000000000");
  CHECK(called("round", {"7", "3"}) == "7");
  CHECK(called("round", {"7", "-30"}) == "0");
  CHECK(called("round", {"18446744073709551615", "-1"}) == "error");
  CHECK(called("round", {"-9223372036854775808", "-1"}) == "error");
  CHECK(called("round", {"9223372036854775807", "-1"}) == "9223372036854775810");
  CHECK(called("round", {"\"2.5\""}) == "error");
}

TEST_CASE("rounding leaves no more digits than asked for, and the nearest number of so many") {
  for (int i = 0; i < 20000; i++) {
    const double number = (i - 10000) * 0.0012345 + i % 7;
    const double result = rounded(real_value(number), 3)->real;
    REQUIRE(std::abs(result - number) <= 0.0005000001);
    REQUIRE(result == std::round(result * 1000) / 1000);
  }
}

TEST_CASE("integers are exact, or the call fails") {
  CHECK(called("abs", {"-9223372036854775808"}) == "9223372036854775808");
  CHECK(called("ceil", {"18446744073709551615"}) == "18446744073709551615");
  CHECK(called("floor", {"-1e18"}) == "-1000000000000000000");
  CHECK(called("pow", {"2", "63"}) == "9223372036854775808");
  CHECK(called("pow", {"-2", "63"}) == "-9223372036854775808");
  CHECK(called("pow", {"2", "64"}) == "error");
  CHECK(called("pow", {"-2", "65"}) == "error");
  CHECK(called("pow", {"3", "40"}) == "12157665459056928801");
  CHECK(called("pow", {"1", "18446744073709551615"}) == "1");
  CHECK(called("pow", {"-1", "9223372036854775807"}) == "-1");
  CHECK(called("pow", {"0", "0"}) == "1");
  CHECK(called("pow", {"-8", "0.5"}) == "error");
  CHECK(called("sign", {"18446744073709551615"}) == "1");
  CHECK(called("sign", {"\"x\""}) == "error");
  CHECK(called("max", {"9007199254740993", "9007199254740992.0"}) == "9007199254740993");
  CHECK(called_with("abs", {duration_value(INT64_MIN)}) == "error");
  CHECK(called_with("abs", {duration_value(-1000000000)}) == "1");
  CHECK(called_with("sign", {real_value(std::numeric_limits<double>::quiet_NaN())}) == "error");
}

TEST_CASE("min and max give a value as it was written") {
  CHECK(called("min", {"1.50", "2"}) == "1.50");
  CHECK(called("max", {"[1.50, 1.5, null]"}) == "1.50");
  CHECK(called("max", {"\"a\""}) == "\"a\"");
  CHECK(called_with("max", {cell("9"), cell("10")}) == "10");
}

TEST_CASE("a time argument is a time, a text or a number of seconds") {
  CHECK(called("year", {"\"2026-01-31\""}) == "2026");
  CHECK(called("year", {"1769853600.5"}) == "2026");
  CHECK(called_with("year", {time_value(0)}) == "1970");
  CHECK(called_with("year", {cell("2026-01-31T10:00:00Z")}) == "2026");
  CHECK(called_with("year", {cell("\"1769853600\"", Value::quoted)}) == "2026");
  CHECK(called("year", {"\"1769853600\""}) == "error");
  CHECK(called("year", {"1769853600123"}) == "error");
  CHECK(called("year", {"true"}) == "error");
  CHECK(called_with("year", {duration_value(0)}) == "error");
  CHECK(called("time", {"1769853600123", "\"ms\""}) == "\"2026-01-31T10:00:00.123Z\"");
  CHECK(called("time", {"1769853600123", "\"min\""}) == "error");
  CHECK(refusal("time", {Value{}, text_value("min")}).find("'min' is no unit") !=
        std::string::npos);
}

TEST_CASE("--tz is the zone of texts without an offset, and of the calendar") {
  settings().zone = *Zone::named("Europe/Paris");
  CHECK(called("time", {"\"2026-01-31T10:00:00\""}) == "\"2026-01-31T09:00:00Z\"");
  CHECK(called("hour", {"\"2026-01-31T10:00:00Z\""}) == "11");
  CHECK(called("hour", {"\"2026-01-31T10:00:00Z\"", "\"UTC\""}) == "10");
  CHECK(called_with("bucket", {text_value("2026-01-31T23:30:00Z"), text_value("1d")}) ==
        "\"2026-01-31T23:00:00Z\"");
  CHECK(value_of("bucket('2026-01-31T23:30:00Z', 1d)") == "\"2026-01-31T23:00:00Z\"");
  CHECK(value_of("bucket('2026-01-31T23:30:00Z', 1d, 'UTC')") == "\"2026-01-31T00:00:00Z\"");
  settings().zone = Zone();
}

TEST_CASE("bucket takes a duration, a text or a number of seconds") {
  CHECK(called("bucket", {"90", "60"}) == "\"1970-01-01T00:01:00Z\"");
  CHECK(called("bucket", {"90.5", "0.5"}) == "\"1970-01-01T00:01:30.500Z\"");
  CHECK(called("bucket", {"\"2026-05-31\"", "\"1y\""}) == "\"2026-01-01T00:00:00Z\"");
  CHECK(called("bucket", {"90", "0"}) == "error");
  CHECK(called("bucket", {"90", "\"soon\""}) == "error");
  CHECK(called("bucket", {"90", "60", "\"Nowhere\""}) == "error");
  CHECK(refusal("bucket", {Value{}, duration_value(0)}).find("more than zero") !=
        std::string::npos);
  CHECK(refusal("bucket", {Value{}, duration_value(1), text_value("Nowhere")})
            .find("no time zone is called 'Nowhere'") != std::string::npos);
  CHECK(refusal("bucket", {Value{}, text_value("1.5h")}).find("no length of time") !=
        std::string::npos);
}

TEST_CASE("patterns of times are checked before any record") {
  CHECK(refusal("format_time", {Value{}, text_value("%Q")}).find("'%Q' means nothing") !=
        std::string::npos);
  CHECK(refusal("format_time", {Value{}, text_value("10%")}).find("means nothing") !=
        std::string::npos);
  CHECK(called("format_time", {"0.123456789", "\"%f %L %N %E*S %%f\""}) ==
        "\"123456 123 123456789 00.123456789 %f\"");
  CHECK(called("parse_time", {"\"2026-01-31 10:00:00.25\"", "\"%Y-%m-%d %H:%M:%S.%f\""}) ==
        "\"2026-01-31T10:00:00.250Z\"");
  CHECK(called("parse_time", {"\"1769853600\"", "\"%s\""}) == "\"2026-01-31T10:00:00Z\"");
  CHECK(called("parse_time", {"\"infinite-future\"", "\"%Y\""}) == "error");
  CHECK(called("parse_time", {"\"3000\"", "\"%Y\""}) == "error");
  CHECK(called("parse_time", {"\"2026-01-31x\"", "\"%Y-%m-%d\""}) == "error");
}

TEST_CASE("the calendar's parts are right at its edges") {
  CHECK(called("week", {"\"2020-12-31\""}) == "53");
  CHECK(called("week", {"\"2022-01-02\""}) == "52");
  CHECK(called("week", {"\"2023-01-01\""}) == "52");
  CHECK(called("week", {"\"2024-01-01\""}) == "1");
  CHECK(called("week", {"\"2262-04-11\""}) == "15");
  CHECK(called("weekday", {"\"1969-12-31\""}) == "3");
  CHECK(called("weekday", {"\"2026-02-01\""}) == "7");
  CHECK(called("yearday", {"\"2026-01-01\""}) == "1");
  CHECK(called("second", {"-0.5"}) == "59");
  CHECK(called("epoch", {"\"1969-12-31T23:59:59.5Z\""}) == "-0.5");
  CHECK(called("epoch", {"1769853600.123456", "\"ns\""}) == "1769853600123456000");
  CHECK(called("epoch", {"\"2026-01-31T10:00:00.123456789Z\"", "\"us\""}) == "1769853600123456.8");
}

TEST_CASE("durations come from texts and numbers of seconds") {
  CHECK(called("duration", {"\"250ms\""}) == "0.25");
  CHECK(called("duration", {"0.1"}) == "0.1");
  CHECK(called("duration", {"9223372037"}) == "error");
  CHECK(called("duration", {"18446744073709551615"}) == "error");
  CHECK(called("duration", {"\"\""}) == "error");
  CHECK(called("duration", {"[1]"}) == "error");
}

TEST_CASE("a map's name that stands twice counts once, its last value at the first place") {
  const std::string twice = R"({"a":1,"b":2,"a":3})";
  CHECK(called("keys", {twice}) == R"(["a","b"])");
  CHECK(called("values", {twice}) == "[3,2]");
  CHECK(called("length", {twice}) == "2");
  CHECK(called("get", {twice, "\"a\""}) == "3");
}

TEST_CASE("lists are changed in copies, their elements as they were written") {
  CHECK(called("append", {"[1.50]", "\"x\"", "null"}) == R"([1.50,"x",null])");
  CHECK(called("concat", {"[1.50]", "[]"}) == "[1.50]");
  CHECK(called("sort", {"[10, 9.0, \"a\", true, null]"}) == R"([true,9.0,10,"a",null])");
  CHECK(called("sort", {"[1, 3, null, 2]", "\"desc\""}) == "[3,2,1,null]");
  CHECK(called("unique", {R"([1.0, 1, "1", [1], [1], {"a":1}, {"a":1}])"}) ==
        R"([1.0,"1",[1],{"a":1}])");
  CHECK(called("reverse", {"[1.0, 2]"}) == "[2,1.0]");
  CHECK(called("slice", {"[1, 2, 3]", "-2", "-1"}) == "[2]");
  CHECK(called("slice", {"\"abc\"", "1"}) == "error");
  CHECK(called("first", {"{\"a\":1}"}) == "error");
  CHECK(called("has", {"[1]", "\"x\""}) == "error");
  CHECK(called("join", {R"([1.50, true, "é", null])", "\", \""}) == "\"1.50, true, é\"");
  CHECK(called("split", {"1.50", "\".\""}) == R"(["1","50"])");
}

TEST_CASE("conversions read decimal numbers, and never guess") {
  for (const char* text : {"12", " 12 ", "+12", "0012", "12.9", "1.2e1", "12."})
    CHECK(called("int", {'"' + std::string(text) + '"'}) == "12");
  for (const char* text : {"", " ", "-", "+", ".", "e5", ".e5", "1e", "--1", "+-1", "1 2", "1_000",
                           "0x10", "1,5", "NaN", "inf", "12a"}) {
    INFO(text);
    CHECK(called("int", {'"' + std::string(text) + '"'}) == "error");
    CHECK(called("real", {'"' + std::string(text) + '"'}) == "error");
  }
  CHECK(called("int", {"\"-007\""}) == "-7");
  CHECK(called("int", {"\"0\""}) == "0");
  CHECK(called("int", {"18446744073709551615"}) == "18446744073709551615");
  CHECK(called("int", {"1e19"}) == "10000000000000000000");
  CHECK(called("int", {"1e20"}) == "error");
  CHECK(called("int", {"-0.9"}) == "0");
  CHECK(called("int", {"[1]"}) == "error");
  CHECK(called("real", {"\"-.5e1\""}) == "-5");
  CHECK(called("real", {"\"00.25\""}) == "0.25");
  CHECK(called("real", {"1e400"}) == "error");
  CHECK(called_with("int", {time_value(-1500000000)}) == "-1");
  CHECK(called_with("real", {duration_value(1500000000)}) == "1.5");
  CHECK(called_with("int", {cell("\"007\"", Value::quoted)}) == "7");
}

TEST_CASE("text and json give values as they were written") {
  CHECK(called("text", {"1.50"}) == "\"1.50\"");
  CHECK(called("text", {"675127116845989888000"}) == "\"675127116845989888000\"");
  CHECK(called("text", {"{\"a\": [1.50]}"}) == R"("{\"a\": [1.50]}")");
  CHECK(called("json", {"\"a\""}) == R"("\"a\"")");
  CHECK(called("parse_json", {R"("[1.50, {\"a\": null}]")"}) == R"([1.50,{"a": null}])");
  CHECK(called("parse_json", {"\"[1\""}) == "error");
  CHECK(called("parse_json", {"\"null\""}) == "null");
  CHECK(called("bool", {"\" TRUE \""}) == "true");
  CHECK(called("bool", {"0.0"}) == "false");
  CHECK(called("bool", {"[]"}) == "error");
}

TEST_CASE("null and missing are told apart by exists and type alone") {
  CHECK(called_with("exists", {Value{}}) == "false");
  CHECK(called_with("exists", {cell("")}) == "true");
  CHECK(called_with("type", {Value{}}) == "\"missing\"");
  CHECK(called("type", {"18446744073709551615"}) == "\"integer\"");
  CHECK(called("type", {"{}"}) == "\"map\"");
  CHECK(called("type", {"[]"}) == "\"list\"");
  CHECK(called("type", {"\"2026-01-31\""}) == "\"text\"");
  CHECK(called_with("type", {time_value(0)}) == "\"time\"");
  CHECK(called_with("type", {cell("12")}) == "\"integer\"");
  CHECK(called_with("type", {cell("007")}) == "\"text\"");
  CHECK(called_with("if_null", {Value{}, text_value("x")}) == "\"x\"");
  CHECK(called_with("if_null", {cell(""), text_value("x")}) == "\"x\"");
  CHECK(called_with("null_if", {cell("-"), text_value("-")}) == "null");
}

TEST_CASE("null in gives null out, where the row says nothing else") {
  for (const Function& function : functions()) {
    if (function.takes_null || function.least == 0 || function.lambda_argument >= 0) continue;
    std::string call(function.name);
    call += '(';
    for (int i = 0; i < function.least; i++) call += i > 0 ? ", null" : "null";
    INFO(call);
    CHECK(value_of(call + ")") == "null");
  }
}
