#include "expression/expression.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "expression/check.h"
#include "expression/syntax.h"
#include "records/record.h"
#include "values/error.h"
#include "values/json.h"

using namespace riffle;

namespace {

using Words = std::vector<std::string>;

// Records as a reader would give them: the fields that a shape asks for, untouched.
class Records {
 public:
  explicit Records(Words records) : texts_(std::move(records)) {}
  // CSV: `header` names the cells of each line; neither has quoted commas.
  Records(const std::string& header, const Words& lines) : names_(split(header)) {
    for (const std::string& line : lines) cells_.push_back(split(line));
  }

  Batch batch(const Shape& shape) const {
    Batch batch;
    batch.memory = std::make_shared<Memory>();
    batch.shape = std::make_shared<const Shape>(shape);
    batch.size = static_cast<Row>(texts_.size() + cells_.size());
    batch.columns.resize(static_cast<std::size_t>(shape.slots().count));
    Position* const positions = batch.memory->allocate<Position>(batch.size);
    for (Row row = 0; row < batch.size; row++) {
      batch.rows.push_back(row);
      positions[row] = {0, 0, row, row + 1};
    }
    batch.origin.positions = positions;
    for (const SourceField& field : shape.slots().source) {
      Value* const values = batch.new_values();
      for (const Row row : batch.rows)
        values[row] = names_.empty() ? member(field.name, row, *batch.memory)
                                     : cell(field.name, row, *batch.memory);
      batch.columns[static_cast<std::size_t>(field.slot)] = {values};
    }
    return batch;
  }

 private:
  static Words split(const std::string& line) {
    Words parts(1);
    for (const char c : line) {
      if (c == ',')
        parts.emplace_back();
      else
        parts.back() += c;
    }
    return parts;
  }

  Value member(const Name& name, Row row, Memory& memory) const {
    const Value record = json_value(memory.copy(texts_[row]));
    Value value = member_of(record, name.literal, memory);
    if (!value.is_missing()) return value;
    value = record;
    for (const std::string& step : name.path) value = member_of(value, step, memory);
    return value;
  }

  Value cell(const Name& name, Row row, Memory& memory) const {
    for (std::size_t i = 0; i < names_.size(); i++) {
      if (names_[i] != name.literal) continue;
      Value value = text_value(memory.copy(cells_[row][i]));
      value.kind = Kind::cell;
      value.delimiter = ',';
      if (value.view().starts_with('"')) value.flags |= Value::quoted;
      if (value.view().find("\"\"", 1) != std::string_view::npos && value.size > 2)
        value.flags |= Value::escaped;
      return value;
    }
    return {};
  }

  Words texts_, names_;
  std::vector<Words> cells_;
};

struct Answers {
  Words values;
  Words kept;  // the rows that a filter keeps, as 1-based lines
  std::size_t errors = 0;
  std::size_t filter_errors = 0;

  std::string only() const { return values.at(0); }
};

Settings& settings() {
  static Settings s;
  return s;
}

std::shared_ptr<const Text> text_of(const std::string& expression) {
  return std::make_shared<const Text>(Text{"filter", expression});
}

ExpressionPtr bound(const std::string& expression, Shape& shape) {
  const auto text = text_of(expression);
  BindContext binding{shape, settings()};
  return riffle::bind(*parse_expression(text), text, binding);
}

Answers evaluate(const std::string& expression, const Records& records) {
  Shape shape = Shape::of_source();
  const ExpressionPtr e = bound(expression, shape);
  Answers answers;
  {
    Batch batch = records.batch(shape);
    Effects effects;
    Evaluation evaluation{batch, effects};
    const Column column = e->evaluate(evaluation, batch.rows);
    for (const Row row : batch.rows) {
      std::string json;
      if (column[row].is_missing())
        json = "missing";
      else if (column[row].kind == Kind::cell)
        json = "cell " + std::string(column[row].view());
      else
        json = json_text(column[row]);
      answers.values.push_back(std::move(json));
    }
    answers.errors = effects.errors.size();
  }
  Batch batch = records.batch(shape);
  Effects effects;
  Evaluation evaluation{batch, effects};
  e->keep_true(evaluation, batch.rows);
  for (const Row row : batch.rows) answers.kept.push_back(std::to_string(row + 1));
  answers.filter_errors = effects.errors.size();
  return answers;
}

// The value of an expression over one record; "error" when it failed.
std::string value_of(const std::string& expression, const std::string& record = "{}") {
  const Answers answers = evaluate(expression, Records(Words{record}));
  CHECK(answers.errors <= 1);
  if (answers.errors > 0) CHECK(answers.only() == "null");
  return answers.errors > 0 ? "error" : answers.only();
}

// The same over one line of CSV.
std::string cell_value_of(const std::string& expression, const std::string& header,
                          const std::string& line) {
  const Answers answers = evaluate(expression, Records(header, {line}));
  return answers.errors > 0 ? "error" : answers.only();
}

std::string mistake(const std::string& expression) {
  try {
    Shape shape = Shape::of_source();
    bound(expression, shape);
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "no mistake";
}

}  // namespace

TEST_CASE("integers are exact in 64 bits, or an error") {
  CHECK(value_of("18446744073709551615") == "18446744073709551615");
  CHECK(value_of("9223372036854775807 + 1") == "9223372036854775808");
  CHECK(value_of("18446744073709551615 + 1") == "error");
  CHECK(value_of("-9223372036854775808") == "-9223372036854775808");
  CHECK(value_of("-9223372036854775808 - 1") == "error");
  CHECK(value_of("-a", R"({"a":9223372036854775809})") == "error");
  CHECK(value_of("4294967296 * 4294967295") == "18446744069414584320");
  CHECK(value_of("4294967296 * 4294967296") == "error");
  CHECK(value_of("18446744073709551615 * 18446744073709551615") == "error");
  CHECK(value_of("a - b", R"({"a":18446744073709551615,"b":18446744073709551614})") == "1");
  CHECK(value_of("2 ** 63") == "9223372036854775808");
  CHECK(value_of("2 ** 64") == "error");
  CHECK(value_of("(-2) ** 63") == "-9223372036854775808");
  CHECK(value_of("-2 ** 2") == "-4");
  CHECK(value_of("2 ** -1") == "0.5");
  CHECK(value_of("1 ** 9223372036854775807") == "1");
}

TEST_CASE("division: real, floor and its remainder") {
  CHECK(value_of("7 / 2") == "3.5");
  CHECK(value_of("6 / 2") == "3");
  CHECK(value_of("7 // 2") == "3");
  CHECK(value_of("-7 // 2") == "-4");
  CHECK(value_of("-7 % 3") == "2");
  CHECK(value_of("7 % -3") == "-2");
  CHECK(value_of("-7.5 // 2") == "-4");
  CHECK(value_of("-7.5 % 2") == "0.5");
  CHECK(value_of("-9223372036854775808 // -1") == "9223372036854775808");
  CHECK(value_of("-9223372036854775808 % -1") == "0");
  for (const char* by_zero :
       {"1 / 0", "1 // 0", "1 % 0", "1.5 / 0", "1 / 0.0", "1h / 0", "1h // 0s", "0 ** -1"})
    CHECK(value_of(by_zero) == "error");
  CHECK(value_of("(-8) ** 0.5") == "error");
}

TEST_CASE("+ joins texts, and texts alone") {
  CHECK(value_of("'a' + 'b'") == R"("ab")");
  CHECK(value_of("a + '!'", R"({"a":"caf\u00e9"})") == R"("café!")");
  CHECK(value_of("'a' + 1") == "error");
  CHECK(value_of("a + b", R"({"a":"1","b":2})") == "error");
  CHECK(value_of("'a' - 'b'") == "error");
  CHECK(value_of("true + 1") == "error");
  CHECK(value_of("[1] + [2]") == "error");
}

TEST_CASE("times and durations") {
  CHECK(value_of("@2026-01-31T10:00:00Z + 1h30m") == R"("2026-01-31T11:30:00Z")");
  CHECK(value_of("1d + @2026-01-31") == R"("2026-02-01T00:00:00Z")");
  CHECK(value_of("@2026-01-31 - @2026-01-30") == "86400");
  CHECK(value_of("@2026-01-31 - 1s") == R"("2026-01-30T23:59:59Z")");
  CHECK(value_of("1h - @2026-01-31") == "error");
  CHECK(value_of("@2026-01-31 + @2026-01-31") == "error");
  CHECK(value_of("'2026-01-31' + 1h") == "error");
  CHECK(value_of("1h * 2") == "7200");
  CHECK(value_of("0.5 * 1h") == "1800");
  CHECK(value_of("a * 1s", R"({"a":3})") == "3");
  CHECK(value_of("1h / 4") == "900");
  CHECK(value_of("1h / 30m") == "2");
  CHECK(value_of("1h // 7m") == "8");
  CHECK(value_of("1h % 7m") == "240");
  CHECK(value_of("-90s") == "-90");
  CHECK(value_of("2 / 1h") == "error");
  CHECK(value_of("100000d * 100000") == "error");
}

TEST_CASE("null and missing pass through operations without an error") {
  for (const char* e :
       {"a + 1", "1 - a", "a * b", "-a", "a < 1", "1 >= a", "a =~ 'x'", "'x' in a",
        "a contains 'x'", "not a", "a ? 1 : 2", "a[0]", "a[1:]", "[1][a]", "a ** 2", "a < b"}) {
    INFO(e);
    CHECK(value_of(e, R"({"a":null})") == "null");
    CHECK(value_of(e) == "null");
  }
  CHECK(cell_value_of("a + 1", "a", "") == "null");
}

TEST_CASE("equality with null is never null") {
  CHECK(value_of("a == null", R"({"a":null})") == "true");
  CHECK(value_of("a == null") == "true");
  CHECK(value_of("null == null") == "true");
  CHECK(value_of("a == b", R"({"a":null})") == "true");
  CHECK(value_of("a == 5") == "false");
  CHECK(value_of("a != 5") == "true");
  CHECK(value_of("a != 'x'", R"({"a":null})") == "true");
  CHECK(value_of("a == 'x'", R"({"a":null})") == "false");
  CHECK(value_of("a != null", R"({"a":1})") == "true");
}

TEST_CASE("== compares values") {
  CHECK(value_of("1.0 == 1") == "true");
  CHECK(value_of("a == 1", R"({"a":"1"})") == "false");
  CHECK(value_of("a != 1", R"({"a":"1"})") == "true");
  CHECK(value_of("a == '1'", R"({"a":1})") == "false");
  CHECK(value_of("a == 9007199254740993", R"({"a":9007199254740992.0})") == "false");
  CHECK(value_of("a == b", R"({"a":18446744073709551615,"b":18446744073709551615})") == "true");
  CHECK(value_of("a == -1", R"({"a":18446744073709551615})") == "false");
  CHECK(value_of("a == [1, 'x']", R"({"a":[1.0,"x"]})") == "true");
  CHECK(value_of("a == {x: 1}", R"({"a":{"x":1}})") == "true");
  CHECK(value_of("a == true", R"({"a":true})") == "true");
}

TEST_CASE("a text constant is compared with a record's bytes, escapes or not") {
  const Records records({R"({"a":"error"})", R"({"a":"err\u006fr"})", R"({"a":"errors"})",
                         R"({"a":"erro\n"})", R"({"a":5})", R"({"a":null})", R"({})",
                         R"({"a":["error"]})", R"({"a":"errox"})"});
  const Answers equal = evaluate("a == 'error'", records);
  CHECK(equal.kept == Words{"1", "2"});
  CHECK(equal.values ==
        Words{"true", "true", "false", "false", "false", "false", "false", "false", "false"});
  CHECK(evaluate("a != 'error'", records).kept == Words{"3", "4", "5", "6", "7", "8", "9"});
  CHECK(evaluate("'error' == a", records).kept == Words{"1", "2"});
  CHECK(equal.errors + equal.filter_errors == 0);
}

TEST_CASE("a text constant that JSON must escape is not mistaken for an escape") {
  const Records records(
      {R"({"a":"a\\b"})", R"({"a":"a\b"})", R"({"a":"a\u005cb"})", R"({"a":"a\"b"})"});
  CHECK(evaluate(R"(a == "a\\b")", records).kept == Words{"1", "3"});
  CHECK(evaluate(R"(a == 'a"b')", records).kept == Words{"4"});
  CHECK(evaluate(R"(a == "a\bb")", Records({R"({"a":"a\bb"})"})).kept == Words{"1"});
}

TEST_CASE("texts of every length are compared whole") {
  std::string text;
  for (int length = 0; length < 40; length++) {
    for (int wrong = 0; wrong < length; wrong++) {
      std::string other = text;
      other[static_cast<std::size_t>(wrong)] = 'Z';
      INFO(text << " " << other);
      CHECK(evaluate("a == '" + text + "'",
                     Records({"{\"a\":\"" + text + "\"}", "{\"a\":\"" + other + "\"}"}))
                .kept == Words{"1"});
    }
    text += static_cast<char>('a' + length % 26);
  }
}

TEST_CASE("a number constant is compared with a record's digits") {
  const Records records({R"({"a":499})", R"({"a":500})", R"({"a":500.0})", R"({"a":5e2})",
                         R"({"a":"500"})", R"({"a":-500})", R"({"a":18446744073709551615})",
                         R"({"a":null})", R"({})", R"({"a":1e400})"});
  CHECK(evaluate("a == 500", records).kept == Words{"2", "3", "4"});
  CHECK(evaluate("a != 500", records).kept == Words{"1", "5", "6", "7", "8", "9", "10"});
  const Answers least = evaluate("a >= 500", records);
  CHECK(least.kept == Words{"2", "3", "4", "7", "10"});
  CHECK(least.values ==
        Words{"false", "true", "true", "true", "null", "false", "true", "null", "null", "true"});
  CHECK(least.errors == 1);
  CHECK(least.filter_errors == 1);
  CHECK(evaluate("500 > a", records).kept == Words{"1", "6"});
  CHECK(evaluate("a < 500.5", records).kept == Words{"1", "2", "3", "4", "6"});
  CHECK(evaluate("a <= -500", records).kept == Words{"6"});
  CHECK(evaluate("a > 18446744073709551614", records).kept == Words{"7", "10"});
}

TEST_CASE("law: what is known before the first record changes no answer") {
  Words jsons, cells = {"",    "x",    "\"x\"", "5",          "\"5\"", "5.0",        "-3",
                        "007", "true", "\"\"",  "\"a\"\"b\"", "1e2",   "2026-01-31", "-"};
  for (const char* value : {"null",
                            "true",
                            "false",
                            "0",
                            "5",
                            "-3",
                            "5.0",
                            "0.5",
                            "1e2",
                            "-0",
                            "99999999999999999999",
                            "18446744073709551615",
                            "\"x\"",
                            "\"\\u0078\"",
                            "\"5\"",
                            "\"\"",
                            "\"a\\\"b\"",
                            "\"2026-01-31\"",
                            "[5]",
                            "[\"x\"]",
                            "{\"x\":1}",
                            "[]",
                            "\"a much longer text than the others\""})
    jsons.push_back(std::string("{\"a\":") + value + "}");
  jsons.push_back("{}");
  const auto check = [&](const std::string& early, const std::string& late) {
    for (const Records& records : {Records(jsons), Records("a,b", [&] {
                                     Words lines;
                                     for (const std::string& cell : cells)
                                       lines.push_back(cell + ",");
                                     return lines;
                                   }())}) {
      INFO(early << " and " << late);
      const Answers x = evaluate(early, records), y = evaluate(late, records);
      CHECK(x.values == y.values);
      CHECK(x.kept == y.kept);
      CHECK(x.errors == y.errors);
      CHECK(x.filter_errors == y.filter_errors);
    }
  };
  for (const std::string constant :
       {"5", "-3", "0.5", "100", "18446744073709551615", "'x'", "''", "'5'", "'a\"b'", "true",
        "null", "@2026-01-31", "1h", "[5]", "'a much longer text than the others'"}) {
    for (const std::string op : {"==", "!=", "<", "<=", ">", ">="}) {
      check("a " + op + " " + constant, "a " + op + " coalesce(none, " + constant + ")");
      check(constant + " " + op + " a", "coalesce(none, " + constant + ") " + op + " a");
    }
    check("a contains " + constant, "a contains coalesce(none, " + constant + ")");
    check("a =~ " + constant, "a =~ coalesce(none, " + constant + ")");
  }
  for (const std::string list : {"['x', '5']", "[5, 'x']", "['x', null]", "[]"})
    check("a not in " + list, "a not in coalesce(none, " + list + ")");
}

TEST_CASE("kinds without an order are an error, counted once") {
  for (const char* e : {"'a' < 5", "a < 'x'", "true > 1", "1h < 5", "@2026-01-31 > 5", "[1] < 5",
                        "{a: 1} <= 'x'"}) {
    INFO(e);
    CHECK(value_of(e, R"({"a":5})") == "error");
  }
  CHECK(value_of("'a' < 'b'") == "true");
  CHECK(value_of("false < true") == "true");
  CHECK(value_of("1h > 59m") == "true");
  CHECK(value_of("'1h' == 1h") == "false");
}

TEST_CASE("a text is compared with a time by reading it as one") {
  CHECK(value_of("ts >= @2026-01-31T10:00:00Z", R"({"ts":"2026-01-31T11:00:00+01:00"})") == "true");
  CHECK(value_of("ts == @2026-01-31T10:00:00Z", R"({"ts":"2026-01-31 10:00:00.000Z"})") == "true");
  CHECK(value_of("@2026-01-31 != ts", R"({"ts":"2026-01-31"})") == "false");
  CHECK(value_of("ts == @2026-01-31", R"({"ts":"soon"})") == "error");
  CHECK(value_of("ts == @2026-01-31", R"({"ts":null})") == "false");
  CHECK(value_of("ts < @2026-01-31", R"({"ts":1700000000})") == "error");
  CHECK(cell_value_of("ts < @2026-01-31", "ts", "2025-12-31") == "true");
}

TEST_CASE("an untouched cell takes the kind of the other side") {
  const auto of = [](const std::string& e, const std::string& line) {
    return cell_value_of(e, "a,b", line);
  };
  CHECK(of("a == '123'", "123,") == "true");
  CHECK(of("a == 123", "123,") == "true");
  CHECK(of("a == 123", "\"123\",") == "true");
  CHECK(of("a == '123'", "\"123\",") == "true");
  CHECK(of("'P' + a", "007,") == R"("P007")");
  CHECK(of("a + 'x'", "true,") == R"("truex")");
  CHECK(of("a + 1", "\"41\",") == "42");
  CHECK(of("a + 1", "007,") == "error");
  CHECK(of("a < 5", "n/a,") == "error");
  CHECK(of("a == 5", "n/a,") == "false");
  CHECK(of("a < 'b'", "12,") == "true");
  CHECK(of("a == true", "true,") == "true");
  CHECK(of("a == true", "\"true\",") == "false");
  CHECK(of("a == b", "1.0,\"1\"") == "true");
  CHECK(of("a == b", "01,1") == "false");
  CHECK(of("a < b", "9,10") == "true");
  CHECK(of("a < b", "9x,10") == "false");
  CHECK(of("a + b", "1,2") == "3");
  CHECK(of("a + b", "1,x") == R"("1x")");
  CHECK(of("a - b", "1,x") == "error");
  CHECK(of("a == null", ",x") == "true");
  CHECK(of("a == ''", ",x") == "false");
  CHECK(of("a == ''", "\"\",x") == "true");
  CHECK(of("a == 'x\"y'", "\"x\"\"y\",") == "true");
  CHECK(of("-a", "5,") == "-5");
}

TEST_CASE("$name is typed as an unquoted cell") {
  settings().arguments = {{"limit", "500"}, {"code", "007"}, {"none", ""}};
  CHECK(value_of("a >= $limit", R"({"a":500})") == "true");
  CHECK(value_of("$limit + 1") == "501");
  CHECK(value_of("a == $limit", R"({"a":"500"})") == "true");
  CHECK(value_of("'x' + $code") == R"("x007")");
  CHECK(value_of("$none == null") == "true");
  CHECK_THAT(mistake("a > $limt"),
             Catch::Contains("unknown argument '$limt'; did you mean '$limit'?"));
  settings().arguments.clear();
  CHECK_THAT(mistake("a > $x"), Catch::Contains("unknown argument '$x'; --arg x=VALUE gives it"));
}

TEST_CASE("and, or and not are Kleene's") {
  const char* const t[] = {"false", "true", "null"};
  const int kleene_and[3][3] = {{0, 0, 0}, {0, 1, 2}, {0, 2, 2}},
            kleene_or[3][3] = {{0, 1, 2}, {1, 1, 1}, {2, 1, 2}};
  for (int a = 0; a < 3; a++) {
    for (int b = 0; b < 3; b++) {
      const std::string record = std::string("{\"a\":") + t[a] + ",\"b\":" + t[b] + "}";
      INFO(record);
      CHECK(value_of("a and b", record) == t[kleene_and[a][b]]);
      CHECK(value_of("a or b", record) == t[kleene_or[a][b]]);
    }
  }
  CHECK(value_of("not a", R"({"a":false})") == "true");
  CHECK(value_of("not a", R"({"a":"x"})") == "error");
  CHECK(value_of("a and true", R"({"a":"x"})") == "error");
  CHECK(value_of("a and false", R"({"a":null})") == "false");
}

TEST_CASE("the right side of and, or is evaluated where it is needed") {
  const Records records({R"({"a":true,"b":"x"})", R"({"a":false,"b":"x"})", R"({"a":true,"b":1})",
                         R"({"a":null,"b":7})"});
  const Answers both = evaluate("a and b > 0", records);
  CHECK(both.values == Words{"null", "false", "true", "null"});
  CHECK(both.errors == 1);
  CHECK(both.kept == Words{"3"});
  CHECK(both.filter_errors == 1);
  const Answers either = evaluate("a or b > 0", records);
  CHECK(either.values == Words{"true", "null", "true", "true"});
  CHECK(either.errors == 1);
  CHECK(either.kept == Words{"1", "3", "4"});
  CHECK(either.filter_errors == 1);
}

TEST_CASE("the order in which a filter looks at its conditions changes neither rows nor errors") {
  const Records records({R"({"a":"x","b":1,"c":["k"]})", R"({"a":"x","b":"1","c":"k"})",
                         R"({"a":"y","b":"1","c":"k"})", R"({"a":"x","b":1,"c":"j"})"});
  const Answers safe = evaluate("c contains 'k' and b == 1 and a == 'x'", records);
  CHECK(safe.kept == Words{"1"});
  const Answers failing = evaluate("c contains 'k' and b < 5 and a == 'x'", records);
  CHECK(failing.kept == Words{"1"});
  CHECK(failing.filter_errors == 2);
}

TEST_CASE("a filter keeps the order of its rows, whichever operand kept them") {
  const Records records({R"({"a":3})", R"({"a":1})", R"({"a":2})", R"({"a":5})", R"({"a":4})"});
  CHECK(evaluate("a == 2 or a == 3 or a >= 4", records).kept == Words{"1", "3", "4", "5"});
  CHECK(evaluate("(a == 2 or a == 3) and a != 3 or a == 5", records).kept == Words{"3", "4"});
}

TEST_CASE("a filter's value that is neither boolean nor null is an error") {
  const Records records({R"({"a":true})", R"({"a":false})", R"({"a":null})", R"({})", R"({"a":1})",
                         R"({"a":"true"})"});
  const Answers answers = evaluate("a", records);
  CHECK(answers.kept == Words{"1"});
  CHECK(answers.filter_errors == 2);
  const Answers cells = evaluate("a", Records("a", {"true", "false", "", "1", "\"true\""}));
  CHECK(cells.kept == Words{"1"});
  CHECK(cells.filter_errors == 2);
}

TEST_CASE("a choice evaluates each branch on its own rows") {
  const Records records({R"({"a":0})", R"({"a":2})", R"({"a":null})", R"({"a":"x"})"});
  const Answers answers = evaluate("a == 0 ? 'none' : 10 / a", records);
  CHECK(answers.values == Words{"\"none\"", "5", "null", "null"});
  CHECK(answers.errors == 1);
  CHECK(evaluate("a > 1 ? 'big' : 'small'", records).values ==
        Words{"\"small\"", "\"big\"", "null", "null"});
}

TEST_CASE("?? and coalesce handle failures in all but the last operand") {
  CHECK(value_of("a ?? 'none'") == "\"none\"");
  CHECK(value_of("a ?? 'none'", R"({"a":false})") == "false");
  CHECK(value_of("(1 / a) ?? -1", R"({"a":0})") == "-1");
  CHECK(value_of("a ?? b ?? 3", R"({"b":2})") == "2");
  CHECK(value_of("a ?? (1 / 0)") == "error");
  CHECK(value_of("a ?? (1 / 0)", R"({"a":1})") == "1");
  CHECK(value_of("(a < 5) ?? false", R"({"a":"x"})") == "false");
  CHECK(value_of("coalesce(1 / 0, a, 'x')") == "\"x\"");
  CHECK(value_of("coalesce(a, 1 / 0)") == "error");
  CHECK(value_of("ua ?? '' contains 'bot'") == "false");
  CHECK(cell_value_of("a ?? 'x'", "a", "") == "\"x\"");
}

TEST_CASE("contains and in: text in text, element in list, key in map") {
  CHECK(value_of("a contains 'b\u00e9'", R"({"a":"ab\u00e9"})") == "true");
  CHECK(value_of("'z' in 'abc'") == "false");
  CHECK(value_of("2 in a", R"({"a":[1,2.0]})") == "true");
  CHECK(value_of("'2' in a", R"({"a":[1,2]})") == "false");
  CHECK(value_of("a not in ['x', 'y']", R"({"a":"z"})") == "true");
  CHECK(value_of("a in ['x', 'y']", R"({"a":"\u0079"})") == "true");
  CHECK(value_of("a in [200, 201]", R"({"a":201.0})") == "true");
  CHECK(value_of("a in [200, 'x']", R"({"a":"x"})") == "true");
  CHECK(value_of("a in ['x']", R"({"a":null})") == "null");
  CHECK(value_of("'k' in a", R"({"a":{"\u006b":1}})") == "true");
  CHECK(value_of("a not contains 'k'", R"({"a":{"j":1}})") == "true");
  CHECK(value_of("[1] in 'x'") == "error");
  CHECK(cell_value_of("a in ['1', '2']", "a", "2") == "true");
  CHECK(cell_value_of("a in [1, 2]", "a", "2") == "true");
  CHECK(cell_value_of("a contains '2'", "a", "123") == "true");
}

TEST_CASE("=~ is a regex over any scalar, its literal raw") {
  CHECK(value_of(R"(a =~ "^\d+$")", R"({"a":"123"})") == "true");
  CHECK(value_of(R"(a =~ "\bfoo\b")", R"({"a":"a foo b"})") == "true");
  CHECK(value_of(R"(a !~ "^/api/")", R"({"a":"/web"})") == "true");
  CHECK(value_of("a =~ '^5'", R"({"a":503})") == "true");
  CHECK(value_of("a =~ '^5.0$'", R"({"a":5.0})") == "true");
  CHECK(value_of("a =~ 'x'", R"({"a":["x"]})") == "error");
  CHECK(value_of("a =~ b", R"({"a":"xyz","b":"y."})") == "true");
  CHECK(value_of("a =~ b", R"({"a":"xyz","b":"("})") == "error");
  CHECK(value_of(R"(a =~ ('\\d' + '+'))", R"({"a":"42"})") == "true");
  CHECK_THAT(mistake("a =~ '('"),
             Catch::Contains("filter: bad regex: missing )") && Catch::Contains("\n"
                                                                                "       ^^^"));
  CHECK_THAT(mistake(R"(a == "\d")"),
             Catch::Contains(R"(unknown escape '\d')") && Catch::Contains("\n"
                                                                          "        ^^"));
}

TEST_CASE("positions are 0-based, in code points, negative from the end") {
  const std::string record = R"({"t":"caf\u00e9!","l":[1,"x",{"k":2}],"m":{"a b":3}})";
  CHECK(value_of("t[3]", record) == "\"é\"");
  CHECK(value_of("t[-1]", record) == "\"!\"");
  CHECK(value_of("t[5]", record) == "null");
  CHECK(value_of("t[-6]", record) == "null");
  CHECK(value_of("t[1:4]", record) == "\"afé\"");
  CHECK(value_of("t[-2:]", record) == "\"é!\"");
  CHECK(value_of("t[:2]", record) == "\"ca\"");
  CHECK(value_of("t[3:1]", record) == "\"\"");
  CHECK(value_of("t[-99:99]", record) == "\"café!\"");
  CHECK(value_of("l[0]", record) == "1");
  CHECK(value_of("l[-1].k", record) == "2");
  CHECK(value_of("l[1.0]", record) == "\"x\"");
  CHECK(value_of("l[3]", record) == "null");
  CHECK(value_of("l[1:]", record) == R"(["x",{"k":2}])");
  CHECK(value_of("m['a b']", record) == "3");
  CHECK(value_of("m.`a b`", record) == "3");
  CHECK(value_of("m['none']", record) == "missing");
  CHECK(value_of("l[0.5]", record) == "error");
  CHECK(value_of("l['x']", record) == "error");
  CHECK(value_of("(l[0])[0]", record) == "error");
}

TEST_CASE("a list holds null for what is missing, a map leaves it out") {
  CHECK(value_of("[a, b, 'x']", R"({"a":1.50})") == R"([1.50,null,"x"])");
  CHECK(value_of("{k: a, l: b, m: null}", R"({"a":1})") == R"({"k":1,"m":null})");
  CHECK(value_of("[]") == "[]");
}

TEST_CASE("a field that is only moved stays as it came") {
  CHECK(value_of("a", R"({"a":1e400})") == "1e400");
  CHECK(value_of("a ?? 0", R"({"a":"\u00e9"})") == R"("\u00e9")");
  CHECK(value_of("true ? a : 0", R"({"a":1.50})") == "1.50");
  CHECK(value_of("a.b", R"({"a":{"b":3.140}})") == "3.140");
  CHECK(value_of("a.b", R"({"a":{"b":1},"a.b":2})") == "2");
  CHECK(value_of("a", "{}") == "missing");
}

TEST_CASE("functions: null arguments, failures, and arity") {
  CHECK(value_of("length(a)", R"({"a":"caf\u00e9"})") == "4");
  CHECK(value_of("length(a)") == "null");
  CHECK(value_of("exists(a)") == "false");
  CHECK(value_of("exists(a)", R"({"a":null})") == "true");
  CHECK(value_of("int(a)", R"({"a":"n/a"})") == "error");
  CHECK(value_of("int(a) ?? 0", R"({"a":"n/a"})") == "0");
  CHECK(mistake("lenght(path) > 10") ==
        "filter: unknown function 'lenght'; did you mean 'length'?\n"
        "  lenght(path) > 10\n"
        "  ^^^^^^");
  CHECK_THAT(mistake("1 + length()"),
             Catch::Contains("length() takes 1 argument: ") && Catch::Contains("\n      ^^^^^^"));
  CHECK_THAT(mistake("length(a, b)"), Catch::Contains("length() takes 1 argument: "));
  CHECK_THAT(mistake("length(x -> x)"), Catch::Contains("takes no lambda here"));
  CHECK_THAT(mistake("length(a) where b"), Catch::Contains("'where' belongs to an aggregate"));
  CHECK_THAT(mistake("extract(a, '(')"),
             Catch::Contains("extract(): ") && Catch::Contains("\n"
                                                               "             ^^^"));
  CHECK(value_of(R"(extract(a, "\d+"))", R"({"a":"ab12"})") == R"("12")");
}

TEST_CASE("lambdas: parameters hide fields, nest, and count their failures") {
  const std::string record = R"({"l":[1,2,3],"x":10,"n":[[1],[2,3]]})";
  CHECK(value_of("map(l, x -> x * 2)", record) == "[2,4,6]");
  CHECK(value_of("map(l, y -> y + x)", record) == "[11,12,13]");
  CHECK(value_of("filter(l, y -> y != 2)", record) == "[1,3]");
  CHECK(value_of("map(n, y -> map(y, z -> z + length(y) + x))", record) == "[[12],[14,15]]");
  CHECK(value_of("map(l, x -> x)", record) == "[1,2,3]");
  CHECK(value_of("any(l, y -> y > 2)", record) == "true");
  CHECK(value_of("map(l, y -> 6 / (y - 1))", R"({"l":[2]})") == "[6]");
  const Answers failing = evaluate("map(l, y -> 6 / (y - 1))", Records({R"({"l":[1,1,3]})"}));
  CHECK(failing.values == Words{"[null,null,3]"});
  CHECK(failing.errors == 2);
  CHECK(evaluate("map(l, y -> 1 / 0) ?? 1", Records({R"({"l":[1]})"})).errors == 0);
  CHECK_THAT(mistake("map(l, 5)"), Catch::Contains("map() needs a lambda of 1 parameter here"));
  CHECK_THAT(mistake("map(l, (a, b) -> a)"),
             Catch::Contains("map() needs a lambda of 1 parameter here"));
  CHECK_THAT(mistake("1 + (x -> x)"),
             Catch::Contains("a lambda can only be a function's argument"));
}

TEST_CASE("constants fold, failures among them are counted for each record") {
  Shape shape = Shape::of_source();
  const ExpressionPtr folded = bound("2 * 3 + length('abc')", shape);
  Batch batch = Records({"{}", "{}"}).batch(Shape::of_source());
  Effects effects;
  Evaluation evaluation{batch, effects};
  CHECK(folded->evaluate(evaluation, batch.rows).is_constant());
  CHECK(evaluate("1 / 0", Records({"{}", "{}"})).errors == 2);
}

TEST_CASE("the deepest expressions are evaluated") {
  std::string sum = "a", either = "a == 0";
  for (int i = 1; i < 990; i++) {
    sum += " + a";
    either += " or a == " + std::to_string(i);
  }
  CHECK(value_of(sum, R"({"a":1})") == "990");
  CHECK(value_of(either, R"({"a":989})") == "true");
}

TEST_CASE("an error knows its place and its record") {
  Shape shape = Shape::of_source();
  const ExpressionPtr e = bound("a + int(b)", shape);
  Batch batch = Records({R"({"a":1,"b":1})", R"({"a":1,"b":"x"})"}).batch(shape);
  Effects effects;
  Evaluation evaluation{batch, effects};
  e->evaluate(evaluation, batch.rows);
  REQUIRE(effects.errors.size() == 1);
  const Site& site = *static_cast<const Site*>(effects.errors[0].site);
  CHECK(site.expression() == "int(b)");
  CHECK(site.operand(0) == "b");
  CHECK(effects.errors[0].position.line == 2);
  REQUIRE(effects.errors[0].reason);
  CHECK(*effects.errors[0].reason == "b is \"x\"");
}

TEST_CASE("of a site's failures only those that may be its first have a reason") {
  const int site = 0, other = 0;
  const auto position = [](std::uint64_t line) { return Position{0, 0, line, line}; };
  const auto reason = [] { return std::string("why"); };
  Effects effects;
  for (const std::uint64_t line : {3, 4, 2, 5}) effects.fail(position(line), &site, reason);
  effects.fail(position(5), &other, reason);
  effects.fail(position(2), &site, reason);
  std::string reasons;
  for (const EvaluationError& error : effects.errors) reasons += error.reason ? '+' : '-';
  CHECK(reasons == "+-+-+-");
  // What is counted elsewhere from now on has no say in what is first here.
  Effects all;
  all.take(effects);
  effects.fail(position(9), &site, reason);
  CHECK(effects.errors.back().reason);
}

TEST_CASE("a closed shape knows its fields, and a name that none can have is refused") {
  Shape shape = Shape::of_fields({literal_name("a")});
  CHECK_NOTHROW(bound("a + 1", shape));
  CHECK_THROWS_AS(bound("b", shape), Error);
}

TEST_CASE("a time without an offset is of the run's zone") {
  settings().zone = *Zone::named("Europe/Paris");
  CHECK(value_of("@2026-01-31T10:00 == @2026-01-31T09:00Z") == "true");
  CHECK(value_of("a == @2026-01-31T09:00Z", R"({"a":"2026-01-31 10:00"})") == "true");
  settings().zone = Zone();
}

TEST_CASE("a calendar span stands in a bucket only") {
  CHECK_THAT(mistake("ts + 1mo"), Catch::Contains("'1mo' has no fixed length"));
  CHECK(value_of("bucket(@2026-01-31T10:00:00Z, 1mo)") == R"("2026-01-01T00:00:00Z")");
}
