#include "state/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "data/error.h"

namespace riffle {
namespace {

std::string temporary_folder() {
  const char* const folder = std::getenv("TMPDIR");
  return folder && *folder ? folder : "/tmp";
}

Error spill_error(const std::string& folder, int error) { return system_error(folder + " (a temporary file)", error); }

}  // namespace

SpillFile::SpillFile() : folder_(temporary_folder()) {
  std::string name = folder_ + "/riffle-XXXXXX";
  file_ = mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) throw spill_error(folder_, errno);
  if (unlink(name.c_str()) != 0) {
    const int error = errno;
    close(file_);
    throw spill_error(folder_, error);
  }
}

SpillFile::~SpillFile() { close(file_); }  // nothing that is still wanted is in it

void SpillFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw spill_error(folder_, errno);
    size_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void SpillFile::read(std::uint64_t offset, char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = pread(file_, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw spill_error(folder_, got < 0 ? errno : EIO);  // what was written is there
    offset += static_cast<std::uint64_t>(got);
    to += got;
    size -= static_cast<std::size_t>(got);
  }
}

SpillReader::SpillReader(const SpillFile& file, std::uint64_t begin, std::uint64_t end, std::size_t buffer)
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
    const std::size_t more = static_cast<std::size_t>(std::min<std::uint64_t>(capacity_ - left, end_ - next_));
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
