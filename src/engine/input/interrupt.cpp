#include "engine/input/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "values/error.h"

namespace riffle {

Interrupt::Interrupt() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw system_error("eventfd", errno);
}

Interrupt::~Interrupt() { close(descriptor_); }

void Interrupt::raise() {
  raised_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof one);
}

}  // namespace riffle
