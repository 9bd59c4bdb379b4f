#include "connectors/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "connectors/descriptor.h"
#include "connectors/endpoint.h"
#include "connectors/file_source.h"
#include "data/error.h"

namespace riffle {
namespace {

constexpr long nanoseconds_between_looks = 100000000;

// Becomes readable each time that it is worth looking again.
Descriptor ticking_timer() {
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const itimerspec every{{0, nanoseconds_between_looks}, {0, nanoseconds_between_looks}};
  if (!timer.is_open() || timerfd_settime(timer.number(), 0, &every, nullptr)) throw system_error("timerfd", errno);
  return timer;
}

class FollowedFile : public ByteSource {
 public:
  explicit FollowedFile(std::string path) : path_(std::move(path)), timer_(ticking_timer()) {}

  std::size_t read(char* to, std::size_t size) override {
    while (would_wait()) wait_for(timer_.number(), POLLIN, -1);
    if (has_ended_) return 0;
    while (true) {
      const ssize_t n = ::read(file_.number(), to, std::min<std::size_t>(size, SSIZE_MAX));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw system_error(path_, errno);
      offset_ += n;
      return static_cast<std::size_t>(n);
    }
  }

  bool would_wait() override {
    std::uint64_t ticks = 0;
    [[maybe_unused]] const ssize_t drained = ::read(timer_.number(), &ticks, sizeof ticks);
    if (has_ended_) return false;
    if (!file_.is_open()) file_ = opened();
    return !file_.is_open() || (!has_grown() && !is_replaced());
  }

  int descriptor() const override { return timer_.number(); }
  bool is_regular() const override { return false; }

  bool goes_on() override {
    if (!has_ended_) return false;
    has_ended_ = false;
    offset_ = 0;
    if (next_.is_open()) file_ = Descriptor(next_.release());
    else if (lseek(file_.number(), 0, SEEK_SET) < 0) throw system_error(path_, errno);
    return true;
  }

 private:
  // Not open: it is not there.
  Descriptor opened() const {
    Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.is_open() && errno != ENOENT && errno != EINTR) throw system_error(path_, errno);
    return file;
  }

  // There is more; or there is less: it was cut off, and begins anew.
  bool has_grown() {
    struct stat status = {};
    if (fstat(file_.number(), &status)) throw system_error(path_, errno);
    has_ended_ = status.st_size < offset_;
    return status.st_size != offset_;
  }

  // Another file has taken its name. What was written to this one before that is read first.
  bool is_replaced() {
    struct stat own = {}, named = {};
    if (stat(path_.c_str(), &named) || fstat(file_.number(), &own)) return false;
    if (own.st_dev == named.st_dev && own.st_ino == named.st_ino) return false;
    next_ = opened();
    if (!next_.is_open()) return false;
    has_ended_ = !has_grown();
    return true;
  }

  std::string path_;
  Descriptor timer_, file_, next_;
  off_t offset_ = 0;
  bool has_ended_ = false;  // the next read says so
};

bool is_packed(const std::string& path) { return path.ends_with(".gz") || path.ends_with(".zst"); }

}  // namespace

std::unique_ptr<ByteSource> follow_file(const std::string& where) {
  const Endpoint at = input_endpoint(where);
  struct stat status = {};
  const bool is_there = at.descriptor < 0 && stat(at.path.c_str(), &status) == 0;
  if (at.descriptor >= 0 || (is_there && !S_ISREG(status.st_mode))) return open_file(where);
  if (is_packed(at.path))
    throw usage_error("--follow: " + visible(at.path) + " is packed; what grows is read as it is, without --follow files are unpacked");
  return std::make_unique<FollowedFile>(at.path);
}

}  // namespace riffle
