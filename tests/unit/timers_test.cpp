#include "time/timers.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <compare>
#include <random>

using namespace riffle;

TEST_CASE("timers come in the order in which they are due") {
  std::mt19937 random(3);
  Timers<int> timers;
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 500; i++) {
    const auto due = static_cast<std::int64_t>(random() % 100) - 50;
    timers.add(due, i);
    expected.push_back(due);
    if (i % 3 > 0) continue;
    const auto least = std::min_element(expected.begin(), expected.end());
    CHECK(timers.next().due == *least);
    CHECK(timers.take_next().due == *least);
    expected.erase(least);
  }
  CHECK(timers.size() == expected.size());
  std::sort(expected.begin(), expected.end());
  for (const std::int64_t due : expected) CHECK(timers.take_next().due == due);
  CHECK(timers.empty());
}

TEST_CASE("timers that are added again come as they would have") {
  struct Due {
    std::int64_t moment = 0;
    int number = 0;
    auto operator<=>(const Due&) const = default;
  };
  std::mt19937 random(4);
  Timers<int, Due> timers, again;
  for (int i = 0; i < 200; i++) timers.add({static_cast<std::int64_t>(random() % 20), i}, i);
  for (int i = 0; i < 50; i++) timers.take_next();
  for (const auto& timer : timers.all()) again.add(timer.due, timer.what);
  CHECK(again.size() == timers.size());
  while (!timers.empty()) CHECK(again.take_next().what == timers.take_next().what);
}
