// StopRequest: a signal asks the run to end. A computation that takes long looks here, and is
// abandoned. One for the process: any thread asks, and what is asked may be far from the engine.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace riffle {

// Thrown by a computation that is abandoned. The engine catches it, and knows what has become of
// the records: it is no Error.
struct Abandoned {
  std::string stage = {};  // where it was; the engine sets it
};

class StopRequest {
 public:
  // What is begun may take so long after the request.
  static constexpr std::chrono::milliseconds patience{1000}, last_patience{1500};

  // The first one counts. Safe in a signal handler.
  static void ask();
  // For the next run of a process.
  static void withdraw() { asked_at.store(0); }

  static bool is_asked() { return asked_at.load(std::memory_order_relaxed) != 0; }
  // Whether it was asked for so long ago.
  static bool is_older_than(std::chrono::nanoseconds age);

  // For each step of what may take long. Throws Abandoned once last_patience is over, since the
  // request and since note_progress(): what is held is delivered, however much it is.
  static void check() {
    if (is_asked()) check_progress();
  }
  // For what makes many records of few: throws Abandoned once the request is older than
  // last_patience.
  static void check_age() {
    if (is_asked() && is_older_than(last_patience)) throw Abandoned();
  }
  // A batch goes on to the next stage. Of this thread.
  static void note_progress() {
    if (is_asked()) reset_progress();
  }

 private:
  static void check_progress();
  static void reset_progress();

  static std::atomic<std::int64_t> asked_at;  // by the steady clock, in nanoseconds; 0: it is not
};

}  // namespace riffle
