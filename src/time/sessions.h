// Sessions: windows of one key's records that no gap of a given length parts. A record opens [time, time + gap); windows
// that overlap or touch are one (Akidau et al., "The Dataflow Model", 2015, 2.2.2; touching counts, as in Flink). Pure; one
// thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "time/window.h"

namespace riffle {

class Sessions {
 public:
  // Numbered in the order of their first records.
  using Number = std::uint64_t;
  struct Merged {
    Number from, into;
  };
  struct Closed {
    Number session;
    Bounds bounds;
  };

  // `gap` is more than zero.
  explicit Sessions(std::int64_t gap) : gap_(gap) {}
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // The session of a record; open ones that it bridges become one, the first of them, and the others are appended to `merged`.
  // Nothing: it is late, since the watermark has reached the last moment of the session that it would make, or that leaves the
  // range of times.
  std::optional<Number> add(std::string_view key, std::int64_t time, std::int64_t watermark, std::vector<Merged>& merged);
  // The window that a record opens by itself.
  std::optional<Bounds> window_of(std::int64_t time) const;

  // Appends the sessions whose last moment the watermark has reached, in the order of their ends, then of their first records.
  void close_until(std::int64_t watermark, std::vector<Closed>& closed);
  void close_all(std::vector<Closed>& closed) { close_until(INT64_MAX, closed); }

  // Bytes, about.
  std::size_t held() const;

 private:
  struct Session {
    Bounds bounds;
    Number number = 0;
  };
  // A key's open sessions, by their starts. It is kept as long as an entry of `due_` points to it.
  struct Key {
    std::string text;
    std::vector<Session> open;
    std::size_t due = 0;
  };
  // When a session closes at the earliest: records may have moved its end since, or it may be part of another one.
  struct Due {
    std::int64_t end = 0;
    Number number = 0;
    Key* key = nullptr;
    bool operator<(const Due& other) const { return end != other.end ? end > other.end : number > other.number; }
  };

  void add_due(const Session& session, Key& key);

  std::int64_t gap_;
  Number next_ = 0;
  std::unordered_map<std::string_view, std::unique_ptr<Key>> keys_;
  std::priority_queue<Due> due_;
};

}  // namespace riffle
