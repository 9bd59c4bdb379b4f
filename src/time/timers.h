// Timers: what is to be done once event time has come so far, the earliest first. Pure; one thread
// at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace riffle {

// `Due` says when: a moment, or a struct with operator< that begins with one. Those that are due
// together come in no particular order.
template <typename T, typename Due = std::int64_t>
class Timers {
 public:
  struct Timer {
    Due due;
    T what;
  };

  void add(Due due, T what) {
    timers_.push_back({std::move(due), std::move(what)});
    std::push_heap(timers_.begin(), timers_.end(), Later());
  }
  bool empty() const { return timers_.empty(); }
  std::size_t size() const { return timers_.size(); }
  // The earliest one. REQUIRES: there is one.
  const Timer& next() const { return timers_.front(); }
  Timer take_next() {
    std::pop_heap(timers_.begin(), timers_.end(), Later());
    Timer next = std::move(timers_.back());
    timers_.pop_back();
    return next;
  }
  // All of them, in an order that add() keeps: added one after the other to an empty Timers they
  // come as they would here.
  const std::vector<Timer>& all() const { return timers_; }

 private:
  struct Later {
    bool operator()(const Timer& a, const Timer& b) const { return b.due < a.due; }
  };

  std::vector<Timer> timers_;  // a heap, the earliest in front
};

}  // namespace riffle
