#include "time/watermark.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace riffle;

TEST_CASE("a watermark is the greatest time minus the delay, and never goes back") {
  WatermarkTracker tracker(1, 10);
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
  WatermarkTracker tracker(3, 0);
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
  WatermarkTracker tracker(3, 5);
  tracker.begin(2);
  tracker.advance(2, 100);
  CHECK(tracker.watermark() == 95);
}

TEST_CASE("a time so early that the delay leaves the range of times tells nothing") {
  WatermarkTracker tracker(1, 10);
  tracker.advance(0, INT64_MIN + 5);
  CHECK(tracker.watermark() == WatermarkTracker::none);
  tracker.advance(0, INT64_MIN + 11);
  CHECK(tracker.watermark() == INT64_MIN + 1);
}
