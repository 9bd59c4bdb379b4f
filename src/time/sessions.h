// Sessions: windows of one key's records that no gap of a given length parts. A record opens [time,
// time + gap); windows that overlap or touch are one (Akidau et al., "The Dataflow Model",
// 2015, 2.2.2; touching counts, as in Flink). Pure; one thread at a time.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/text_map.h"
#include "time/timers.h"
#include "time/window_plan.h"
#include "values/saved_state.h"

namespace riffle {

class Sessions {
 public:
  // Numbered in the order of their first records.
  using Number = std::uint64_t;
  struct Merged {
    Number from, into;
  };
  // A session fires, or is dropped: it takes no more records.
  struct Event {
    Number session = 0;
    Bounds bounds;
    std::optional<Pane> pane;
    bool is_gone = false;
  };

  // `gap` is more than zero.
  explicit Sessions(std::int64_t gap, Panes panes = {}) : gap_(gap), panes_(panes) {}
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  // The session of a record; open ones that it bridges become one, the first of them, and the
  // others are appended to `merged`. Where it fires at once, since it is over already, that is
  // appended to `events`. Nothing: the record is late, since the session that it would make is
  // gone, or that leaves the range of times.
  std::optional<Number> add(std::string_view key, std::int64_t time, std::vector<Merged>& merged,
                            std::vector<Event>& events);
  // The window that a record opens by itself.
  std::optional<Bounds> window_of(std::int64_t time) const;

  // The watermark goes there. Appends what that makes of the sessions: by the moment at which it
  // happens, then in the order of the sessions' ends, then of their first records.
  void advance(std::int64_t watermark, std::vector<Event>& events);
  // The end of the input: sessions that have not fired on time do, and all are dropped.
  void close_all(std::vector<Event>& events);

  // The sessions that are open.
  void save(StateWriter& to) const;
  // REQUIRES: none has been opened yet.
  void load(StateReader& from);
  // Bytes, about.
  std::size_t held() const;

 private:
  struct Session {
    Bounds bounds;
    Number number = 0;
    bool is_over = false;          // its pane on time has been emitted
    bool has_records = false;      // since its last pane
    std::int64_t due = INT64_MAX;  // the moment for which it stands in due_
  };
  using Open = std::map<std::int64_t, Session>;  // by their starts
  // A key's open sessions. It is kept as long as something points to it.
  struct Key {
    std::string text;
    Open open;
    std::size_t pointed_to = 0;
    mutable std::size_t number = 0;  // while it is saved
  };
  // What waits for a moment: a key's session. When that has come the session may have moved on, or
  // be part of another one.
  struct Due {
    std::int64_t moment = 0, end = 0;
    Number number = 0;

    auto operator<=>(const Due&) const = default;
  };
  using Waiting = Timers<Key*, Due>;

  static Session merge(Open::iterator first, Open::iterator last, Bounds window,
                       std::vector<Merged>& merged);
  void take_record(Session& session, Key& key, std::vector<Event>& events);
  void wait(Session& session, Key& key);
  // The session that waits so, where it still is: it covers at least what it did.
  static Session* find(const Waiting::Timer& timer);
  void forget(const Waiting::Timer& timer);
  void reach(const Waiting::Timer& timer, std::vector<Event>& events);
  void save_timer(const Waiting::Timer& timer, StateWriter& to) const;
  Waiting::Timer load_timer(StateReader& from, const std::vector<Key*>& keys);
  void emit_early_panes(std::vector<Event>& events);

  std::int64_t gap_;
  Panes panes_;
  Number next_ = 0;
  TextViewMap<std::unique_ptr<Key>> keys_;
  std::int64_t watermark_ = INT64_MIN;
  Waiting due_;  // by the moments at which sessions are over, then gone
  // Those that fire before that, all at the next multiple that the watermark passes.
  std::vector<Waiting::Timer> early_;
};

}  // namespace riffle
