#include "connectors/followed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <cstring>
#include <ctime>
#include <deque>

#include "connectors/descriptor.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr long nanoseconds_between_looks = 100'000'000;
// Of what has been read so much is compared with the file, when that has changed.
constexpr std::size_t most_compared = 1024;
// How long a file of which another one has taken the name is read on after its last byte, where
// somebody may still write to it: a program that has been told of the rotation opens the new one by
// then (Fluentd waits as long).
constexpr std::chrono::seconds patience(5);
// Coarser than any file system keeps times.
constexpr std::int64_t clock_tick = 2 * second;

std::int64_t nanoseconds_of(const timespec& time) { return time.tv_sec * second + time.tv_nsec; }

std::int64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds_of(time);
}

// Becomes readable each time that it is worth looking again.
Descriptor ticking_timer() {
  Descriptor timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  const itimerspec every{{0, nanoseconds_between_looks}, {0, nanoseconds_between_looks}};
  if (!timer.is_open() || timerfd_settime(timer.number(), 0, &every, nullptr))
    throw system_error("timerfd", errno);
  return timer;
}

class FollowedFile : public ByteSource {
 public:
  explicit FollowedFile(std::string path) : path_(std::move(path)), timer_(ticking_timer()) {
    std::signal(SIGIO, SIG_IGN);  // of has_no_writer()
  }

  std::size_t read(char* to, std::size_t size) override {
    while (would_wait()) wait_for(timer_.number(), POLLIN, -1);
    if (has_ended_) return 0;
    while (true) {
      const ssize_t n = ::read(file_.number(), to, std::min<std::size_t>(size, SSIZE_MAX));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw system_error(path_, errno);
      if (n == 0) has_ended_ = is_truncated_ = true;  // since it was looked at
      offset_ += n;
      last_growth_ = Clock::now();
      keep_tail({to, static_cast<std::size_t>(n)});
      return static_cast<std::size_t>(n);
    }
  }

  bool would_wait() override {
    std::uint64_t ticks = 0;
    [[maybe_unused]] const ssize_t drained = ::read(timer_.number(), &ticks, sizeof ticks);
    if (has_ended_) return false;
    if (!file_.is_open() && !open_at_offset()) return true;
    Change change = look();
    if (change == Change::none && is_replaced()) {
      // What was written to it before that is read first.
      const bool is_abandoned = has_no_writer() || Clock::now() - last_growth_ >= patience;
      change = look();
      has_ended_ = is_abandoned && change == Change::none;
    }
    is_truncated_ = change == Change::truncated;
    has_ended_ = has_ended_ || is_truncated_;
    return !has_ended_ && change == Change::none;
  }

  int descriptor() const override { return timer_.number(); }
  bool is_regular() const override { return false; }
  bool can_seek() const override { return true; }
  // A file that is shorter was truncated: it is read from its beginning.
  bool skip(std::uint64_t count) override {
    offset_ += static_cast<off_t>(count);
    if (file_.is_open()) seek_to(offset_);
    return true;
  }

  Successor begin_successor() override {
    if (!has_ended_) return Successor::none;
    has_ended_ = false;
    offset_ = changed_ = compared_ = 0;
    tail_.clear();
    if (!is_truncated_ && !next_.empty()) {
      file_ = std::move(next_.front());
      next_.pop_front();
      last_growth_ = Clock::now();
      return Successor::other_file;
    }
    seek_to(0);
    return Successor::truncated_file;
  }

 private:
  enum class Change { none, grown, truncated };

  // Not open: it is not there.
  Descriptor opened() const {
    Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file.is_open() && errno != ENOENT && errno != EINTR) throw system_error(path_, errno);
    return file;
  }

  bool open_at_offset() {
    file_ = opened();
    if (file_.is_open() && offset_ > 0) seek_to(offset_);
    return file_.is_open();
  }

  void seek_to(off_t offset) const {
    if (lseek(file_.number(), offset, SEEK_SET) < 0) throw system_error(path_, errno);
  }

  Change look() {
    struct stat status = {};
    if (fstat(file_.number(), &status)) throw system_error(path_, errno);
    if (status.st_size < offset_) return Change::truncated;
    if (may_be_rewritten(status) && !has_same_tail()) return Change::truncated;
    return status.st_size > offset_ ? Change::grown : Change::none;
  }

  // Whether it has changed since it was last compared. A change within a tick of its clock may
  // leave its times as they were.
  bool may_be_rewritten(const struct stat& status) {
    const std::int64_t changed =
        std::max(nanoseconds_of(status.st_mtim), nanoseconds_of(status.st_ctim));
    if (changed == changed_ && changed + clock_tick < compared_) return false;
    changed_ = changed;
    compared_ = now();
    return true;
  }

  // Whether what stands before the position is what was read there.
  bool has_same_tail() const {
    char there[most_compared];
    ssize_t n = 0;
    do n = pread(file_.number(), there, tail_.size(), offset_ - static_cast<off_t>(tail_.size()));
    while (n < 0 && errno == EINTR);
    if (n < 0) throw system_error(path_, errno);
    return std::string_view(there, static_cast<std::size_t>(n)) == tail_;
  }

  void keep_tail(std::string_view bytes) {
    bytes.remove_prefix(bytes.size() - std::min(bytes.size(), most_compared));
    tail_.erase(0, tail_.size() - std::min(tail_.size(), most_compared - bytes.size()));
    tail_ += bytes;
  }

  // Whether another file has taken its name. Those that do are opened: the next one may take it
  // while this one is still read.
  bool is_replaced() {
    const Descriptor& latest = next_.empty() ? file_ : next_.back();
    struct stat known = {}, named = {};
    if (stat(path_.c_str(), &named) == 0 && fstat(latest.number(), &known) == 0 &&
        (known.st_dev != named.st_dev || known.st_ino != named.st_ino))
      if (Descriptor file = opened(); file.is_open()) {
        if (next_.empty()) last_growth_ = Clock::now();
        next_.push_back(std::move(file));
      }
    return !next_.empty();
  }

  // Whether nobody has it open to write. False where the system does not say: it grants a lease of
  // a file to its owner, or to root, and of most file systems.
  bool has_no_writer() const {
    if (fcntl(file_.number(), F_SETLEASE, F_RDLCK)) return false;
    fcntl(file_.number(), F_SETLEASE, F_UNLCK);
    return true;
  }

  using Clock = std::chrono::steady_clock;

  std::string path_;
  Descriptor timer_, file_;
  std::deque<Descriptor> next_;    // the files that have taken its name since, in that order
  Clock::time_point last_growth_;  // when it brought something, or lost its name
  off_t offset_ = 0;
  std::string tail_;  // the last bytes before it, as they were read
  // When tail_ was compared, and when the file had changed by then.
  std::int64_t compared_ = 0, changed_ = 0;
  bool has_ended_ = false;  // the next read says so
  bool is_truncated_ = false;
};

bool is_packed(const std::string& path) { return path.ends_with(".gz") || path.ends_with(".zst"); }

}  // namespace

bool can_be_followed(const Endpoint& at) {
  struct stat status = {};
  return at.descriptor < 0 && (stat(at.path.c_str(), &status) != 0 || S_ISREG(status.st_mode));
}

std::unique_ptr<ByteSource> follow_file(const std::string& path) {
  if (is_packed(path))
    throw usage_error("--follow: cannot follow a compressed file: " + visible(path));
  return std::make_unique<FollowedFile>(path);
}

}  // namespace riffle
