#include "time/recent_keys.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <random>

using namespace riffle;

TEST_CASE(
    "a key's record is a first one when no other lies less than the span before it or behind it") {
  RecentKeys recent(10);
  CHECK(recent.is_first("a", 100));
  CHECK_FALSE(recent.is_first("a", 109));
  CHECK_FALSE(recent.is_first("a", 91));
  CHECK(recent.is_first("b", 105));
  CHECK(recent.is_first("a", 110));
  CHECK_FALSE(recent.is_first("a", 119));
  CHECK(recent.is_first("a", 90));
  CHECK_FALSE(recent.is_first("a", 90));
  CHECK_FALSE(recent.is_first("a", 81));
  CHECK_FALSE(recent.is_first("a", 110));
}

TEST_CASE("what the watermark has passed by the span is forgotten, and nothing else") {
  RecentKeys recent(10);
  recent.is_first("a", 100);
  recent.is_first("b", 104);
  recent.is_first("a", 111);
  recent.advance(113);
  CHECK_FALSE(recent.is_first("b", 104));
  recent.advance(114);
  CHECK(recent.is_first("b", 104));
  recent.advance(120);
  CHECK_FALSE(recent.is_first("a", 111));
  recent.advance(121);
  CHECK(recent.held() == 0);
  recent.is_first("c", INT64_MAX - 5);
  recent.advance(INT64_MAX);
  CHECK_FALSE(recent.is_first("c", INT64_MAX));
}

TEST_CASE("recent keys are those of a model that looks at all of them") {
  std::mt19937 random(7);
  for (int run = 0; run < 50; run++) {
    RecentKeys recent(20);
    std::multimap<std::string, std::int64_t> firsts;
    std::int64_t now = 0;
    for (int i = 0; i < 300; i++) {
      now += random() % 8;
      recent.advance(now - 5);
      std::erase_if(firsts, [&](const auto& first) { return first.second + 20 <= now - 5; });
      const std::string key(1, static_cast<char>('a' + random() % 5));
      const std::int64_t time = now - static_cast<std::int64_t>(random() % 30);
      const bool is_first = std::none_of(firsts.begin(), firsts.end(), [&](const auto& first) {
        return first.first == key && std::abs(first.second - time) < 20;
      });
      CHECK(recent.is_first(key, time) == is_first);
      if (is_first) firsts.emplace(key, time);
    }
  }
}
