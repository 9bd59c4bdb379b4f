#include "formats/csv/csv.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "formats/csv/cutter.h"
#include "formats/csv/index.h"
#include "formats/csv/rows.h"
#include "json_reading.h"

using namespace riffle;

namespace {

// Null: the state machine.
std::vector<CsvIndexer> indexers() {
  std::vector<CsvIndexer> all;
  for (const CsvKernel& kernel : csv_kernels())
    if (kernel.runs_here()) all.push_back(kernel.index);
  all.push_back(nullptr);
  return all;
}

Reading read(std::string_view bytes, std::size_t piece, const InputOptions& options = {},
             CsvIndexer indexer = nullptr) {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  for (const char* const name : {"c1", "c2", "a"}) shape->find(literal_name(name));
  CsvCutter cutter(options, csv_dialect(options), indexer);
  const auto reader = make_csv_reader(options, shape);
  return in_order(read_through(cutter, *reader, bytes, piece));
}

std::string sources(const Reading& reading) {
  std::string text;
  for (const ReadRow& row : reading.rows) text += row.source;
  return text;
}

std::string reasons(const Reading& reading) {
  std::string text;
  for (const ReadReject& reject : reading.rejects)
    text += std::to_string(reject.line) + ": " + reject.reason + "\n";
  return text;
}

std::string random_text(std::mt19937& random, std::size_t size,
                        std::string_view alphabet =
                            "aab\",,\r\n"
                            "\n"
                            "#") {
  std::string text;
  while (text.size() < size) text += alphabet[random() % alphabet.size()];
  return text;
}

// Cells that are quoted as they should be, now and then one that is not.
std::string random_rows(std::mt19937& random, std::size_t rows, int faults) {
  std::string text;
  for (std::size_t row = 0; row < rows; row++) {
    for (std::size_t cell = 0; cell < 2; cell++) {
      if (cell > 0) text += ',';
      if (random() % 3 > 0)
        text += random_text(random, random() % 30, "abc ");
      else
        text += '"' +
                random_text(random, random() % 90,
                            "ab,\r\n"
                            " ") +
                (random() % 2 ? "\"\"" : "") + '"';
      if (random() % 1000 < static_cast<unsigned>(faults))
        text += random_text(random, 1,
                            "\"\r\n"
                            "x");
    }
    text += random() % 2 ? "\n" : "\r\n";
  }
  return text;
}

// However the bytes arrive, and whichever instruction set reads them, the rows are those that the
// state machine finds.
void check_all_ways(const std::string& text, InputOptions options) {
  options.header = false;
  const Reading expected = read(text, text.size() + 1, options);
  for (const CsvIndexer indexer : indexers())
    for (const std::size_t piece :
         std::vector<std::size_t>{1, 3, 17, 63, 64, 65, 200, text.size() + 1}) {
      const Reading reading = read(text, piece, options, indexer);
      INFO(text << "\n-- in pieces of " << piece << ", --max-record " << options.max_record);
      REQUIRE(sources(reading) == sources(expected));
      REQUIRE(reading.rejects == expected.rejects);
      REQUIRE(reading.rows == expected.rows);
    }
}

}  // namespace

TEST_CASE("csv: any text, read any way") {
  std::mt19937 random(1);
  for (int i = 0; i < 400; i++) {
    InputOptions options;
    if (i % 3 == 1) options.max_record = 1 + random() % 40;
    if (i % 4 == 1) options.comment = '#';
    if (i % 5 == 1) options.ragged = InputOptions::Ragged::pad;
    check_all_ways(random_text(random, random() % 90), options);
  }
}

TEST_CASE("csv: rows as they should be, read any way") {
  std::mt19937 random(2);
  for (int i = 0; i < 60; i++) {
    InputOptions options;
    if (i % 3 == 1) options.max_record = 20 + random() % 200;
    check_all_ways(random_rows(random, 1 + random() % 12, i % 2 ? 20 : 0), options);
  }
}

TEST_CASE("csv: lines that end in carriage returns, read any way") {
  std::mt19937 random(4);
  for (int i = 0; i < 200; i++) {
    InputOptions options;
    if (i % 3 == 1) options.max_record = 1 + random() % 40;
    if (i % 4 == 1) options.comment = '#';
    if (i % 5 == 1) options.ragged = InputOptions::Ragged::pad;
    check_all_ways("a\rb\r" + random_text(random, random() % 90, "aab\",,\r\r\r#"), options);
  }
}

TEST_CASE("csv: carriage returns alone make the same rows as line feeds") {
  std::mt19937 random(5);
  for (int i = 0; i < 200; i++) {
    InputOptions options;
    options.header = i % 2;
    if (i % 4 == 1) options.comment = '#';
    const std::string rows = random_text(random, random() % 90, "aab\",,\n\n#");
    const std::string feeds = "a,b\nc,d\n" + rows + "x";
    std::string returns = feeds;
    std::replace(returns.begin(), returns.end(), '\n', '\r');
    Reading expected = read(feeds, 100, options), reading = read(returns, 100, options);
    INFO(feeds);
    // What was quoted keeps its carriage returns.
    for (ReadRow& row : reading.rows)
      std::replace(row.source.begin(), row.source.end(), '\r', '\n');
    CHECK(sources(reading) == sources(expected));
    // Quoted ones are not counted as lines.
    CHECK(std::equal(reading.rejects.begin(), reading.rejects.end(), expected.rejects.begin(),
                     expected.rejects.end(), [](const ReadReject& a, const ReadReject& b) {
                       return a.offset == b.offset && a.reason == b.reason;
                     }));
  }
}

TEST_CASE("csv: how the lines of an input end is seen in its first 64 KiB") {
  const auto found = [](std::string_view text, bool last) {
    return CsvLineEndFinder(CsvDialect()).find(text, last);
  };
  using Texts = std::vector<std::string_view>;
  for (const std::string_view text : Texts{"a\n", "a,b\r\n", "\"a\rb\"\n", "a\rb\n", "a\r\r\n"})
    CHECK(found(text, false) == CsvLineEnds::feeds);
  for (const std::string_view text : Texts{"", "a", "a\r", "a\rb", "\"a\nb", "a\rb\r"})
    CHECK(found(text, false) == CsvLineEnds::unknown);
  for (const std::string_view text : Texts{"", "a", "a\r", "\"a\nb", "\"a\r\nb\"", "a\rb\"\n"})
    CHECK(found(text, true) == CsvLineEnds::feeds);
  for (const std::string_view text : Texts{"a\r\"b\"x\n\r", "a\r\"b\n", "\"a\"\"\r\",b\n"})
    CHECK(found(text, true) == CsvLineEnds::feeds);
  for (const std::string_view text : Texts{"a\rb", "a\r1\r", "\"a\nb\"\r1", "a\r\"b\"x\r"})
    CHECK(found(text, true) == CsvLineEnds::returns);
  CHECK(found("\"a\"\r1,\"\n\"\r", true) == CsvLineEnds::returns);
  CHECK(found("a\r" + std::string(64 * 1024, 'x'), false) == CsvLineEnds::returns);
  CHECK(found(std::string(64 * 1024, 'x') + "\r", false) == CsvLineEnds::feeds);
}

TEST_CASE("csv: a quote, a carriage return and a line end on both sides of a kernel's step") {
  for (std::size_t size = 60; size <= 66; size++)
    for (const char* const end : {"\"\r\n", "\"\n", "\"\"\"\r\n", "\",\r\n", "\"\rx\n", "\"x\r\n",
                                  "\"\r", "\"", "\r\n", ""})
      check_all_ways("\"" + std::string(size - 1, 'a') + end + "b,c\n\"d\"\r\n", {});
}

TEST_CASE("csv: a kernel's index is the state machine's, wherever it stopped before") {
  std::mt19937 random(3);
  for (int i = 0; i < 200; i++) {
    const std::string text =
        random_rows(random, 1 + random() % 8, i % 4 ? 0 : 30) + std::string(64, '\0');
    const std::size_t size = text.size() - 64;
    CsvRows rows({}, size, 0);
    rows.start(0);
    rows.read({text.data(), size}, false);
    for (const CsvIndexer indexer : indexers()) {
      if (!indexer) continue;
      CsvIndex index;
      std::vector<std::uint32_t> marks(size + 64);
      for (std::size_t end = 0; end < size;) {
        end = std::min<std::size_t>(size, end + 1 + random() % 100);
        indexer({text.data(), end}, index, marks.data());
      }
      if (!rows.bad.empty()) {
        CHECK_FALSE(index.regular);
        continue;
      }
      // A fault in the last row, which the state machine has not left yet.
      if (!index.regular) continue;
      marks.resize(index.marks);
      CHECK(index.rows == rows.row_ends.size());
      CHECK(marks == rows.marks);
      CHECK(index.lines == static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')));
    }
  }
}

TEST_CASE("csv: a row is as long as its bytes without the line end") {
  InputOptions options;
  options.max_record = 4;
  options.header = false;
  CHECK(sources(read("abcd\n"
                     "abcd\r\n"
                     "abcde\n"
                     "\"ab\"\r\n"
                     "ab\n",
                     100, options)) ==
        "abcd\n"
        "abcd\r\n"
        "\"ab\"\r\n"
        "ab\n");
  CHECK(sources(read("abcd\r", 100, options)) == "abcd\r\n");
}

TEST_CASE("csv: a last row without a line end gets the header's") {
  CHECK(sources(read("a,b\r\n1,2", 100, {})) == "1,2\r\n");
  CHECK(sources(read("a,b\r\n1,2\r", 100, {})) == "1,2\r\n");
  CHECK(sources(read("a,b\n1,\"2\"", 1, {})) == "1,\"2\"\n");
}

TEST_CASE("csv: a line that is too long is given up once, and its reject is short") {
  InputOptions options;
  options.header = false;
  options.max_record = 100000;
  for (const char* const opening : {"", "\""}) {
    const Reading reading = read("a\n" + (opening + std::string(1000000, 'x')) +
                                     "\n"
                                     "b\n",
                                 4096, options, csv_indexer());
    CHECK(sources(reading) == "a\nb\n");
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].line == 2);
    CHECK(reading.rejects[0].raw.size() == 65536);
    CHECK(reading.rows[1].line == 3);
  }
}

TEST_CASE("csv: what an open quote swallowed is read as the lines that it is") {
  InputOptions options;
  options.header = false;
  options.max_record = 10;
  const Reading reading = read("a,b\n\"c,d\n1,\"\"\n2,3\n4,\"5\n6\"\n", 7, options);
  CHECK(sources(reading) == "a,b\n1,\"\"\n2,3\n4,\"5\n6\"\n");
  CHECK(reasons(reading) == "2: a quoted cell is longer than --max-record\n");
}

TEST_CASE("csv: a header that is not UTF-8 is the end of its input") {
  for (const std::size_t piece : {1, 1000}) {
    const Reading reading = read("\n\"a\"b\n\xff,b\n1,2\n\"x\"y\n", piece);
    CHECK(reading.rows.empty());
    CHECK(reasons(reading) ==
          "2: a character follows a closing quote\n"
          "3: invalid UTF-8 in the header line (see --encoding)\n");
  }
}

TEST_CASE("csv: lines to skip, a byte order mark, blank lines and bad ones before the header") {
  InputOptions options;
  options.skip_lines = 1;
  for (const std::size_t piece : {1, 2, 1000}) {
    const Reading reading = read(
        "\xef\xbb\xbf\"x\n"
        "\r\n"
        "\n"
        "\"y\"z\n"
        "a,b,a\n"
        "1,2,3\n",
        piece, options, csv_indexer());
    CHECK(sources(reading) == "1,2,3\n");
    CHECK(reading.rows[0].line == 6);
    CHECK(reading.batches[0].dialect.header->names == std::vector<std::string>{"a", "b", "a_2"});
  }
}

TEST_CASE("rows with few cells of many are the same however many are read together (S6)") {
  InputOptions options;
  options.max_record = 30000;
  constexpr std::size_t names = 2000;
  std::string header = "a";
  for (std::size_t i = 1; i < names; i++) header += ",n" + std::to_string(i);
  std::mt19937 random(4);
  const std::string text = header + "\n" + random_rows(random, 3000, 5) +
                           std::string(names - 1, ',') + "\n" + random_rows(random, 3000, 5) +
                           std::string(names, ',') + "\n" + std::string(40000, 'x') + "\n" +
                           random_rows(random, 3000, 0) + "1";
  for (const auto ragged : {InputOptions::Ragged::pad, InputOptions::Ragged::cut}) {
    options.ragged = ragged;
    const Reading expected = read(text, 16384, options);
    for (const CsvIndexer indexer : indexers()) {
      const Reading whole = read(text, text.size(), options, indexer);
      CHECK(whole.batches.size() > 3);
      CHECK(whole.rows == expected.rows);
      CHECK(whole.rejects == expected.rejects);
    }
  }
}
