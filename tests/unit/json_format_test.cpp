#include <catch2/catch.hpp>

#include "formats/json/json.h"
#include "formats/lines/line_cutter.h"
#include "formats/ndjson/ndjson.h"
#include "json_reading.h"
#include "json_test_suite.h"
#include "values/json.h"

using namespace riffle;

namespace {

Reading read(std::string_view bytes, std::size_t piece = 1 << 20,
             std::size_t max_record = 1 << 20) {
  InputOptions options;
  options.max_record = max_record;
  const auto shape = std::make_shared<Shape>(Shape::of_source());
  shape->find(literal_name("a"));
  const auto cutter = make_json_cutter(options);
  const auto reader = make_json_reader(options, shape);
  return read_through(*cutter, *reader, bytes, piece);
}

std::string sources(const Reading& reading) {
  std::string text;
  for (const ReadRow& row : reading.rows) text += row.source;
  return text;
}

// Reads the bytes in pieces of every size; the result must not depend on it.
Reading read_in_pieces(std::string_view bytes, std::size_t max_record = 1 << 20) {
  const Reading whole = read(bytes, bytes.size() + 1, max_record);
  for (std::size_t piece = 1; piece <= bytes.size(); piece++) {
    CAPTURE(piece);
    const Reading reading = read(bytes, piece, max_record);
    REQUIRE(sources(reading) == sources(whole));
    REQUIRE(reading.rejects == whole.rejects);
    for (std::size_t i = 0; i < whole.rows.size(); i++) REQUIRE(reading.rows[i] == whole.rows[i]);
  }
  return whole;
}

std::string write(std::string_view ndjson, int indent = 0) {
  const auto shape = std::make_shared<const Shape>(Shape::of_source());
  OutputOptions options;
  options.indent = indent;
  const auto cutter = make_line_cutter({});
  const auto reader = make_ndjson_reader({}, shape);
  const auto writer = make_json_writer(options, *shape);
  TextBuffer out;
  Effects effects;
  for (const Batch& batch : read_through(*cutter, *reader, ndjson, 9).batches)
    writer->write(batch, out, effects);
  writer->finish(out);
  return std::string(out.view());
}

}  // namespace

TEST_CASE("objects are records, with or without white space between") {
  const Reading reading = read_in_pieces("{\"a\":1}{\"a\":2} {\"a\" : 3}\n\n\t{}\r\n{\"a\":4}");
  CHECK(sources(reading) == "{\"a\":1}\n{\"a\":2}\n{\"a\" : 3}\n{}\n{\"a\":4}\n");
  CHECK(reading.rejects.empty());
  REQUIRE(reading.rows.size() == 5);
  CHECK(reading.rows[2].line == 1);
  CHECK(reading.rows[2].values[0].view() == "3");
  CHECK(reading.rows[3].line == 3);
  CHECK(reading.rows[4].line == 4);
}

TEST_CASE("the elements of top-level arrays are records") {
  const Reading reading = read_in_pieces(
      " [ ] [{\"a\":[1,{\"b\":\"]\\\"}\"}]},\n"
      "{\"a\":2} ] {\"a\":3}[\n"
      "{}]");
  CHECK(sources(reading) == "{\"a\":[1,{\"b\":\"]\\\"}\"}]}\n{\"a\":2}\n{\"a\":3}\n{}\n");
  CHECK(reading.rejects.empty());
  CHECK(reading.rows[1].line == 2);
  CHECK(reading.rows[3].line == 3);
}

TEST_CASE("a record with line ends between its tokens becomes one line") {
  const Reading reading = read_in_pieces(
      "{\n"
      "  \"a\" : [\r\n"
      " 1 ],\r\n"
      "  \"b c\": \"d e\"\n"
      "}\n"
      "{\"a\":\r2}\n");
  CHECK(sources(reading) == "{\"a\":[1],\"b c\":\"d e\"}\n{\"a\":2}\n");
  CHECK(reading.rows[1].line == 6);
  CHECK(reading.rows[0].values[0].view() == "[1]");
}

TEST_CASE("values and elements that are no objects are rejected alone") {
  const Reading reading = read_in_pieces(
      "1 \"x\"\n"
      "[{\"a\":1},\n"
      " [{\"a\":2}],null,{\"a\":3}]\n"
      "true {\"a\":4} -1.5e3");
  CHECK(sources(reading) == "{\"a\":1}\n{\"a\":3}\n{\"a\":4}\n");
  CHECK(reading.rejects == std::vector<ReadReject>{{1, 0, "not an object", "1"},
                                                   {1, 2, "not an object", "\"x\""},
                                                   {3, 17, "not an object", "[{\"a\":2}]"},
                                                   {3, 27, "not an object", "null"},
                                                   {4, 41, "not an object", "true"},
                                                   {4, 54, "not an object", "-1.5e3"}});
}

TEST_CASE("after a syntax error the rest of the input is one reject") {
  const auto check = [](const std::string& bytes, const std::string& sources_before,
                        const ReadReject& reject) {
    CAPTURE(bytes);
    const Reading reading = read_in_pieces(bytes);
    CHECK(sources(reading) == sources_before);
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].reason == reject.reason);
    CHECK(reading.rejects[0] == reject);
  };
  check(
      "{\"a\":1}\n"
      "{\"a\":2,}\n"
      "{\"a\":3}",
      "{\"a\":1}\n", {2, 8, "expected a name in double quotes", "{\"a\":2,}"});
  check("[{\"a\":1} {\"a\":2}]\n{}", "{\"a\":1}\n", {1, 9, "expected ',' or ']'", "{\"a\":2}]"});
  check("{\"a\":1},{\"a\":2}", "{\"a\":1}\n", {1, 7, "expected a value", ",{\"a\":2}"});
  check("[{\"a\":1},]", "{\"a\":1}\n", {1, 9, "expected a value", "]"});
  check("[,{}]\n{}", "", {1, 1, "expected a value", ",{}]"});
  check("{\"a\":1}]", "{\"a\":1}\n", {1, 7, "expected a value", "]"});
  check("tru {}", "", {1, 0, "expected a value", "tru"});
  check("[{\"a\":1}", "{\"a\":1}\n", {1, 8, "ends too early", ""});
  check("[{\"a\":1},", "{\"a\":1}\n", {1, 9, "ends too early", ""});
  check("[\n", "", {2, 2, "ends too early", ""});
  check("{}\n{\"a\":[1,\n{\"b\":2}", "{}\n", {2, 3, "ends too early", "{\"a\":[1,\n{\"b\":2}"});
  check("{\"a\":\"x", "", {1, 0, "string without an end", "{\"a\":\"x"});
  check("{}{\"a\":\"\xff\"}", "{}\n", {1, 2, "invalid UTF-8 (see --encoding)", "{\"a\":\"\xff\"}"});
}

TEST_CASE("a byte order mark is passed over, and an empty input has no records") {
  CHECK(sources(read_in_pieces("\xEF\xBB\xBF[{\"a\":1}]")) == "{\"a\":1}\n");
  for (const std::string_view bytes : {"", " \n", "[]",
                                       "[\n"
                                       "]\n",
                                       "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
    const Reading reading = read_in_pieces(bytes);
    CHECK(reading.rows.empty());
    CHECK(reading.rejects.empty());
  }
  CHECK(read_in_pieces("\xEF\xBB").rejects.size() == 1);
  CHECK(read_in_pieces("{}\xEF\xBB\xBF{}").rejects.size() == 1);
}

TEST_CASE("values longer than --max-record are rejected alone") {
  const std::string large = "{\"a\":\"" + std::string(200, 'x') + "\"}";
  const Reading reading = read_in_pieces("{\"a\":1}\n" + large + "{\"a\":2}[" + large +
                                             ",{\"a\":3},\"" + std::string(300, 'y') + "\",{}]",
                                         50);
  CHECK(sources(reading) == "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{}\n");
  REQUIRE(reading.rejects.size() == 3);
  CHECK(reading.rejects[0] == ReadReject{2, 8, "longer than --max-record", large.substr(0, 50)});
  CHECK(reading.rejects[1].raw == large.substr(0, 50));
  CHECK(reading.rejects[2].raw == "\"" + std::string(49, 'y'));
}

TEST_CASE("a syntax error does not pass for a long value") {
  const std::string open = "{\"a\":[}" + std::string(300, ' ');
  const Reading reading = read_in_pieces("{}\n" + open, 50);
  CHECK(sources(reading) == "{}\n");
  REQUIRE(reading.rejects.size() == 1);
  CHECK(reading.rejects[0].reason == "expected a value");
}

TEST_CASE("a value that is too long is not held") {
  InputOptions options;
  options.max_record = 100;
  const auto cutter = make_json_cutter(options);
  for (int i = 0; i < 3; i++) {
    Block block;
    block.buffer = Buffer(200);
    std::memset(block.buffer.data(), 'x', 200);
    if (i == 0) std::memcpy(block.buffer.data(), "{\"", 2);
    block.size = 200;
    cutter->cut(block, 0, false);
    CHECK(block.size == 200);
    CHECK(block.bad.size() == (i == 0));
  }
}

TEST_CASE("records are written as an array") {
  CHECK(write("") == "[]\n");
  CHECK(write("{\"a\":1}\n") == "[\n{\"a\":1}\n]\n");
  CHECK(write(" { \"a\" : 1 } \r\n{\"a\":1e400}") == "[\n{ \"a\" : 1 },\n{\"a\":1e400}\n]\n");
}

TEST_CASE("records are indented") {
  CHECK(write("", 2) == "[]\n");
  CHECK(write("{\"a\":[1,{}]}\n{}\n", 2) == R"([
  {
    "a": [
      1,
      {}
    ]
  },
  {}
]
)");
}

TEST_CASE("what is written is read again") {
  const std::string records = "{\"a\":1.50}\n{\"a\":\"\\u00e9\"}\n{}\n";
  CHECK(sources(read(write(records))) == records);
  CHECK(sources(read(write(records, 4))) == records);
}

// JSONTestSuite: the texts that hold a CR or LF, as the value of a field.
TEST_CASE("the JSON test suite's texts of several lines are accepted and rejected as it says") {
  auto texts = each_suite_text(true, [](const std::string& name, const std::string& text) {
    const Reading reading = read("{\"a\":" + text + "}\n");
    if (name[0] == 'y') {
      CHECK(reading.rows.size() == 1);
      CHECK(reading.rejects.empty());
    } else if (name[0] == 'n') {
      CHECK_FALSE(reading.rejects.empty());
    }
  });
  if (texts.empty()) return;
  CHECK(texts['y'] == 4);
  CHECK(texts['n'] == 6);
}
