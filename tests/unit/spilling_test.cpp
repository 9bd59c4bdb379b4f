// What leaves memory and comes back: the budget, saved rows, the sorter, spilled groups.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <random>

#include "records/record.h"
#include "state/budget.h"
#include "state/records.h"
#include "state/sorter.h"
#include "state/spill_file.h"
#include "state/spilled_groups.h"
#include "values/error.h"
#include "values/json.h"
#include "values/order.h"

using namespace riffle;

namespace {

std::shared_ptr<const Shape> shape_of(const std::vector<std::string>& names) {
  std::vector<Name> fields;
  for (const std::string& name : names) fields.push_back(literal_name(name));
  return std::make_shared<const Shape>(Shape::of_fields(fields));
}

// A batch whose columns are these values; each row's position is `first` and on.
Batch batch_of(const std::shared_ptr<const Shape>& shape,
               const std::vector<std::vector<Value>>& columns, std::uint64_t first = 0) {
  Batch batch;
  batch.memory = std::make_shared<Memory>();
  batch.shape = shape;
  batch.size = static_cast<Row>(columns[0].size());
  Position* const positions = batch.memory->allocate<Position>(batch.size);
  for (Row row = 0; row < batch.size; row++) {
    batch.rows.push_back(row);
    positions[row] = {0, 0, first + row, first + row + 1};
  }
  batch.origin.positions = positions;
  for (const std::vector<Value>& column : columns)
    batch.columns.push_back({batch.memory->copy(std::span(column)).data()});
  return batch;
}

std::string json_of(const Batch& batch, Row row) {
  std::vector<Member> record;
  Memory memory;
  members(batch, row, memory, record);
  return json_text(map_value(record));
}

std::vector<Value> values_of_all_kinds(Memory& memory) {
  static const std::string long_text(1000, 'x');
  std::vector<Value> values = {null_value(),
                               boolean_value(true),
                               integer_value(-5),
                               natural_value(UINT64_MAX),
                               real_value(0.5),
                               time_value(1),
                               duration_value(2'000'000'000),
                               text_value(""),
                               text_value("a\"b"),
                               text_value(long_text),
                               json_value("[1, 2]"),
                               json_value("\"\\u00e9\"")};
  const std::span<Value> items = memory.copy(std::span<const Value>(values));
  values.push_back(list_value(items));
  values.push_back(list_value({}));
  const std::vector<Member> pairs = {{"", values[12]}, {"name", text_value("v")}};
  values.push_back(map_value(memory.copy(std::span<const Member>(pairs))));
  return values;
}

}  // namespace

TEST_CASE("a saved row has the values, source and position of the row, wherever it is moved") {
  Memory memory;
  const std::vector<Value> values = values_of_all_kinds(memory);
  Batch batch = batch_of(shape_of({"v", "w"}), {values, {values.rbegin(), values.rend()}}, 7);
  const std::string line = "{\"text\":\"inside\"}\n";
  std::vector<std::string_view> source(values.size(), line);
  batch.source.text = source.data();
  std::vector<Value> inside(values.size(), text_value(std::string_view(line).substr(9, 6)));
  batch.columns[1] = {inside.data()};

  Records rows(1);
  rows.start(batch);
  std::vector<std::string> moved;
  for (const Row row : batch.rows) {
    Memory place;
    const char* const saved = rows.save(row, {&values[row], 1}, place);
    moved.emplace_back(saved, Records::size_of(saved));
    CHECK(moved.back().size() % 8 == 0);
  }
  for (const std::string& row : moved) {
    REQUIRE(rows.can_add(row.data()));
    rows.add_copy(row);
  }
  const Batch again = rows.take();
  REQUIRE(again.rows.size() == batch.rows.size());
  for (const Row row : again.rows) {
    CHECK(json_of(again, row) == json_of(batch, row));
    CHECK(again.source.text[row] == line);
    // A writer splices by position.
    CHECK(again.columns[1][row].text == again.source.text[row].data() + 9);
    CHECK((again.position(row) == batch.position(row)));
    CHECK(again.columns[0][row].kind == values[row].kind);
    const std::string& bytes = moved[row];
    std::vector<std::uint64_t> aligned(bytes.size() / 8);
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    const Value more = rows.more_of(reinterpret_cast<const char*>(aligned.data()), 0, memory);
    CHECK(json_text(more) == json_text(values[row]));
  }
}

TEST_CASE("rows of different headers do not share a batch") {
  Memory memory;
  const auto shape = shape_of({"v"});
  Batch one = batch_of(shape, {{integer_value(1)}}), other = one, same = one;
  one.dialect.header = std::make_shared<const Header>(Header{{"a"}});
  other.dialect.header = std::make_shared<const Header>(Header{{"b"}});
  same.dialect.header = std::make_shared<const Header>(Header{{"a"}});
  Records rows(0);
  std::vector<const char*> saved;
  for (const Batch* const batch : {&one, &other, &same}) {
    rows.start(*batch);
    saved.push_back(rows.save(0, {}, memory));
  }
  rows.add(saved[0]);
  CHECK_FALSE(rows.can_add(saved[1]));
  CHECK(rows.can_add(saved[2]));
  CHECK(rows.take().dialect.header->names[0] == "a");
  CHECK(rows.can_add(saved[1]));
}

TEST_CASE("over the budget the largest holder is asked first, and what cannot leave is named") {
  Budget budget(100);
  std::string asked;
  Holding* first = nullptr;
  Holding* second = nullptr;
  Holding small({budget, "small"}, [&] {
    asked += "small ";
    first->set(0);
  });
  Holding large({budget, "large"}, [&] {
    asked += "large ";
    second->set(10);
  });
  Holding fixed({budget, "tail"});
  first = &small;
  second = &large;
  small.set(40);
  large.set(50);
  CHECK(asked.empty());
  small.set(51);
  CHECK(asked == "small ");
  large.set(90);
  fixed.set(20);
  CHECK(asked == "small large ");
  large.disable_spilling();
  small.disable_spilling();
  try {
    fixed.set(95);
    FAIL("more than the budget was held");
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::failed);
    CHECK(std::string(error.what()) ==
          "tail: holds 0.0 MiB, which cannot be put on disk; --memory allows 0.0 MiB, and 0.0 MiB "
          "are held in all");
  }
}

TEST_CASE("the sorter's order is that of a stable sort, in memory and from disk") {
  std::mt19937 random(7);
  Memory memory;
  std::vector<Value> pool = values_of_all_kinds(memory);
  for (std::size_t i = 0; i < pool.size(); i++)
    if (pool[i].is_untouched()) pool[i] = text_value("decoded");
  for (int i = 0; i < 40; i++) {
    pool.push_back(real_value(static_cast<double>(i % 7) / 3));
    pool.push_back(text_value(
        memory.copy("2026-01-31T10:0" + std::to_string(i % 3) + ":" + std::to_string(i % 5))));
  }
  const auto shape = shape_of({"a", "b"});
  for (const bool texts : {false, true}) {
    for (const std::size_t limit : {SIZE_MAX, std::size_t{200'000}, std::size_t{20'000}}) {
      for (const std::vector<bool>& descending :
           {std::vector<bool>{false}, {true}, {false, true}, {true, false}}) {
        Budget budget(limit);
        Sorter sorter(descending, {budget, "sort"});
        std::vector<std::vector<Value>> rows;
        for (std::uint64_t done = 0; done < 3000; done += 100) {
          std::vector<std::vector<Value>> columns(2);
          for (int i = 0; i < 100; i++) {
            const Value key = pool[(texts ? 15 : 0) + random() % (pool.size() - (texts ? 15 : 0))];
            columns[0].push_back(key);
            columns[1].push_back(pool[random() % pool.size()]);
            rows.push_back(
                {key, columns[1].back(), integer_value(static_cast<std::int64_t>(rows.size()))});
          }
          const Batch batch = batch_of(shape, columns, done);
          const std::vector<const Value*> keys = {columns[0].data(), columns[1].data()};
          sorter.add(batch, std::span(keys).first(descending.size()));
        }
        std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
          for (std::size_t key = 0; key < descending.size(); key++) {
            const auto o = order_for_sort(a[key], b[key], descending[key], memory);
            if (o != 0) return o < 0;
          }
          return false;
        });
        std::size_t next = 0;
        sorter.finish([&](const Batch& batch) {
          for (const Row row : batch.rows) {
            REQUIRE(next < rows.size());
            const auto expected = static_cast<std::uint64_t>(rows[next++][2].integer);
            if (batch.position(row).offset != expected)
              FAIL("place " << next - 1 << ", limit " << limit);
          }
        });
        CHECK(next == rows.size());
      }
    }
  }
}

TEST_CASE("groups that left memory are merged, in the order in which they first appeared") {
  for (const std::size_t limit : {std::size_t{1} << 30, std::size_t{60'000}, std::size_t{20'000}}) {
    Budget budget(limit);
    Holding holding({budget, "aggregate"});
    SpilledGroups::Blocks blocks;
    blocks.size = sizeof(std::uint64_t);
    const auto sum_in = [](auto* block) -> auto& {
      return *reinterpret_cast<std::uint64_t*>(const_cast<std::byte*>(block));
    };
    blocks.start = [&](std::byte* block) { sum_in(block) = 0; };
    blocks.save = [&](const std::byte* block, StateWriter& to) { to.number(sum_in(block)); };
    blocks.add = [&](std::byte* block, StateReader& saved, bool fresh) {
      CHECK((!fresh || sum_in(block) == 0));
      sum_in(block) += saved.number<std::uint64_t>();
    };
    SpilledGroups spilled(1, blocks, holding);
    Groups groups(1, {sizeof(std::uint64_t)});
    std::vector<std::uint64_t> order, sums(3000);
    std::mt19937 random(3);
    for (int i = 0; i < 20000; i++) {
      const std::uint64_t key = random() % 3000;
      const std::string name = "key number " + std::to_string(key);
      const Value value = key == 0 ? null_value() : text_value(name);
      const Column column{&value, 0};
      const Row row = 0;
      std::byte* block = nullptr;
      groups.find({&row, 1}, {&column, 1}, {&block, 1});
      sum_in(block) += 1;
      if (sums[key]++ == 0) order.push_back(key);
      if (groups.size() == 700) {
        spilled.write(groups);
        groups.clear();
        CHECK(groups.size() == 0);
      }
    }
    spilled.write(groups);
    std::size_t next = 0;
    spilled.merge([&](std::span<const Value> keys, StateReader& saved) {
      REQUIRE(next < order.size());
      const std::uint64_t key = order[next++];
      if (key == 0)
        CHECK(keys[0].kind == Kind::null);
      else
        CHECK(keys[0].view() == "key number " + std::to_string(key));
      CHECK(saved.number<std::uint64_t>() == sums[key]);
    });
    CHECK(next == order.size());
  }
}

TEST_CASE(
    "many temporary files are one file of the system's, and each has what was written to it") {
  std::vector<std::unique_ptr<SpillFile>> files;
  std::vector<std::string> written(3000);
  for (std::size_t i = 0; i < written.size(); i++) files.push_back(std::make_unique<SpillFile>());
  std::mt19937 random(4);
  for (int i = 0; i < 20000; i++) {
    const std::size_t file = random() % written.size();
    std::string bytes(i % 500 == 0 ? 300000 : random() % 100, static_cast<char>('a' + i % 26));
    files[file]->append(bytes);
    written[file] += bytes;
    if (i % 7 == 0) {  // its place is another one's next
      const std::size_t gone = random() % written.size();
      files[gone] = std::make_unique<SpillFile>();
      written[gone].clear();
    }
  }
  for (std::size_t i = 0; i < written.size(); i++) {
    REQUIRE(files[i]->size() == written[i].size());
    std::string read(written[i].size(), ' ');
    files[i]->read(0, read.data(), read.size());
    REQUIRE(read == written[i]);
    if (read.size() < 10) continue;
    files[i]->read(read.size() - 5, read.data(), 5);
    REQUIRE(read.substr(0, 5) == written[i].substr(written[i].size() - 5));
  }
}
