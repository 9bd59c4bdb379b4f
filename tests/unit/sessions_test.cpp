#include "time/sessions.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "time/counted_windows.h"

using namespace riffle;

namespace {

// A key's records, and the sessions that they leave.
class OneKey {
 public:
  explicit OneKey(std::int64_t gap, Panes panes = {}) : sessions_(gap, panes) {}

  bool add(std::int64_t time) { return sessions_.add("k", time, merged_, events_).has_value(); }
  std::size_t merged() const { return merged_.size(); }
  std::vector<Bounds> advance(std::int64_t watermark) {
    sessions_.advance(watermark, events_);
    return come_out();
  }
  // What the watermark does on its way, and what happened since: "early[0,10)".
  std::string go(std::int64_t watermark) {
    sessions_.advance(watermark, events_);
    return happened();
  }
  std::vector<Bounds> close_all() { return sessions_.close_all(events_), come_out(); }
  std::string happened() {
    std::string text;
    for (const Sessions::Event& event : events_) {
      text += text.empty() ? "" : " ";
      if (event.pane)
        text += std::string(name_of(*event.pane)) + "[" + std::to_string(event.bounds.start) + "," +
                std::to_string(event.bounds.end) + ")";
      if (event.is_gone) text += "gone";
    }
    events_.clear();
    return text;
  }
  Sessions& sessions() { return sessions_; }

 private:
  std::vector<Bounds> come_out() {
    std::vector<Bounds> bounds;
    for (const Sessions::Event& event : events_)
      if (event.pane) bounds.push_back(event.bounds);
    events_.clear();
    return bounds;
  }

  Sessions sessions_;
  std::vector<Sessions::Merged> merged_;
  std::vector<Sessions::Event> events_;
};

using List = std::vector<Bounds>;

List sessions_of(const std::vector<std::int64_t>& times, std::int64_t gap) {
  OneKey key(gap);
  for (const std::int64_t time : times) key.add(time);
  return key.close_all();
}

}  // namespace

TEST_CASE("a session reaches from its first record to the gap behind its last") {
  CHECK(sessions_of({0}, 5000) == List{{0, 5000}});
  CHECK(sessions_of({4999}, 5000) == List{{4999, 9999}});
}

TEST_CASE("sessions that overlap or touch are one, whatever the order of their records") {
  CHECK(sessions_of({0, 1, 2, 4, 5}, 1) == List{{0, 3}, {4, 6}});
  CHECK(sessions_of({5, 2, 4, 0, 1}, 1) == List{{0, 3}, {4, 6}});
  CHECK(sessions_of({-7, -6}, 1) == List{{-7, -5}});
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
  CHECK(key.advance(8).empty());
  CHECK(key.advance(9) == List{{0, 10}});
  CHECK(key.close_all().empty());
}

TEST_CASE(
    "a record is late when the session that it would make is over; one that is open takes it in") {
  OneKey key(10);
  key.advance(8);
  CHECK(key.add(0));
  CHECK(key.add(25));
  CHECK(key.advance(9) == List{{0, 10}});
  CHECK_FALSE(key.add(0));
  key.advance(24);
  CHECK(key.add(15));  // its own window is over; the open one that it touches is not
  CHECK(key.close_all() == List{{15, 35}});
}

TEST_CASE(
    "sessions close in the order of their ends, then of their first records, and each key has its "
    "own") {
  Sessions sessions(10);
  std::vector<Sessions::Merged> merged;
  std::vector<Sessions::Event> events;
  CHECK(sessions.add("b", 5, merged, events) == 0);
  CHECK(sessions.add("a", 5, merged, events) == 1);
  CHECK(sessions.add("c", 0, merged, events) == 2);
  CHECK(sessions.add("b", 7, merged, events) == 0);
  CHECK(events.empty());
  sessions.close_all(events);
  std::vector<std::uint64_t> order;
  for (const auto& event : events) order.push_back(event.session);
  CHECK(order == std::vector<std::uint64_t>{2, 1, 0});
}

TEST_CASE(
    "a session that comes out late takes records for so long, and each makes it come out again") {
  OneKey key(10, {20, {}, false});
  key.add(0);
  CHECK(key.go(9) == "on_time[0,10)");
  CHECK(key.add(5));
  CHECK(key.happened().empty());  // its end has moved on: it is open again
  CHECK(key.go(14) == "on_time[0,15)");
  CHECK(key.add(3));
  CHECK(key.happened() == "late[0,15)");
  CHECK(key.add(-12));  // never seen, and over already, but not gone
  CHECK(key.happened() == "late[-12,-2)");
  CHECK(key.go(33) == "gone");
  CHECK(key.go(34) == "gone");
  CHECK_FALSE(key.add(4));
  CHECK(key.sessions().held() == 0);
}

TEST_CASE(
    "open sessions with new records come out when the watermark passes a multiple; the first "
    "watermark passes none") {
  OneKey key(10, {{}, 5, true});
  key.add(2);
  CHECK(key.go(7).empty());
  CHECK(key.go(9).empty());
  CHECK(key.go(10) == "early[2,12)");
  CHECK(key.go(30) == "gone");  // nothing is new
  key.add(31);
  key.add(50);
  // It passes the multiple before the ends.
  CHECK(key.go(70) == "early[31,41) early[50,60) gone gone");
}

TEST_CASE("a session that leaves the range of times is none") {
  OneKey key(10);
  CHECK_FALSE(key.add(INT64_MAX - 9));
  CHECK(key.add(INT64_MAX - 10));
}

TEST_CASE("what closed sessions took is given back") {
  Sessions sessions(10);
  std::vector<Sessions::Merged> merged;
  std::vector<Sessions::Event> events;
  for (int i = 0; i < 10000; i++) {
    sessions.advance(i - 100, events);
    sessions.add("k" + std::to_string(i), i, merged, events);
  }
  CHECK(sessions.held() < 200 * 500);
  sessions.close_all(events);
  CHECK(events.size() == 10000);
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
