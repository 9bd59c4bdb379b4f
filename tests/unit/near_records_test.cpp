#include "time/near_records.h"

#include <catch2/catch.hpp>
#include <random>

using namespace riffle;

namespace {

std::vector<int> found(const NearRecords<int>& records, const std::string& key, std::int64_t from,
                       std::int64_t to) {
  std::vector<const int*> list;
  records.find(key, from, to, list);
  std::vector<int> values;
  for (const int* const value : list) values.push_back(*value);
  return values;
}

}  // namespace

TEST_CASE(
    "records are found by key and time, both ends included, in the order in which they came") {
  NearRecords<int> records;
  records.add("a", 10, 1);
  records.add("a", 5, 2);
  records.add("b", 7, 3);
  records.add("a", 10, 4);
  CHECK(found(records, "a", 5, 10) == std::vector<int>{1, 2, 4});
  CHECK(found(records, "a", 6, 9).empty());
  CHECK(found(records, "c", 0, 99).empty());
}

TEST_CASE("what lies before a moment is let go, and nothing else") {
  std::mt19937 random(3);
  NearRecords<int> records;
  std::vector<std::pair<std::int64_t, int>> model;
  std::int64_t now = 0;
  for (int i = 0; i < 2000; i++) {
    now += random() % 3;
    const std::int64_t time = now - static_cast<std::int64_t>(random() % 10);
    const bool is_gone = time < now - 12;
    if (!is_gone) records.add("k" + std::to_string(i % 3), time, i), model.push_back({time, i});
    records.drop_before(now - 12);
    std::erase_if(model, [&](const auto& record) { return record.first < now - 12; });
    std::vector<int> expected;
    for (const auto& [at, number] : model)
      if (number % 3 == 1 && at >= now - 8 && at <= now - 2) expected.push_back(number);
    CHECK(found(records, "k1", now - 8, now - 2) == expected);
    CHECK(records.size() == model.size());
  }
  records.drop_before(INT64_MAX);
  CHECK(records.held() == 0);
}
