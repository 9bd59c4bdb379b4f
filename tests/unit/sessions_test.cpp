#include "time/sessions.h"

#include <catch2/catch.hpp>
#include <vector>

#include "time/counted_windows.h"

using namespace riffle;

namespace {

constexpr std::int64_t never = INT64_MIN;

// A key's records, and the sessions that they leave.
class OneKey {
 public:
  explicit OneKey(std::int64_t gap) : sessions_(gap) {}

  bool add(std::int64_t time, std::int64_t watermark = never) { return sessions_.add("k", time, watermark, merged_).has_value(); }
  std::size_t merged() const { return merged_.size(); }
  std::vector<Bounds> close_until(std::int64_t watermark) {
    std::vector<Sessions::Closed> closed;
    sessions_.close_until(watermark, closed);
    std::vector<Bounds> bounds;
    for (const Sessions::Closed& session : closed) bounds.push_back(session.bounds);
    return bounds;
  }
  std::vector<Bounds> close_all() { return close_until(INT64_MAX); }

 private:
  Sessions sessions_;
  std::vector<Sessions::Merged> merged_;
};

using List = std::vector<Bounds>;

}  // namespace

TEST_CASE("a session reaches from its first record to the gap behind its last") {
  OneKey key(5000);
  key.add(0);
  CHECK(key.close_all() == List{{0, 5000}});
  key.add(4999);
  CHECK(key.close_all() == List{{4999, 9999}});
}

TEST_CASE("sessions that overlap or touch are one, whatever the order of their records") {
  OneKey key(1);
  for (const std::int64_t time : {0, 1, 2, 4, 5}) key.add(time);
  CHECK(key.close_all() == List{{0, 3}, {4, 6}});
  for (const std::int64_t time : {5, 2, 4, 0, 1}) key.add(time);
  CHECK(key.close_all() == List{{0, 3}, {4, 6}});
  for (const std::int64_t time : {-7, -6}) key.add(time);
  CHECK(key.close_all() == List{{-7, -5}});
}

TEST_CASE("a record that bridges two sessions makes one of them, and of three as well") {
  OneKey key(10);
  key.add(0);
  key.add(15);
  key.add(30);
  CHECK(key.merged() == 0);
  key.add(8);
  CHECK(key.merged() == 1);
  key.add(22);
  CHECK(key.merged() == 2);
  CHECK(key.close_all() == List{{0, 40}});
}

TEST_CASE("a session closes when the watermark reaches its last moment") {
  OneKey key(10);
  key.add(0);
  CHECK(key.close_until(8).empty());
  CHECK(key.close_until(9) == List{{0, 10}});
  CHECK(key.close_all().empty());
}

TEST_CASE("a record is late when the session that it would make is over; one that is open takes it in") {
  OneKey key(10);
  CHECK_FALSE(key.add(0, 9));
  CHECK(key.add(0, 8));
  CHECK(key.add(25, 8));
  CHECK(key.close_until(20) == List{{0, 10}});
  CHECK_FALSE(key.add(5, 20));
  CHECK(key.add(15, 24));  // its own window is over; the open one that it touches is not
  CHECK(key.close_all() == List{{15, 35}});
}

TEST_CASE("sessions close in the order of their ends, then of their first records, and each key has its own") {
  Sessions sessions(10);
  std::vector<Sessions::Merged> merged;
  CHECK(sessions.add("b", 5, never, merged) == 0);
  CHECK(sessions.add("a", 5, never, merged) == 1);
  CHECK(sessions.add("c", 0, never, merged) == 2);
  CHECK(sessions.add("b", 7, never, merged) == 0);
  std::vector<Sessions::Closed> closed;
  sessions.close_all(closed);
  std::vector<std::uint64_t> order;
  for (const auto& session : closed) order.push_back(session.session);
  CHECK(order == std::vector<std::uint64_t>{2, 1, 0});
}

TEST_CASE("a session that leaves the range of times is none") {
  OneKey key(10);
  CHECK_FALSE(key.add(INT64_MAX - 9));
  CHECK(key.add(INT64_MAX - 10));
}

TEST_CASE("what closed sessions took is given back") {
  Sessions sessions(10);
  std::vector<Sessions::Merged> merged;
  std::vector<Sessions::Closed> closed;
  for (int i = 0; i < 10000; i++) {
    sessions.add("k" + std::to_string(i), i, i - 100, merged);
    sessions.close_until(i - 100, closed);
  }
  CHECK(sessions.held() < 200 * 500);
  sessions.close_all(closed);
  CHECK(closed.size() == 10000);
  CHECK(sessions.held() == 0);
}

TEST_CASE("windows of a number of records: of each key, complete with the last of them") {
  CountedWindows counted(2, 1);
  std::vector<CountedWindows::Window> windows;
  CHECK_FALSE(counted.add("a", windows));
  CHECK_FALSE(counted.add("b", windows));
  windows.clear();
  CHECK(counted.add("a", windows));
  REQUIRE(windows.size() == 2);
  CHECK(windows[0].bounds == Bounds{0, 2});
  CHECK(windows[1].bounds == Bounds{1, 3});
  windows.clear();
  counted.close_all(windows);
  REQUIRE(windows.size() == 2);
  CHECK(windows[0].bounds == Bounds{0, 2});
  CHECK(windows[1].bounds == Bounds{1, 3});
  CHECK(windows[0].number < windows[1].number);
  CHECK(counted.held() == 0);
}
