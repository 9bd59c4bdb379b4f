#include <catch2/catch.hpp>
#include <random>

#include "formats/csv/csv.h"
#include "json_reading.h"
#include "values/decode.h"

using namespace riffle;

namespace {

Reading read(std::string_view bytes, std::size_t piece, const InputOptions& options = {}) {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  for (const char* const name : {"a", "c1", "c2"}) shape->find(literal_name(name));
  const auto cutter = make_tsv_cutter(options);
  const auto reader = make_tsv_reader(options, shape);
  return in_order(read_through(*cutter, *reader, bytes, piece));
}

// The only cell of the only record.
std::string cell(const std::string& raw, const InputOptions& options = {}) {
  const Reading reading = read("a\n" + raw + "\n", 1000, options);
  REQUIRE(reading.rows.size() == 1);
  Memory memory;
  return std::string(cell_text(reading.rows[0].values[0], memory));
}

}  // namespace

TEST_CASE("tsv: four escapes; a backslash before anything else is itself") {
  CHECK(cell("x\\ty\\nz\\r\\\\") == "x\ty\nz\r\\");
  CHECK(cell("\\\\t") == "\\t");
  CHECK(cell("\\x\\") == "\\x\\");
  CHECK(cell("\"q\"") == "\"q\"");
  CHECK(cell("it's \"") == "it's \"");
}

TEST_CASE("tsv: --quoted has quotes, and no escapes") {
  InputOptions options;
  options.quoted_tsv = true;
  CHECK(cell("\"x\t\"\"y\"\"\"", options) == "x\t\"y\"");
  CHECK(cell("x\\ty", options) == "x\\ty");
}

TEST_CASE("tsv: any text, however it arrives") {
  std::mt19937 random(1);
  constexpr std::string_view alphabet = "ab\"\\\t\t\r\n\n";
  for (int i = 0; i < 300; i++) {
    InputOptions options;
    options.header = false;
    options.quoted_tsv = i % 2;
    if (i % 3 == 1) options.max_record = 1 + random() % 40;
    std::string text;
    for (std::size_t size = random() % 150; text.size() < size;)
      text += alphabet[random() % alphabet.size()];
    const Reading expected = read(text, text.size() + 1, options);
    for (const std::size_t piece : {1, 2, 7, 63, 64, 65}) {
      const Reading reading = read(text, piece, options);
      INFO(text << "\n-- in pieces of " << piece << ", --max-record " << options.max_record);
      REQUIRE(reading.rejects == expected.rejects);
      REQUIRE(reading.rows == expected.rows);
    }
  }
}
