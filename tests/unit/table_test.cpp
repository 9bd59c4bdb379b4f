#include "formats/display/table.h"

#include <catch2/catch.hpp>
#include <limits>

#include "formats/display/markdown.h"
#include "text/width.h"
#include "values/error.h"

using namespace riffle;

namespace {

// A batch of open records, one a line.
Batch batch_of(const std::vector<std::string>& lines, std::shared_ptr<const Shape> shape) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  std::string_view* const source = batch.memory->allocate<std::string_view>(lines.size());
  for (std::size_t i = 0; i < lines.size(); i++) {
    source[i] = batch.memory->copy(lines[i]);
    batch.rows.push_back(static_cast<Row>(i));
  }
  batch.source.text = source;
  batch.dialect.format = "ndjson";
  batch.size = static_cast<Row>(lines.size());
  batch.shape = std::move(shape);
  return batch;
}

using Make = std::unique_ptr<RecordWriter> (*)(const OutputOptions&, const Shape&);

std::string written(Make make, const std::vector<std::vector<std::string>>& batches,
                    const OutputOptions& options = {}, bool idle = false) {
  const auto shape = std::make_shared<const Shape>(Shape::of_source());
  const auto writer = make(options, *shape);
  TextBuffer out;
  Effects effects;
  for (const auto& lines : batches) {
    writer->write(batch_of(lines, shape), out, effects);
    if (idle) writer->flush(out);
  }
  writer->finish(out);
  CHECK(effects.empty());
  return std::string(out.view());
}

std::string table(const std::vector<std::string>& lines) {
  return written(make_table_writer, {lines});
}
std::string markdown(const std::vector<std::string>& lines) {
  return written(make_markdown_writer, {lines});
}

// A batch with columns `values` of a closed shape.
std::string table_of_fields(const Shape& shape, const std::vector<std::vector<Value>>& rows,
                            Make make = make_table_writer) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.size = static_cast<Row>(rows.size());
  for (Row row = 0; row < batch.size; row++) batch.rows.push_back(row);
  batch.shape = std::make_shared<const Shape>(shape);
  batch.columns.resize(static_cast<std::size_t>(shape.slots().count));
  for (std::size_t slot = 0; slot < batch.columns.size(); slot++) {
    Value* const values = batch.new_values();
    for (std::size_t row = 0; row < rows.size(); row++) values[row] = rows[row][slot];
    batch.columns[slot] = {values};
  }
  const auto writer = make({}, shape);
  TextBuffer out;
  Effects effects;
  if (batch.size > 0) writer->write(batch, out, effects);
  writer->finish(out);
  return std::string(out.view());
}

}  // namespace

TEST_CASE("table: texts to the left, numbers to the right, no blanks at line ends") {
  CHECK(table({R"({"service":"api","n":1200,"p99":3.5})",
               R"({"service":"checkout","n":7,"p99":12})"}) ==
        "service      n   p99\n"
        "--------  ----  ----\n"
        "api       1200   3.5\n"
        "checkout     7  12\n");
  CHECK(table({R"({"a":"long text","b":"x"})", R"({"a":"y","b":""})"}) ==
        "a          b\n"
        "---------  -\n"
        "long text  x\n"
        "y\n");
}

TEST_CASE("table: a column that holds other things too has its name to the left") {
  CHECK(table({R"({"value":1})", R"({"value":"x"})", R"({"value":true})"}) ==
        "value\n"
        "-----\n"
        "    1\n"
        "x\n"
        "true\n");
}

TEST_CASE("table: digits are written as they came, null and missing are empty") {
  CHECK(table({R"({"a":1.10,"b":1e400,"c":null})", R"({"a":675127116845989888})"}) ==
        "                    a      b  c\n"
        "---------------------  -----  -\n"
        "                 1.10  1e400\n"
        "675127116845989888\n");
}

TEST_CASE("table: nested values flatten, lists are JSON") {
  CHECK(table({R"({"user":{"id":7,"name":"u"},"tags":["a",1],"e":{}})"}) ==
        "user.id  user.name  tags     e\n"
        "-------  ---------  -------  --\n"
        "      7  u          [\"a\",1]  {}\n");
}

TEST_CASE("table: widths are those of the terminal") {
  CHECK(display_width("caf\u00e9") == 4);
  CHECK(display_width("cafe\u0301") == 4);
  CHECK(display_width("\u6771\u4eac") == 4);
  CHECK(table({"{\"city\":\"\u6771\u4eac\",\"x\":\"1\"}", R"({"city":"Par\u00ecs","x":"2"})"}) ==
        "city   x\n-----  -\n\u6771\u4eac   1\nPar\u00ecs  2\n");
}

TEST_CASE("table: nothing steers the terminal") {
  CHECK(table({R"({"a":"x\u001b[31m\ny","b\u202e":"\u0007"})"}) ==
        "a             b\\u202e\n------------  -------\nx\\x1b[31m\\ny  \\x07\n");
}

TEST_CASE("table: a field without a column begins a new table; null is no reason") {
  CHECK(table({R"({"a":1})", R"({"a":2,"b":null})", R"({"a":3,"b":4})", R"({"b":5})",
               R"({"c":6})"}) == "a\n-\n1\n2\n\na  b\n-  -\n3  4\n   5\n\nc\n-\n6\n");
}

TEST_CASE("table: the widths of 200 records, or of the first idle moment; wider cells push") {
  std::vector<std::string> lines(200, R"({"a":"x","b":"y"})");
  lines.push_back(R"({"a":"wide","b":"y"})");
  const std::string out = table(lines);
  CHECK(out.starts_with("a  b\n-  -\nx  y\n"));
  CHECK(out.ends_with("x  y\nwide  y\n"));
  lines.erase(lines.begin());
  CHECK(table(lines).starts_with("a     b\n----  -\nx     y\n"));
  CHECK(written(make_table_writer, {{R"({"a":"x","b":1})"}, {R"({"a":"xyz","b":1})"}}, {}, true) ==
        "a  b\n-  -\nx  1\nxyz  1\n");
}

TEST_CASE("table: an idle moment writes what is held, once") {
  const auto shape = std::make_shared<const Shape>(Shape::of_source());
  const auto writer = make_table_writer({}, *shape);
  TextBuffer out;
  Effects effects;
  writer->flush(out);
  CHECK(out.empty());
  writer->write(batch_of({R"({"a":1})"}, shape), out, effects);
  CHECK(out.empty());
  writer->flush(out);
  CHECK(out.view() == "a\n-\n1\n");
  writer->flush(out);
  writer->finish(out);
  CHECK(out.view() == "a\n-\n1\n");
}

TEST_CASE("table: the fields of a closed shape are columns, in their places, records or none") {
  const Shape shape = Shape::of_fields({literal_name("a"), literal_name("b"), literal_name("c")});
  CHECK(table_of_fields(shape, {{Value(), integer_value(1), Value()},
                                {integer_value(2), Value(), text_value("x")}}) ==
        "a  b  c\n-  -  -\n   1\n2     x\n");
  CHECK(table_of_fields(shape, {}) == "a  b  c\n-  -  -\n");
  CHECK(table_of_fields(shape, {}, make_markdown_writer) == "| a | b | c |\n| --- | --- | --- |\n");
  CHECK(table({}) == "");
}

TEST_CASE("table: a not-a-number is empty, as null is") {
  const Shape shape = Shape::of_fields({literal_name("a"), literal_name("b")});
  CHECK(table_of_fields(shape, {{real_value(std::numeric_limits<double>::quiet_NaN()),
                                 integer_value(1)}}) == "a  b\n-  -\n   1\n");
}

TEST_CASE("table: in colour the header is bold") {
  OutputOptions options;
  options.color = OutputOptions::Color::always;
  CHECK(written(make_table_writer, {{R"({"a":1,"b":2})"}}, options) ==
        "\x1b[1ma  b\x1b[0m\n"
        "-  -\n"
        "1  2\n");
}

TEST_CASE("markdown: a table for reports") {
  CHECK(markdown({R"({"service":"api","n":1200})", R"({"service":"x","n":null})"}) ==
        "| service | n |\n| --- | ---: |\n| api | 1200 |\n| x | |\n");
}

TEST_CASE("markdown: what is shown is the value") {
  CHECK(markdown({R"({"a_b":"x|y\nz","c":"<b> & *i* `c` \\ [l](u) _e_ a_b"})"}) ==
        "| a_b | c |\n"
        "| --- | --- |\n"
        "| x\\|y<br>z | &lt;b> &amp; \\*i\\* \\`c\\` \\\\ \\[l](u) \\_e\\_ a_b |\n");
  CHECK(markdown({R"({"a":"x\u001b\r\ny"})"}) == "| a |\n| --- |\n| x\\\\x1b<br>y |\n");
}

TEST_CASE("markdown: a field without a column begins a new table") {
  CHECK(markdown({R"({"a":1})", R"({"b":"x"})"}) ==
        "| a |\n"
        "| ---: |\n"
        "| 1 |\n"
        "\n"
        "| b |\n"
        "| --- |\n"
        "| x |\n");
}

TEST_CASE("visible: what could steer a terminal is spelled out") {
  CHECK(visible("plain caf\u00e9 \U0001f600") == "plain caf\u00e9 \U0001f600");
  CHECK(visible("\x1b[0m\x7f\u009b\u202e") == "\\x1b[0m\\x7f\\u009b\\u202e");
  CHECK(visible("a\tb\nc\r") == "a\\tb\\nc\\r");
  CHECK(visible("\xff\xc3x\xe2\x82") == "\\xff\\xc3x\\xe2\\x82");
  CHECK(visible(std::string_view("\0", 1)) == "\\x00");
  CHECK(visible("abcdef", 6) == "abcdef");
  CHECK(visible("abcdefg", 6) == "abcdef...");
  CHECK(visible("abcd\u20ac", 6) == "abcd...");
}

TEST_CASE("usage_error_at: the caret stands under what is wrong, by display width") {
  const auto shown = [](std::string_view text, std::size_t position, std::size_t length) {
    const Error error = usage_error_at("filter: wrong", text, position, length);
    CHECK(error.status() == ExitStatus::usage);
    return std::string(error.what());
  };
  CHECK(shown("lenght(path) > 10", 0, 6) == "filter: wrong\n  lenght(path) > 10\n  ^^^^^^");
  CHECK(shown("a + ", 4, 1) == "filter: wrong\n  a + \n      ^");
  CHECK(shown("\u6771\u4eac == \u6771", 10, 3) ==
        "filter: wrong\n"
        "  \u6771\u4eac == \u6771\n"
        "          ^^");
  CHECK(shown("a +\nb * c\n", 6, 1) == "filter: wrong\n  b * c\n    ^");
  CHECK(shown("a \x1b b", 4, 1) == "filter: wrong\n  a \\x1b b\n         ^");
  CHECK(shown("ab", 1, 99) == "filter: wrong\n  ab\n   ^");
  CHECK(shown("", 0, 0) == "filter: wrong\n  \n  ^");
  CHECK(shown("a", 99, 1) == "filter: wrong\n  a\n   ^");
}

TEST_CASE("failures name the path and the system's reason") {
  CHECK(std::string(system_error("x\ny", 2).what()) == "x\\ny: No such file or directory");
  CHECK(system_error("x", 2).status() == ExitStatus::failed);
  CHECK(failure("x").status() == ExitStatus::failed);
}
