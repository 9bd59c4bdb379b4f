#include "formats/ndjson/ndjson.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "formats/lines/line_cutter.h"
#include "formats/lines/lines.h"
#include "formats/ndjson/index.h"
#include "formats/ndjson/reader.h"
#include "json_reading.h"
#include "json_test_suite.h"
#include "values/json.h"

using namespace riffle;
using namespace std::string_view_literals;

namespace {

Name name_of(const std::string& text) {
  Name name = literal_name(text);
  if (const std::size_t dot = text.find('.'); dot != text.npos)
    name.path = {text.substr(0, dot), text.substr(dot + 1)};
  return name;
}

std::shared_ptr<Shape> shape_with(const std::vector<std::string>& names) {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  for (const std::string& name : names) shape->find(name_of(name));
  return shape;
}

Reading read(std::string_view bytes, const std::vector<std::string>& names = {},
             std::size_t piece = 1 << 20, const InputOptions& options = {}) {
  const auto cutter = make_line_cutter(options);
  const auto reader = make_ndjson_reader(options, shape_with(names));
  return read_through(*cutter, *reader, bytes, piece);
}

std::string sources(const Reading& reading) {
  std::string text;
  for (const ReadRow& row : reading.rows) text += row.source;
  return text;
}

std::vector<std::uint64_t> lines(const Reading& reading) {
  std::vector<std::uint64_t> numbers;
  for (const ReadRow& row : reading.rows) numbers.push_back(row.line);
  return numbers;
}

// The only field of the only record, as text; "missing".
std::string only_value(std::string_view record, const std::string& name) {
  const Reading reading = read(record, {name});
  REQUIRE(reading.rows.size() == 1);
  const Value& value = reading.rows[0].values[0];
  return value.is_missing() ? "missing" : std::string(value.view());
}

unsigned only_flags(std::string_view record, const std::string& name) {
  const Reading reading = read(record, {name});
  REQUIRE(reading.rows.size() == 1);
  return reading.rows[0].values[0].flags;
}

// A line that is rejected leaves those before and behind it alone.
void check_rejected(std::string_view line, const std::string& reason) {
  CAPTURE(line);
  const std::string bytes = "{\"n\":1}\n" + std::string(line) + "\n{\"n\":2}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    const Reading reading = read(bytes, {"n"}, piece);
    CHECK(sources(reading) == "{\"n\":1}\n{\"n\":2}\n");
    CHECK(lines(reading) == std::vector<std::uint64_t>{1, 3});
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0] == ReadReject{2, 8, reason, std::string(line)});
  }
}

}  // namespace

TEST_CASE("lines of NDJSON become rows with their bytes") {
  const std::string bytes = "{\"a\":1}\n\n  \t\r\n {\"a\" : 2} \r\n{}\r\n{\"a\":3}";
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    const Reading reading = read(bytes, {"a"}, piece);
    CHECK(sources(reading) == "{\"a\":1}\n {\"a\" : 2} \r\n{}\r\n{\"a\":3}");
    CHECK(lines(reading) == std::vector<std::uint64_t>{1, 4, 5, 6});
    REQUIRE(reading.rows.size() == 4);
    CHECK(reading.rows[1].values[0].view() == "2");
    CHECK(reading.rows[2].values[0].is_missing());
    CHECK(reading.rejects.empty());
  }
}

TEST_CASE("an empty input, and one of blanks, has no rows") {
  for (const std::string_view bytes : {"", "\n", "  ",
                                       "\r\n"
                                       "\r\n",
                                       "\xEF\xBB\xBF", "\xEF\xBB\xBF\n",
                                       "\n"
                                       " \n"
                                       "\t"}) {
    for (const std::size_t piece : {1, 2, 100}) {
      const Reading reading = read(bytes, {}, piece);
      CHECK(reading.rows.empty());
      CHECK(reading.rejects.empty());
    }
  }
}

TEST_CASE("a byte order mark is passed over at the start only") {
  const std::string bytes = "\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBF{\"a\":2}\n{\"a\":3}\n";
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    const Reading reading = read(bytes, {}, piece);
    CHECK(sources(reading) == "{\"a\":1}\n{\"a\":3}\n");
    CHECK(lines(reading) == std::vector<std::uint64_t>{1, 3});
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0] == ReadReject{2, 11, "expected a value", "\xEF\xBB\xBF{\"a\":2}"});
  }
}

TEST_CASE("records longer than --max-record are rejected alone") {
  InputOptions options;
  options.max_record = 10;
  const std::string bytes =
      "{\"a\":1234}\n"
      "{\"a\":12345}\r\n"
      "{\"a\":1234}\r\n" +
      std::string(1000, 'x') + "\n{\"a\":1}\n" + std::string(50, 'y');
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    const Reading reading = read(bytes, {}, piece, options);
    CHECK(sources(reading) == "{\"a\":1234}\n{\"a\":1234}\r\n{\"a\":1}\n");
    CHECK(lines(reading) == std::vector<std::uint64_t>{1, 3, 5});
    REQUIRE(reading.rejects.size() == 3);
    CHECK(reading.rejects[0] == ReadReject{2, 11, "longer than --max-record", "{\"a\":12345"});
    CHECK(reading.rejects[1] == ReadReject{4, 36, "longer than --max-record", "xxxxxxxxxx"});
    CHECK(reading.rejects[2] == ReadReject{6, 1045, "longer than --max-record", "yyyyyyyyyy"});
  }
}

TEST_CASE("a record that is too long is not held") {
  InputOptions options;
  options.max_record = 100;
  const auto cutter = make_line_cutter(options);
  Block block;
  block.buffer = Buffer(200);
  std::memset(block.buffer.data(), 'x', 200);
  block.size = 200;
  cutter->cut(block, 0, false);
  CHECK(block.size == 200);
  CHECK(block.bad.size() == 1);
  block.bad.clear();
  block.runs.clear();
  cutter->cut(block, 0, false);
  CHECK(block.size == 200);
  CHECK(block.bad.empty());
}

TEST_CASE("fields are found, with their exact bytes") {
  const std::string_view record =
      R"({"n" : 675127116845989888 ,"x":3.1415926535897932384, "e":1e400,"s":"\u00e9 \" ","o":{"a" : [1,
2]},"l":[ ] ,"t":true,"f":false,"z":null,"":"empty","longer than eight":17})";
  std::string one_line(record);
  one_line.erase(one_line.find('\n'), 1);
  CHECK(only_value(one_line, "n") == "675127116845989888");
  CHECK(only_value(one_line, "x") == "3.1415926535897932384");
  CHECK(only_value(one_line, "e") == "1e400");
  CHECK(only_value(one_line, "s") == R"("\u00e9 \" ")");
  CHECK(only_value(one_line, "o") == R"({"a" : [1,2]})");
  CHECK(only_value(one_line, "o.a") == "[1,2]");
  CHECK(only_value(one_line, "l") == "[ ]");
  CHECK(only_value(R"({"s":"\ud800x"})", "s") == R"("\ud800x")");
  CHECK(only_value(R"({"n":18446744073709551615})", "n") == "18446744073709551615");
  CHECK(only_value(R"({"n":-0.0E+00})", "n") == "-0.0E+00");
  CHECK(only_value(one_line, "t") == "true");
  CHECK(only_value(one_line, "f") == "false");
  CHECK(only_value(one_line, "z") == "null");
  CHECK(only_value(one_line, "") == R"("empty")");
  CHECK(only_value(one_line, "longer than eight") == "17");
  CHECK(only_value(one_line, "longer than nine.") == "missing");
  CHECK(only_value(one_line, "a") == "missing");
  CHECK(only_value(one_line, "o.b") == "missing");
  CHECK(only_value(one_line, "n.a") == "missing");
}

TEST_CASE("a literal key wins over the path") {
  CHECK(only_value(R"({"u":{"i":1},"u.i":2})", "u.i") == "2");
  CHECK(only_value(R"({"u.i":2,"u":{"i":1}})", "u.i") == "2");
  CHECK(only_flags(R"({"u.i":2,"u":{"i":1}})", "u.i") == Value::literal_key);
  CHECK(only_value(R"({"u":{"i":1}})", "u.i") == "1");
  CHECK(only_flags(R"({"u":{"i":1}})", "u.i") == 0);
  CHECK(only_flags(R"({"u":1})", "u") == 0);
  CHECK(only_value(R"({"u":[{"i":1}]})", "u.i") == "missing");

  const auto shape = std::make_shared<Shape>(Shape::of_source());
  shape->slots().source.push_back({name_of("u.i"), true, shape->slots().add()});
  const auto cutter = make_line_cutter({});
  const auto reader = make_ndjson_reader({}, shape);
  const Reading reading = read_through(*cutter, *reader, "{\"u\":{\"i\":1}}\n{\"u.i\":2}\n", 100);
  CHECK(reading.rows[0].values[0].is_missing());
  CHECK(reading.rows[1].values[0].view() == "2");
}

TEST_CASE("of duplicate keys the last one counts, and is flagged") {
  CHECK(only_value(R"({"a":1,"b":2,"a":3})", "a") == "3");
  CHECK(only_flags(R"({"a":1,"b":2,"a":3})", "a") == Value::irregular);
  CHECK(only_flags(R"({"a":1,"b":2,"a":3})", "b") == 0);
  CHECK(only_value(R"({"u":{"i":1},"u":{"j":2}})", "u.i") == "missing");
  CHECK(only_value(R"({"u":{"i":1},"u":5})", "u.i") == "missing");
  CHECK(only_value(R"({"u":5,"u":{"i":1}})", "u.i") == "1");
  CHECK(only_value(R"({"u":{"i":1,"i":2}})", "u.i") == "2");
  CHECK(only_value(R"({"u.i":7,"u":{"i":1},"u":{}})", "u.i") == "7");
}

TEST_CASE("a key written with escapes is that key, and is flagged") {
  CHECK(only_value(R"({"pass\u0077ord":"x"})", "password") == R"("x")");
  CHECK(only_flags(R"({"pass\u0077ord":"x"})", "password") == Value::irregular);
  CHECK(only_value(R"({"password":"y","pass\u0077ord":"x"})", "password") == R"("x")");
  CHECK(only_value(R"({"pass\u0077ord":"x","password":"y"})", "password") == R"("y")");
  CHECK(only_flags(R"({"pass\u0077ord":"x","password":"y"})", "password") == Value::irregular);
  CHECK(only_value(R"({"u":{"\u0069":1}})", "u.i") == "1");
  CHECK(only_value(R"({"\u0075":{"i":1}})", "u.i") == "1");
  CHECK(only_flags(R"({"s":"\\","a":"\"","password":1})", "password") == 0);
}

TEST_CASE("fields are found among hundreds of names") {
  std::vector<std::string> names;
  std::string record = "{";
  for (int i = 0; i < 300; i++) {
    names.push_back("field" + std::to_string(i * 7));
    record += "\"field" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  }
  record += "\"last\":0}\n";
  const Reading reading = read(record, names);
  REQUIRE(reading.rows.size() == 1);
  for (std::size_t i = 0; i < 300; i++) {
    const Value& value = reading.rows[0].values[i];
    CHECK((i * 7 < 300 ? value.view() == std::to_string(i * 7) : value.is_missing()));
  }
}

// The tables T1 and T3 of what simdjson's own readers let through.
TEST_CASE("damage inside a record is found, whatever fields are wanted") {
  check_rejected(R"({"a":1,"b":{"c":2})", "ends too early");
  check_rejected(R"({"a":1,"b":2]})", "expected ',' or '}'");
  check_rejected(R"({"a":1 "b":2})", "expected ',' or '}'");
  check_rejected(R"({"a":1,})", "expected a name in double quotes");
  check_rejected(R"({"a":1,,"b":2})", "expected a name in double quotes");
  check_rejected(R"({"a":1,"b"})", "expected ':'");
  check_rejected(R"({"a":1,"b":tru})", "expected a value");
  check_rejected(R"({"a":1,"b":"\q"})", "unknown escape in a string");
  check_rejected(R"({"a":1}{"a":2})", "more text after the value");
  check_rejected(R"({"a":1} x })", "more text after the value");
}

TEST_CASE("a bad line costs itself alone") {
  check_rejected(R"({"a":"x)", "string without an end");
  check_rejected("{\"a\":\"\xff\"}", "invalid UTF-8 (see --encoding)");
  check_rejected(R"({"a":})", "expected a value");
  check_rejected(R"({"a":2)", "ends too early");
  check_rejected(R"({"a":2}})", "more text after the value");
  check_rejected("hello world", "expected a value");
  check_rejected(R"({"a":2}TRAILER)", "more text after the value");
  check_rejected("{\"a\":\"\x01\"}", "control character in a string");
  check_rejected("[1 2}", "expected ',' or ']'");
  check_rejected(R"({"c"})", "expected ':'");
}

TEST_CASE("bytes that the index does not mark are found") {
  check_rejected("{\"a\":1\x01}", "expected ',' or '}'");
  check_rejected("{\"a\":1\xc2\xa0}", "expected ',' or '}'");
  check_rejected("{\"a\":1\x0c\"b\":2}", "expected ',' or '}'");
  check_rejected(
      "{\"a\"\x1a"
      "1}",
      "expected ':'");
  check_rejected(R"({"a":1"b"})", "expected ',' or '}'");
  check_rejected(R"({"a":tru"e"})", "expected a value");
  check_rejected(R"({"a":"b"x})", "expected ',' or '}'");
  check_rejected(R"({"a":"b""c"})", "expected ',' or '}'");
  check_rejected(R"({"a":01})", "number with a leading zero");
  check_rejected(R"({"a":NaN})", "expected a value");
  check_rejected(R"({"a":"\u12"})", "\\u without four hexadecimal digits");
  check_rejected(R"({"\x":1})", "unknown escape in a string");
  check_rejected(R"({"a":[[["\x"]]]})", "unknown escape in a string");
  check_rejected(std::string(64, '\0'), "expected a value");
  check_rejected("\x7f", "expected a value");
}

TEST_CASE("a valid line that is no object is a bad record") {
  for (const std::string_view line : {"1", "null", "\"{}\"", "[{\"a\":1}]", " [] ", "true"})
    check_rejected(line, "not an object");
}

TEST_CASE("a record begins and ends on its line") {
  const std::string bytes =
      "{\"n\":1}\n"
      "{\"n\":\n"
      "2}\n"
      "{\"n\":3}\n"
      "{\"n\":4,\"m\":[\n"
      "]}\n"
      "\n"
      "{\"n\":5}\n";
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    const Reading reading = read(bytes, {"n"}, piece);
    CHECK(sources(reading) == "{\"n\":1}\n{\"n\":3}\n{\"n\":5}\n");
    CHECK(lines(reading) == std::vector<std::uint64_t>{1, 4, 8});
    REQUIRE(reading.rejects.size() == 4);
    CHECK(reading.rejects[0] == ReadReject{2, 8, "ends too early", "{\"n\":"});
    CHECK(reading.rejects[1] == ReadReject{3, 14, "more text after the value", "2}"});
    CHECK(reading.rejects[3].reason == "expected a value");
  }
}

TEST_CASE("a record inside one that spans lines is read again") {
  const Reading reading = read("{\"user\":\n{\"\\u0069d\":\"\\n\"}\n}\n", {"user.id", "id"});
  CHECK(reading.rejects.size() == 2);
  REQUIRE(reading.rows.size() == 1);
  CHECK(reading.rows[0].values[0].is_missing());
  CHECK(reading.rows[0].values[1].view() == "\"\\n\"");
}

TEST_CASE("nesting is allowed to a depth of 1,024") {
  const auto line = [](int lists, int maps) {
    std::string text = R"({"n":)";
    for (int i = 0; i < maps; i++) text += R"({"n":)";
    text += std::string(lists, '[') + std::string(lists, ']') + std::string(maps, '}') + "}";
    return text;
  };
  for (const char* const name : {"n", "n.n", "x"}) {
    CHECK(read(line(1023, 0) + "\n", {name}).rows.size() == 1);
    CHECK(read(line(1024, 0) + "\n", {name}).rejects.size() == 1);
    CHECK(read(line(23, 1000) + "\n", {name}).rows.size() == 1);
    CHECK(read(line(24, 1000) + "\n", {name}).rejects.size() == 1);
  }
  const Reading deep = read(std::string(1'000'000, '[') + "\n{}\n");
  CHECK(sources(deep) == "{}\n");
  CHECK(deep.rejects.at(0).reason == "nested deeper than 1,024");
}

TEST_CASE("blocks larger than what is indexed at once, and lines larger still") {
  std::string bytes;
  for (int i = 0; i < 3; i++) {
    while (bytes.size() < static_cast<std::size_t>(i + 1) * 1'500'000)
      bytes += "{\"n\":1,\"s\":\"some text\"}\n";
    bytes +=
        "{\"n\":2,\"s\":\"" + std::string(static_cast<std::size_t>(i) * 2'600'000, 's') + "\"}\n";
    bytes += "{\"n\":3,}\n";
  }
  const auto total = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  const Reading reading = read(bytes, {"n"}, bytes.size());
  CHECK(reading.rejects.size() == 3);
  CHECK(reading.rows.size() == total - 3);
  CHECK(std::count_if(reading.rows.begin(), reading.rows.end(),
                      [](const ReadRow& r) { return r.values[0].view() == "2"; }) == 3);
  CHECK(reading.rows.back().line == total - 1);
}

namespace {

// What a line is, by the scalar functions alone.
void read_line_plainly(std::string_view line, std::uint64_t number, std::uint64_t offset,
                       const std::vector<SourceField>& fields, Memory& memory, Reading& reading) {
  const std::string_view text = without_line_end(line);
  if (is_blank_line(text)) return;
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (const auto fault = check_json(text)) {
    const bool encoding = fault->reason == std::string_view("invalid UTF-8");
    reading.rejects.push_back({number, offset,
                               fault->reason + std::string(encoding ? " (see --encoding)" : ""),
                               std::string(text)});
    return;
  }
  if (text[first] != '{')
    return reading.rejects.push_back({number, offset, "not an object", std::string(text)});
  const std::string_view object = text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);

  const auto last_member = [&](std::string_view in, const std::string& name, std::uint8_t flags) {
    Value found;
    int count = 0;
    if (in.front() != '{') return found;
    for (JsonWalk walk(in); walk.next();)
      if (decode_string(walk.raw_key(), memory) == name) {
        found = json_value(walk.raw_value());
        found.flags = static_cast<std::uint8_t>(
            flags | (++count > 1 || has_escapes(walk.raw_key()) ? Value::irregular : 0));
      }
    return found;
  };
  ReadRow row{std::string(line), number, {}};
  for (const SourceField& field : fields) {
    Value value =
        last_member(object, field.name.literal, field.name.is_path() ? Value::literal_key : 0);
    if (value.is_missing() && field.name.is_path()) {
      value = last_member(object, field.name.path[0], 0);
      if (!value.is_missing()) value = last_member(value.view(), field.name.path[1], 0);
    }
    row.values.push_back(value);
  }
  reading.rows.push_back(std::move(row));
}

Reading read_plainly(std::string_view bytes, const Shape& shape, Memory& memory) {
  Reading reading;
  std::uint64_t number = 1;
  for (std::size_t at = 0; at < bytes.size(); number++) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    read_line_plainly(bytes.substr(at, end - at), number, at, shape.slots().source, memory,
                      reading);
    at = end;
  }
  return reading;
}

Reading read_with(LineReader& reader, std::string_view bytes) {
  const auto copy = std::make_shared<std::string>(bytes);
  copy->append(Buffer::padding, '\0');
  Effects effects;
  reader.start(static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1, Block(),
               effects);
  reader.memory().keep(copy);
  reader.read(std::string_view(*copy).substr(0, bytes.size()), 1, 0);
  Reading reading;
  reading.add(reader.finish(), effects);
  return reading;
}

void check_same(const Reading& found, const Reading& expected) {
  REQUIRE(found.rows.size() == expected.rows.size());
  REQUIRE(found.rejects.size() == expected.rejects.size());
  for (std::size_t i = 0; i < found.rows.size(); i++) {
    CAPTURE(found.rows[i].source);
    REQUIRE(found.rows[i] == expected.rows[i]);
  }
  for (std::size_t i = 0; i < found.rejects.size(); i++) {
    CAPTURE(found.rejects[i].raw, found.rejects[i].reason, expected.rejects[i].raw,
            expected.rejects[i].reason);
    REQUIRE(found.rejects[i] == expected.rejects[i]);
  }
}

const std::vector<std::string> wanted_names = {"a",     "user.id",           "user.name", "user",
                                               "level", "longer_than_eight", "a.b",       ""};

const std::string_view seeds[] = {
    R"({"a":1,"b":[1,2,{"c":null}],"user":{"id":-1.5e+3,"name":"x y"}})",
    R"({ "level" : "err\"or" , "a" : { } , "user.id" : [ ] })",
    R"({"a":true,"a":false,"\u0061":null,"user":{"id":1},"user":{"name":"é"}})",
    R"({"longer_than_eight":"\\","longer_than_nine_":0,"":"\ud83d\ude00"})",
    R"({"a":{"b":{"b":[[[[]]]]}},"user":[{"id":1}],"a.b":"literal"})",
    R"({"us\u0065r":{"\u0069d":1,"id":"x"},"n":12345678901234567890,"a":"tab\t"})",
    R"({})",
    R"(   {"a" :"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n0123456789abcdef"}  )",
    R"({"m":{"n":{"o":[{"p":[false,true,null,0,-0,1.0,1E5]}]}},"user":{"id":{"id":{}}}})",
    R"([{"a":1},"x"])",
    "",
    "\r",
};

class Mutations {
 public:
  explicit Mutations(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string bytes;
    const int count = pick(1, pick(0, 3) ? 12 : 200);
    for (int i = 0; i < count; i++) {
      std::string line(
          seeds[static_cast<std::size_t>(pick(0, static_cast<int>(std::size(seeds)) - 1))]);
      if (pick(0, 9) == 0) mutate(line);
      bytes += line + (pick(0, 19) ? "\n" : "\r\n");
    }
    for (int i = pick(0, 2); i > 0; i--) mutate(bytes);
    if (pick(0, 2) == 0)
      bytes.resize(bytes.size() -
                   static_cast<std::size_t>(pick(0, std::min(5, static_cast<int>(bytes.size())))));
    return bytes;
  }

 private:
  int pick(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }

  void mutate(std::string& text) {
    static constexpr std::string_view alphabet =
        "{}[]:,\"\"\\\n\n \t\r\0\x01\x0c\x1a/utfn09-+.eE\x7f\x80\xc3\xa9\xef\xf0\xff"sv;
    const auto at = static_cast<std::size_t>(pick(0, static_cast<int>(text.size())));
    const char c =
        alphabet[static_cast<std::size_t>(pick(0, static_cast<int>(alphabet.size()) - 1))];
    switch (pick(0, 3)) {
      case 0:
        text.insert(at, 1, c);
        break;
      case 1:
        if (at < text.size()) text[at] = c;
        break;
      case 2:
        text.erase(at, static_cast<std::size_t>(pick(1, 3)));
        break;
      default:
        text.insert(
            at, text.substr(static_cast<std::size_t>(pick(0, static_cast<int>(text.size()))), 7));
        break;
    }
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("every kernel reads damaged lines as the scalar checker does, one by one") {
  REQUIRE_FALSE(JsonIndex::kernels().empty());
  for (const std::string& kernel : JsonIndex::kernels()) {
    CAPTURE(kernel);
    const auto shape = shape_with(wanted_names);
    LineReader reader(shape, kernel);
    Mutations mutations(1);
    for (int round = 0; round < 2000; round++) {
      const std::string bytes = mutations.text();
      Memory memory;
      check_same(read_with(reader, bytes), read_plainly(bytes, *shape, memory));
    }
  }
}

TEST_CASE("without a trusted kernel lines are read one by one, with the same result") {
  const auto shape = shape_with(wanted_names);
  LineReader reader(shape, "fallback");
  Mutations mutations(2);
  for (int round = 0; round < 300; round++) {
    const std::string bytes = mutations.text();
    Memory memory;
    check_same(read_with(reader, bytes), read_plainly(bytes, *shape, memory));
  }
}

TEST_CASE("the result does not depend on how the bytes arrive") {
  Mutations mutations(3);
  for (int round = 0; round < 200; round++) {
    const std::string bytes = mutations.text();
    const Reading whole = read(bytes, wanted_names, bytes.size() + 1);
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{3}, std::size_t{64}, std::size_t{500}})
      check_same(read(bytes, wanted_names, piece), whole);
  }
}

TEST_CASE("the index can be used for texts of any size, and refuses what it must") {
  for (const std::string& kernel : JsonIndex::kernels()) {
    JsonIndex index(kernel);
    REQUIRE(index.is_usable());
    CHECK_FALSE(index.make(""));
    const std::string blanks = "  \n \t\r\n";
    CHECK(index.make(blanks));
    CHECK(index.begin() == index.end());
    std::string large = "{\"a\":\"" + std::string(2'000'000, 'x') + "\"}\n";
    REQUIRE(index.make(large));
    CHECK(index.end() - index.begin() == 5);
    CHECK(large[*index.end()] == '\n');
    index.shrink();
    REQUIRE(index.make("{}\n"));
    CHECK(index.end() - index.begin() == 2);
    for (const std::string_view refused : {"{\"a\n", "{\"\x01\"}\n", "{\"\xff\"}\n"})
      CHECK_FALSE(index.make(refused));
  }
  CHECK_FALSE(JsonIndex("fallback").is_usable());
  CHECK_FALSE(JsonIndex("no such kernel").is_usable());
}

TEST_CASE("line ends are counted in texts of any size") {
  for (const std::size_t size : {0, 1, 63, 64, 65, 1000, 16320, 16321, 40000}) {
    std::string text(size, '\n');
    CHECK(count_line_ends(text) == size);
    for (std::size_t i = 0; i < size; i += 3) text[i] = 'x';
    CHECK(count_line_ends(text) == size - (size + 2) / 3);
  }
}

// JSONTestSuite: each text as the value of a field, on one line.
TEST_CASE("the JSON test suite is accepted and rejected as it says") {
  auto texts = each_suite_text(false, [](const std::string& name, const std::string& text) {
    const Reading reading = read("{\"v\":" + text + "}\n{}\n", {"v"});
    CHECK(reading.rows.size() + reading.rejects.size() == 2);
    if (name[0] == 'y') CHECK(reading.rows.size() == 2);
    if (name[0] == 'n') CHECK(reading.rejects.size() == 1);
  });
  if (texts.empty()) return;
  CHECK(texts['y'] == 91);
  CHECK(texts['n'] == 182);
  CHECK(texts['i'] == 35);
}
