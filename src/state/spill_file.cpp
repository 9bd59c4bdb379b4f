#include "state/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

#include "values/error.h"

namespace riffle {
namespace {

std::string temporary_folder() {
  const char* const folder = std::getenv("TMPDIR");
  return folder && *folder ? folder : "/tmp";
}

Error spill_error(const std::string& folder, int error) {
  return system_error(folder + " (a temporary file)", error);
}

}  // namespace

// The file that all have pieces of. Several threads may use it. (What is never written takes no
// room on a disk.)
class SpillFile::Shared {
 public:
  static constexpr std::uint64_t slot_size = 256 * 1024;

  // The one that there is; in $TMPDIR, else /tmp.
  static std::shared_ptr<Shared> get() {
    static std::mutex mutex;
    static std::weak_ptr<Shared> known;
    const std::lock_guard lock(mutex);
    std::shared_ptr<Shared> shared = known.lock();
    if (!shared) known = shared = std::make_shared<Shared>();
    return shared;
  }

  Shared() : folder_(temporary_folder()) {
    std::string name = folder_ + "/riffle-XXXXXX";
    file_ = mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) throw spill_error(folder_, errno);
    if (unlink(name.c_str()) != 0) {
      const int error = errno;
      close(file_);
      throw spill_error(folder_, error);
    }
  }
  ~Shared() { close(file_); }  // nothing that is still wanted is in it
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  std::uint64_t take_slot() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::exchange(end_, end_ + slot_size);
    const std::uint64_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(const std::vector<std::uint64_t>& slots) {
    const std::lock_guard lock(mutex_);
    free_.insert(free_.end(), slots.begin(), slots.end());
  }

  void write(std::uint64_t at, std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw spill_error(folder_, errno);
      at += static_cast<std::uint64_t>(written);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void read(std::uint64_t at, char* to, std::size_t size) const {
    while (size > 0) {
      const ssize_t got = pread(file_, to, size, static_cast<off_t>(at));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw spill_error(folder_, got < 0 ? errno : EIO);  // what was written is there
      at += static_cast<std::uint64_t>(got);
      to += got;
      size -= static_cast<std::size_t>(got);
    }
  }

 private:
  std::string folder_;
  int file_ = -1;
  std::mutex mutex_;  // guards what follows
  std::uint64_t end_ = 0;
  std::vector<std::uint64_t> free_;
};

SpillFile::SpillFile() : shared_(Shared::get()) {}

SpillFile::~SpillFile() { shared_->give_back(slots_); }

void SpillFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::uint64_t used = size_ % Shared::slot_size;
    if (used == 0) slots_.push_back(shared_->take_slot());
    const std::string_view piece = bytes.substr(0, Shared::slot_size - used);
    shared_->write(slots_.back() + used, piece);
    size_ += piece.size();
    bytes.remove_prefix(piece.size());
  }
}

void SpillFile::read(std::uint64_t offset, char* to, std::size_t size) const {
  while (size > 0) {
    const std::uint64_t inside = offset % Shared::slot_size;
    const std::size_t piece =
        static_cast<std::size_t>(std::min<std::uint64_t>(size, Shared::slot_size - inside));
    shared_->read(slots_[offset / Shared::slot_size] + inside, to, piece);
    offset += piece;
    to += piece;
    size -= piece;
  }
}

void SpillFile::save(std::uint64_t begin, std::uint64_t end, StateWriter& to) const {
  constexpr std::uint64_t at_once = 1 << 20;
  std::string piece;
  for (; begin < end; begin += piece.size()) {
    piece.resize(std::min(at_once, end - begin));
    read(begin, piece.data(), piece.size());
    to.bytes(piece);
  }
}

SpillReader::SpillReader(const SpillFile& file, std::uint64_t begin, std::uint64_t end,
                         std::size_t buffer)
    : file_(&file), next_(begin), end_(end), buffer_(buffer) {}

const char* SpillReader::take(std::size_t size) {
  if (filled_ - at_ < size) {
    const std::size_t left = filled_ - at_;
    if (std::max(size, buffer_) > capacity_) {
      capacity_ = std::max(size, buffer_);
      std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(capacity_);
      if (left > 0) std::memcpy(larger.get(), bytes_.get() + at_, left);
      bytes_ = std::move(larger);
    } else if (left > 0) {
      std::memmove(bytes_.get(), bytes_.get() + at_, left);
    }
    const std::size_t more =
        static_cast<std::size_t>(std::min<std::uint64_t>(capacity_ - left, end_ - next_));
    if (left + more < size) throw failure("a temporary file ends too early");
    file_->read(next_, bytes_.get() + left, more);
    next_ += more;
    at_ = 0;
    filled_ = left + more;
  }
  const char* const taken = bytes_.get() + at_;
  at_ += size;
  return taken;
}

}  // namespace riffle
