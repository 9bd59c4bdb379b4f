#include "time/watermark.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using namespace riffle;

TEST_CASE("a watermark is the greatest time minus the delay, and never goes back") {
  WatermarkTracker tracker({}, 10);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.begin(0);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.advance(0, 1337);
  CHECK(tracker.watermark() == 1327);
  std::vector<std::int64_t> seen;
  for (const std::int64_t time : {12345, 12300, 12340, 12280}) {
    tracker.advance(0, time);
    seen.push_back(tracker.watermark());
  }
  CHECK(seen == std::vector<std::int64_t>{12335, 12335, 12335, 12335});
}

TEST_CASE("a file not yet begun holds the watermark back, an ended one does not count") {
  WatermarkTracker tracker({{0, 1, 2}}, 0);
  tracker.begin(0);
  tracker.advance(0, 1000);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.begin(1);
  tracker.advance(1, 500);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.begin(2);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.advance(2, 200);
  CHECK(tracker.watermark() == 200);
  tracker.begin(1);  // a batch of an earlier input changes nothing
  CHECK(tracker.watermark() == 200);
}

TEST_CASE("an input without records does not hold the later ones back once it has ended") {
  WatermarkTracker tracker({{0, 1, 2}}, 5);
  tracker.begin(2);
  tracker.advance(2, 100);
  CHECK(tracker.watermark() == 95);
}

TEST_CASE("a time so early that the delay leaves the range of times tells nothing") {
  WatermarkTracker tracker({}, 10);
  tracker.advance(0, INT64_MIN + 5);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.advance(0, INT64_MIN + 11);
  CHECK(tracker.watermark() == INT64_MIN + 1);
}

TEST_CASE("inputs that are read together count from the start, until they end") {
  WatermarkTracker tracker({{0, 1, 1, 2}}, 0);
  tracker.begin(0);
  tracker.advance(0, 50);
  tracker.begin(2);
  tracker.advance(2, 300);
  tracker.begin(1);
  tracker.advance(1, 100);
  CHECK(tracker.watermark() == WatermarkTracker::none);  // the last file has not begun
  tracker.begin(3);
  tracker.advance(3, 200);
  CHECK(tracker.watermark() == 200);

  WatermarkTracker together({{0, 0}}, 5);
  together.begin(0);
  together.advance(0, 100);
  CHECK(together.watermark() == WatermarkTracker::none);
  together.advance(1, 60);
  CHECK(together.watermark() == 55);
  together.end(1);
  CHECK(together.watermark() == 95);
}

TEST_CASE("an idle input holds nothing back, until it brings a record again") {
  WatermarkTracker tracker({{0, 0}}, 10);
  tracker.advance(0, 100);
  tracker.advance(1, 20);
  CHECK(tracker.watermark() == 10);
  tracker.set_idle(1);
  CHECK(tracker.watermark() == 90);
  tracker.advance(1, 30);
  tracker.advance(0, 150);
  CHECK(tracker.watermark() == 90);
  tracker.advance(1, 130);
  CHECK(tracker.watermark() == 120);
}

TEST_CASE("where all inputs are silent event time is the greatest that there has been") {
  WatermarkTracker tracker({{0, 0}}, 10);
  tracker.advance(0, 100);
  tracker.set_idle(0);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.set_idle(1);
  CHECK(tracker.watermark() == 100);
  tracker.end(0);
  tracker.advance(1, 200);
  CHECK(tracker.watermark() == 190);
  tracker.end(1);
  CHECK(tracker.watermark() == 190);
}

TEST_CASE(
    "inputs that are one stream move its watermark together, and only all of them can be silent") {
  WatermarkTracker tracker({{0, 0}, true}, 10);
  tracker.begin(1);
  tracker.advance(1, 50);
  CHECK(tracker.watermark() == 40);
  tracker.set_idle(0);
  CHECK(tracker.watermark() == 40);
  tracker.advance(1, 60);
  CHECK(tracker.watermark() == 50);
  tracker.set_idle(1);
  CHECK(tracker.watermark() == 60);
  tracker.advance(0, 100);
  CHECK(tracker.watermark() == 90);
  tracker.end(0);
  CHECK(tracker.watermark() == 100);  // the other is still silent

  WatermarkTracker files({{0, 1, 2}, true}, 0);
  files.begin(0);
  files.advance(0, 5);
  CHECK(files.watermark() == 5);
}

TEST_CASE("of many inputs the watermark is the least at any moment") {
  constexpr std::size_t count = 50;
  WatermarkTracker tracker({std::vector<std::uint32_t>(count, 0)}, 3);
  std::vector<std::int64_t> greatest(count, INT64_MIN);
  std::uint64_t state = 1;
  for (int i = 0; i < 20000; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::size_t input = (state >> 33) % count;
    const std::int64_t time = i + static_cast<std::int64_t>((state >> 48) % 100);
    greatest[input] = std::max(greatest[input], time);
    tracker.advance(input, time);
    const std::int64_t least = *std::min_element(greatest.begin(), greatest.end());
    REQUIRE(tracker.watermark() == (least == INT64_MIN ? WatermarkTracker::none : least - 3));
  }
}
