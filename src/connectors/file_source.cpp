#include "connectors/file_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "connectors/decompress.h"
#include "connectors/descriptor.h"
#include "connectors/endpoint.h"
#include "connectors/followed_file.h"
#include "values/error.h"

namespace riffle {
namespace {

struct stat status_of(const Endpoint& at) {
  struct stat status = {};
  const int failed =
      at.descriptor >= 0 ? fstat(at.descriptor, &status) : stat(at.path.c_str(), &status);
  if (failed) throw system_error(at.path, errno);
  if (S_ISDIR(status.st_mode)) throw system_error(at.path, EISDIR);
  return status;
}

class FileSource : public ByteSource {
 public:
  FileSource(std::string path, Descriptor file, mode_t mode)
      : path_(std::move(path)),
        file_(std::move(file)),
        is_regular_(S_ISREG(mode)),
        is_pipe_(S_ISFIFO(mode)) {}

  std::size_t read(char* to, std::size_t size) override {
    // A named pipe without a writer yet is not at its end.
    if (is_pipe_) wait_for(file_.number(), POLLIN, -1);
    while (true) {
      const ssize_t n = ::read(file_.number(), to, std::min<std::size_t>(size, SSIZE_MAX));
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EAGAIN || errno == EWOULDBLOCK)
        wait_for(file_.number(), POLLIN, -1);
      else if (errno != EINTR)
        throw system_error(path_, errno);
    }
  }
  bool would_wait() override { return !is_regular_ && !wait_for(file_.number(), POLLIN, 0); }
  int descriptor() const override { return is_regular_ ? -1 : file_.number(); }
  bool is_regular() const override { return is_regular_; }
  bool skip(std::uint64_t count) override {
    if (!is_regular_) return ByteSource::skip(count);
    struct stat status = {};
    const off_t at = lseek(file_.number(), 0, SEEK_CUR);
    if (at < 0 || fstat(file_.number(), &status)) throw system_error(path_, errno);
    if (status.st_size < at || static_cast<std::uint64_t>(status.st_size - at) < count)
      return false;
    if (lseek(file_.number(), static_cast<off_t>(count), SEEK_CUR) < 0)
      throw system_error(path_, errno);
    return true;
  }

 private:
  std::string path_;
  Descriptor file_;
  bool is_regular_, is_pipe_;
};

Descriptor open_for_reading(const Endpoint& at, mode_t mode) {
  if (at.descriptor >= 0) {
    Descriptor copy(fcntl(at.descriptor, F_DUPFD_CLOEXEC, 3));
    if (!copy.is_open()) throw system_error(at.path, errno);
    return copy;
  }
  // Without O_NONBLOCK the open itself would wait for a named pipe's writer, deaf to signals.
  const int wait = S_ISFIFO(mode) ? O_NONBLOCK : 0;
  while (true) {
    Descriptor file(open(at.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | wait));
    if (file.is_open()) return file;
    if (errno != EINTR) throw system_error(at.path, errno);
  }
}

}  // namespace

void check_file_exists(const SourceOptions& options) {
  const Endpoint at = input_endpoint(options.where);
  status_of(at);
  if (at.descriptor < 0 && faccessat(AT_FDCWD, at.path.c_str(), R_OK, AT_EACCESS))
    throw system_error(at.path, errno);
}

bool is_live_file(const SourceOptions& options) {
  if (options.follow) return true;
  const Endpoint at = input_endpoint(options.where);
  struct stat status = {};
  const int failed =
      at.descriptor >= 0 ? fstat(at.descriptor, &status) : stat(at.path.c_str(), &status);
  return !failed && !S_ISREG(status.st_mode);
}

std::unique_ptr<ByteSource> open_file(const SourceOptions& options) {
  const Endpoint at = input_endpoint(options.where);
  if (options.descriptor >= 0) {
    const std::string same = fmt::format("/proc/self/fd/{}", options.descriptor);
    Descriptor file(open(same.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) throw system_error(at.path, errno);
    return decompressed(std::make_unique<FileSource>(at.path, std::move(file), S_IFREG), at.path);
  }
  if (options.follow && can_be_followed(at)) return follow_file(at.path);
  const mode_t mode = status_of(at).st_mode;
  Descriptor file = open_for_reading(at, mode);
  if (S_ISREG(mode)) posix_fadvise(file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  if (S_ISFIFO(mode)) widen_pipe(file.number());
  return decompressed(std::make_unique<FileSource>(at.path, std::move(file), mode), at.path);
}

}  // namespace riffle
