// Interrupt: ends a run's reading from outside: a signal, or a thread that needs no more. A reader
// that waits for input wakes up. Safe for several threads.
#pragma once

#include <atomic>

namespace riffle {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  void raise();  // safe in a signal handler
  bool raised() const { return raised_; }
  // Can be read from once it was raised: to be polled.
  int descriptor() const { return descriptor_; }

 private:
  std::atomic<bool> raised_ = false;
  int descriptor_ = -1;
};

}  // namespace riffle
