#include "time/watermark.h"

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

TEST_CASE("an input that steps aside holds nothing back, until it brings a record again") {
  WatermarkTracker tracker({{0, 0}}, 10);
  tracker.advance(0, 100);
  tracker.advance(1, 20);
  CHECK(tracker.watermark() == 10);
  tracker.step_aside(1);
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
  tracker.step_aside(0);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.step_aside(1);
  CHECK(tracker.watermark() == 100);
  tracker.end(0);
  tracker.advance(1, 200);
  CHECK(tracker.watermark() == 190);
  tracker.end(1);
  CHECK(tracker.watermark() == 190);
}
