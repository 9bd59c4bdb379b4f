#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "formats/csv/csv.h"
#include "formats/lines/line_cutter.h"
#include "formats/ndjson/ndjson.h"
#include "json_reading.h"
#include "records/record.h"
#include "values/decode.h"

using namespace riffle;

namespace {

using Change = Edit::Kind;
using Table = std::vector<std::vector<std::string>>;

// A way to write, and to read what was written.
struct Way {
  bool tab = false;
  OutputOptions out = {};
  InputOptions in = {};

  auto writer(const Shape& shape) const {
    return tab ? make_tsv_writer(out, shape) : make_csv_writer(out, shape);
  }
  Reading read(const std::string& text, const std::shared_ptr<const Shape>& shape) const {
    const auto cutter = tab ? make_tsv_cutter(in) : make_csv_cutter(in);
    const auto reader = tab ? make_tsv_reader(in, shape) : make_csv_reader(in, shape);
    return read_through(*cutter, *reader, text, 1 << 20);
  }
};

std::vector<Way> ways() {
  Way csv, semicolon, all_quoted, tsv{true}, quoted_tsv{true};
  semicolon.out.delimiter = semicolon.in.delimiter = ';';
  all_quoted.out.quote_all = true;
  quoted_tsv.out.quoted_tsv = quoted_tsv.in.quoted_tsv = true;
  return {csv, semicolon, all_quoted, tsv, quoted_tsv};
}

std::shared_ptr<Shape> open_shape() {
  auto shape = std::make_shared<Shape>(Shape::of_source());
  shape->slots().rest = true;
  return shape;
}

std::string written(const Way& way, const std::vector<Batch>& batches) {
  const auto writer = way.writer(*batches.at(0).shape);
  TextBuffer out;
  Effects effects;
  for (const Batch& batch : batches) writer->write(batch, out, effects);
  writer->finish(out);
  CHECK(effects.empty());
  return std::string(out.view());
}

std::vector<Name> names_of(std::size_t columns) {
  std::vector<Name> names;
  for (std::size_t i = 0; i < columns; i++) names.push_back(literal_name("n" + std::to_string(i)));
  return names;
}

Batch batch_of(const Table& table) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = std::make_shared<const Shape>(Shape::of_fields(names_of(table[0].size())));
  batch.size = static_cast<Row>(table.size());
  for (Row row = 0; row < batch.size; row++) batch.rows.push_back(row);
  for (std::size_t column = 0; column < table[0].size(); column++) {
    Value* const values = batch.new_values();
    for (Row row = 0; row < batch.size; row++)
      values[row] = text_value(batch.memory->copy(table[row][column]));
    batch.columns.push_back({values});
  }
  return batch;
}

// The texts of all members, by the definition of what a batch's records are.
Table texts(const std::vector<Batch>& batches) {
  Table table;
  std::vector<Member> record;
  for (const Batch& batch : batches)
    for (const Row row : batch.rows) {
      table.emplace_back();
      members(batch, row, *batch.memory, record);
      for (const Member& member : record)
        table.back().emplace_back(text_of(member.value, *batch.memory));
    }
  return table;
}

Table random_table(std::mt19937& random) {
  constexpr std::string_view alphabet = "ab \",;\t\r\n\\#";
  Table table(1 + random() % 5, std::vector<std::string>(1 + random() % 4));
  for (auto& row : table)
    for (std::string& cell : row)
      for (std::size_t size = random() % 6; cell.size() < size;)
        cell += alphabet[random() % alphabet.size()];
  return table;
}

// A closed shape that has the cells of an open one, the last column first.
std::vector<Batch> turned(std::vector<Batch> batches) {
  for (Batch& batch : batches) {
    const std::size_t columns = batch.source.header_columns.size();
    batch.shape = std::make_shared<const Shape>(Shape::of_fields(names_of(columns)));
    batch.columns.assign(batch.source.header_columns.rbegin(), batch.source.header_columns.rend());
    batch.source.text = nullptr;
  }
  return batches;
}

Table turned(Table table) {
  for (auto& row : table) std::reverse(row.begin(), row.end());
  return table;
}

}  // namespace

TEST_CASE("csv: what is written reads back") {
  std::mt19937 random(1);
  for (int i = 0; i < 300; i++) {
    const Table table = random_table(random);
    for (const Way& way : ways()) {
      const std::string text = written(way, {batch_of(table)});
      const Reading reading = way.read(text, open_shape());
      INFO(text);
      CHECK(reading.rejects.empty());
      REQUIRE(texts(reading.batches) == table);
      CHECK(written(way, reading.batches) == text);
    }
  }
}

TEST_CASE("csv: cells of any text, moved to other columns, read back") {
  std::mt19937 random(2);
  constexpr std::string_view alphabet = "ab\",,\t\t\r\r\n\\";
  for (int i = 0; i < 500; i++)
    for (const Way& way : ways()) {
      std::string text = way.tab ? "x\ty\n" : way.in.delimiter ? "x;y\n" : "x,y\n";
      for (std::size_t size = random() % 60; text.size() < size;)
        text += alphabet[random() % alphabet.size()];
      const Reading first = way.read(text, open_shape());
      if (first.rows.empty()) continue;
      const std::string moved = written(way, turned(first.batches));
      const Reading second = way.read(moved, open_shape());
      INFO(text << "\n-- became\n" << moved);
      CHECK(second.rejects.empty());
      REQUIRE(texts(second.batches) == turned(texts(first.batches)));
    }
}

namespace {

// Edits of the header a,b,c,d: what the writer lays out must be what members() says.
void edit_at_random(std::mt19937& random, Shape& shape, std::vector<Slot>& set) {
  const auto name = [&] { return std::string(1, "abcdefg"[random() % 7]); };
  for (std::size_t edits = random() % 5; edits > 0; edits--) {
    const std::string of = name();
    switch (random() % 5) {
      case 0:
      case 1:
        set.push_back(shape.slots().add());
        shape.edit({random() % 4 ? Change::set : Change::first, literal_name(of), set.back(), {}});
        break;
      case 2:
        shape.edit({Change::drop, literal_name(of), no_slot, {}});
        break;
      case 3:
        shape.edit({Change::rename, literal_name(of), no_slot, name()});
        break;
      default:
        shape.edit({Change::drop_pattern, literal_name(of + "*"), no_slot, {}});
        break;
    }
  }
}

// Values for what the edits set, some of them missing.
void fill(std::mt19937& random, Batch& batch, const std::vector<Slot>& set) {
  batch.columns.resize(static_cast<std::size_t>(batch.shape->slots().count));
  for (const Slot slot : set) {
    Value* const values = batch.new_values();
    for (Row row = 0; row < batch.size; row++)
      values[row] = row > 0 && random() % 3 == 0
                        ? Value()
                        : text_value(batch.memory->copy("v" + std::to_string(random() % 100)));
    batch.columns[static_cast<std::size_t>(slot)] = {values};
  }
}

}  // namespace

TEST_CASE("csv: edited records are written as members() has them") {
  std::mt19937 random(3);
  for (int i = 0; i < 500; i++) {
    const auto shape = open_shape();
    std::vector<Slot> set;
    edit_at_random(random, *shape, set);
    std::vector<Batch> batches = Way()
                                     .read(
                                         "a,b,c,d\n"
                                         "1,\"2\",3,\"4,\"\n"
                                         ",x,\"y\"\"\",z\r\n"
                                         "p,q,r,s\n",
                                         shape)
                                     .batches;
    for (Batch& batch : batches) fill(random, batch, set);

    const Reading reading = Way().read(written(Way(), batches), open_shape());
    if (reading.rows.empty()) continue;  // all columns are gone
    const std::vector<std::string>& columns = reading.batches[0].dialect.header->names;
    const Table table = texts(reading.batches);
    std::size_t at = 0;
    std::vector<Member> record;
    for (const Batch& batch : batches)
      for (const Row row : batch.rows) {
        std::vector<std::string> expected(columns.size());
        members(batch, row, *batch.memory, record);
        for (const Member& member : record) {
          const auto column = std::find(columns.begin(), columns.end(), member.name);
          REQUIRE(column != columns.end());
          expected[static_cast<std::size_t>(column - columns.begin())] =
              text_of(member.value, *batch.memory);
        }
        CHECK(table[at++] == expected);
      }
  }
}

TEST_CASE(
    "tsv: a value that holds another delimiter is refused, the record before and behind it are "
    "not") {
  OutputOptions options;
  options.delimiter = ';';
  const Batch batch = batch_of({{"a", "b"}, {"c;", "d"}, {"e", "\t"}});
  const auto writer = make_tsv_writer(options, *batch.shape);
  TextBuffer out;
  Effects effects;
  writer->write(batch, out, effects);
  CHECK(out.view() == "n0;n1\na;b\ne;\\t\n");
  CHECK(effects.rejects.size() == 1);
}

namespace {

std::string random_json(std::mt19937& random) {
  static const std::vector<std::string> values = {
      "1",
      "-0.5e3",
      "1e400",
      "true",
      "null",
      "\"\"",
      "\"x\"",
      "\"a,b\"",
      "\"a;b\"",
      "[]",
      "[1, \"q\"]",
      "\"\\\"\"",
      "\"\\u00e9\"",
      "\"\\n\"",
      "{}",
      "{\"z\":1}",
      "18446744073709551615",
      "\"a text of more than sixteen bytes\"",
      "\"a text of more than sixteen bytes, with a comma\"",
      "\"sixteen bytes..!\"",
      "\"sixteen bytes..,\"",
      "\"\xC3\xA9\""};
  return values[random() % values.size()];
}

// Members of `a`, `b`, `user` and `c`, most of them there and in that order.
std::string random_record(std::mt19937& random) {
  std::vector<std::string> members;
  for (const char* const name : {"a", "b", "c"})
    if (random() % 10) members.push_back("\"" + std::string(name) + "\":" + random_json(random));
  if (random() % 5)
    members.insert(members.begin() + random() % (members.size() + 1),
                   "\"user\":{\"id\":" + random_json(random) + "}");
  if (random() % 20 == 0) std::shuffle(members.begin(), members.end(), random);
  std::string record = random() % 10 ? "{" : " { ";
  for (const std::string& member : members)
    record.append(record.back() == '{' || record.back() == ' ' ? ""
                  : random() % 30                              ? ","
                                                               : ", ")
        .append(member);
  return record + (random() % 10 ? "}\n" : " } \r\n");
}

std::vector<Batch> ndjson_batches(const std::string& text, const std::shared_ptr<Shape>& shape) {
  return read_through(*make_line_cutter({}), *make_ndjson_reader({}, shape), text, 1 << 20).batches;
}

}  // namespace

TEST_CASE("a row does not depend on the records before it, which show how records are made") {
  std::mt19937 random(5);
  const auto shape = open_shape();
  for (const Way& way : ways()) {
    Way narrow = way;
    narrow.out.columns = {"a", "user.id", "b", "b.z", "c"};
    narrow.out.extra = OutputOptions::Extra::drop;
    narrow.out.header = false;
    for (int round = 0; round < 20; round++) {
      std::string all;
      TextBuffer one_by_one, together;
      for (int i = 0; i < 200; i++) {
        const std::string record = random_record(random);
        all += record;
        CAPTURE(record);
        const auto writer = narrow.writer(*shape);
        Effects effects;
        for (const Batch& batch : ndjson_batches(record, shape))
          writer->write(batch, one_by_one, effects);
      }
      const auto writer = narrow.writer(*shape);
      Effects effects;
      for (const Batch& batch : ndjson_batches(all, shape)) writer->write(batch, together, effects);
      CHECK(together.view() == one_by_one.view());
    }
  }
}
