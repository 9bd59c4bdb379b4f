// ByteSink: where the bytes of an output go. One thread at a time. Everything is checked; what
// fails throws Error (failed) with the path and the reason.
#pragma once

#include <cstdint>
#include <string_view>

namespace riffle {

// What a sink can promise to a run that goes on from a checkpoint of an earlier one.
enum class Promise {
  at_least_once,  // what has been written is out: what came after the checkpoint is written again
  whole,  // nothing is out before publish(): a run that goes on writes the output from its start
  exactly_once,  // what came after the checkpoint can be taken back: length() and cut_back()
};

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
  // Nothing comes for a while: a file is closed where it can be opened again, and the next write
  // does so.
  virtual void pause() {}
  // Everything has been written: syncs and closes, so that of several outputs none is published
  // before all of them are on disk. Only publish() may follow.
  virtual void prepare() {}
  // The same where it has not been done, and gives a file its name. Without this call nothing is
  // published.
  virtual void publish() = 0;
  virtual bool is_terminal() const = 0;

  virtual Promise promise() const = 0;
  // The bytes that are there, synced: a place that cut_back() can return to, in this run or in a
  // later one. REQUIRES: promise() is exactly_once.
  virtual std::uint64_t length();
  // Takes back all but the first `length` bytes. REQUIRES: promise() is exactly_once, and length()
  // has returned that. Throws Error (failed) when the file is shorter.
  virtual void cut_back(std::uint64_t length);
};

}  // namespace riffle
