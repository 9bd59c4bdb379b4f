// When windows fire. Pure; shared by threads.
//
// A window fires when the watermark reaches its last moment: its pane on time. It may also fire
// before that (early) and after it (late); Akidau et al., "The Dataflow Model", 2015, 2.3.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "records/pane.h"
#include "time/window.h"

namespace riffle {

struct Panes {
  // So long after its pane on time a window still takes records, each of which makes it fire
  // again.
  std::optional<std::int64_t> lateness;
  // An open window fires when the watermark passes a multiple of this, if it has had a record
  // since its last pane.
  std::optional<std::int64_t> early;
  bool discard = false;  // a pane has only what came since the last one

  // Whether a window may fire more than once.
  bool fires_repeatedly() const { return lateness || early; }
  // Whether the watermark has reached a window's last moment, and whether the window takes no more
  // records.
  static bool is_over(std::int64_t end, std::int64_t watermark) { return watermark >= end - 1; }
  bool is_gone(std::int64_t end, std::int64_t watermark) const { return watermark >= gone_at(end); }
  std::int64_t gone_at(std::int64_t end) const {
    std::int64_t moment = 0;
    return __builtin_add_overflow(end - 1, lateness.value_or(0), &moment) ? INT64_MAX : moment;
  }
  // The first multiple of `early` after a moment.
  std::int64_t early_after(std::int64_t moment) const {
    const std::int64_t rest = moment % *early;
    std::int64_t next = 0;
    return __builtin_add_overflow(moment - (rest < 0 ? rest + *early : rest), *early, &next)
               ? INT64_MAX
               : next;
  }
};

struct WindowPlan {
  // null: they are made of one key's records (sessions, counts).
  std::shared_ptr<const Windows> windows;
  Panes panes;
  bool fills = false;             // those without records, between others, are emitted as well
  bool fills_from_start = false;  // and those before the first record, since the clock is known
};

}  // namespace riffle
