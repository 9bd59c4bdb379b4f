#include "connectors/file_sink.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <random>

#include "connectors/compress.h"
#include "connectors/descriptor.h"
#include "connectors/endpoint.h"
#include "connectors/file_place.h"
#include "connectors/status_line.h"
#include "values/error.h"

namespace riffle {
namespace {

template <typename Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

void write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), std::min<std::size_t>(bytes.size(), SSIZE_MAX));
    if (n > 0)
      bytes.remove_prefix(static_cast<std::size_t>(n));
    else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      wait_for(file, POLLOUT, -1);
    else if (n == 0 || errno != EINTR)
      throw system_error(path, n == 0 ? EIO : errno);
  }
}

// After EINTR the descriptor is closed on Linux, and closing it again could close another's; the
// data are not in doubt then.
void close_checked(Descriptor& file, const std::string& path) {
  if (::close(file.release()) && errno != EINTR) throw system_error(path, errno);
}

class StraightFile : public ByteSink {
 public:
  StraightFile(Descriptor file, std::string path)
      : file_(std::move(file)),
        path_(std::move(path)),
        shares_terminal_(StatusLine::shares_terminal(file_.number())) {}

  void write(std::string_view bytes) override {
    if (shares_terminal_) status_line().hide();
    write_all(file_.number(), bytes, path_);
    if (shares_terminal_) status_line().show_again(bytes.ends_with('\n'));
  }
  void prepare() override { close_checked(file_, path_); }
  void publish() override {
    if (file_.is_open()) prepare();
  }
  bool is_terminal() const override { return isatty(file_.number()); }
  Promise promise() const override { return Promise::at_least_once; }

 private:
  Descriptor file_;
  std::string path_;
  bool shares_terminal_;
};

// The new name itself must survive a crash. Some file systems cannot sync folders, and say EINVAL.
void sync_folder(const FilePlace& place, const std::string& path) {
  const Descriptor there = place.folder();
  const Descriptor folder(
      retried([&] { return openat(there.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (!folder.is_open()) return;  // a folder may be writable and not readable
  if (retried([&] { return fsync(folder.number()); }) < 0 && errno != EINVAL)
    throw system_error(path, errno);
}

// Written next to the file that it is to become: without a name until then where the system can do
// that, so that no file is left however the process ends.
class NewFile : public ByteSink {
 public:
  // `place`: symlinks that may be followed are; `old`: what is there now, if anything is.
  NewFile(std::string path, FilePlace place, const struct stat* old)
      : path_(std::move(path)), place_(std::move(place)) {
    if (!open_nameless()) open_temporary();
    if (old && !keep_owner_and_mode(*old)) {
      const int reason = errno;
      remove_temporary();
      throw system_error(path_, reason);
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() override { remove_temporary(); }

  void write(std::string_view bytes) override {
    open_again();
    write_all(file_.number(), bytes, path_);
  }

  void pause() override {
    if (!file_.is_open()) return;
    if (temporary_.empty()) give_name();
    close_checked(file_, path_);
  }

  void prepare() override {
    open_again();
    check(retried([this] { return fsync(file_.number()); }));
    if (temporary_.empty()) give_name();
    close_checked(file_, path_);
    is_prepared_ = true;
  }

  void publish() override {
    if (!is_prepared_) prepare();
    {
      const Descriptor folder = opened_folder();
      check(renameat(folder.number(), temporary_.c_str(), folder.number(), place_.name()));
    }
    temporary_.clear();
    sync_folder(place_, path_);
  }
  bool is_terminal() const override { return false; }
  Promise promise() const override { return Promise::whole; }

 private:
  void check(int result) const {
    if (result < 0) throw system_error(path_, errno);
  }

  Descriptor opened_folder() const {
    Descriptor folder = place_.folder();
    check(folder.number());
    return folder;
  }

  void open_again() {
    if (file_.is_open()) return;
    const Descriptor folder = opened_folder();
    constexpr int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    file_ = Descriptor(retried([&] { return openat(folder.number(), temporary_.c_str(), flags); }));
    check(file_.number());
  }

  std::string name_in_proc() const { return fmt::format("/proc/self/fd/{}", file_.number()); }

  bool open_nameless() {
#if defined(O_TMPFILE)
    const Descriptor folder = opened_folder();
    file_ = Descriptor(retried(
        [&] { return openat(folder.number(), ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666); }));
    return file_.is_open() && access(name_in_proc().c_str(), F_OK) == 0;
#else
    return false;
#endif
  }
  // rename() needs a name; link() replaces nothing.
  void give_name() {
    with_temporary_name([this](int folder) {
      return linkat(AT_FDCWD, name_in_proc().c_str(), folder, temporary_.c_str(),
                    AT_SYMLINK_FOLLOW) == 0;
    });
  }
  void open_temporary() {
    with_temporary_name([this](int folder) {
      file_ = Descriptor(retried([&] {
        return openat(folder, temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      }));
      return file_.is_open();
    });
  }

  template <typename Take>
  void with_temporary_name(Take take) {
    constexpr int attempts = 100;
    const Descriptor folder = opened_folder();
    std::random_device random;
    for (int i = 0; i < attempts; i++) {
      temporary_ = fmt::format(".riffle-{:08x}{:08x}", random(), random());
      if (take(folder.number())) return;
      if (errno != EEXIST) break;
    }
    const int reason = errno;
    temporary_.clear();
    throw system_error(path_, reason);
  }

  bool keep_owner_and_mode(const struct stat& old) const {
    struct stat mine = {};
    if (fstat(file_.number(), &mine)) return false;
    // Another's file stays theirs only where the system lets us give files away.
    if (mine.st_uid != old.st_uid || mine.st_gid != old.st_gid) [[maybe_unused]]
      const int given = fchown(file_.number(), old.st_uid, old.st_gid);
    return fchmod(file_.number(), old.st_mode & 0777) == 0;
  }

  void remove_temporary() {
    if (temporary_.empty()) return;
    if (const Descriptor folder = place_.folder(); folder.is_open())
      unlinkat(folder.number(), temporary_.c_str(), 0);
  }

  std::string path_;
  FilePlace place_;
  std::string temporary_;  // its name, in the place's folder
  Descriptor file_;
  bool is_prepared_ = false;
};

// Written under its own name, after what it has already.
class GrowingFile : public ByteSink {
 public:
  GrowingFile(std::string path, FilePlace place)
      : path_(std::move(path)), place_(std::move(place)) {
    open_again();
  }

  void write(std::string_view bytes) override {
    open_again();
    write_all(file_.number(), bytes, path_);
  }
  void pause() override {
    if (file_.is_open()) close_checked(file_, path_);
  }
  void publish() override {
    sync();
    close_checked(file_, path_);
    sync_folder(place_, path_);
  }
  bool is_terminal() const override { return false; }

  Promise promise() const override { return Promise::exactly_once; }
  std::uint64_t length() override {
    sync();
    return size();
  }
  void cut_back(std::uint64_t length) override {
    open_again();
    if (const std::uint64_t there = size(); there < length)
      throw failure(fmt::format("{}: has {} bytes, fewer than the {} that were written", path_,
                                there, length));
    if (retried([&] { return ftruncate(file_.number(), static_cast<off_t>(length)); }) < 0)
      throw system_error(path_, errno);
  }

 private:
  void open_again() {
    if (file_.is_open()) return;
    const Descriptor folder = place_.folder();
    if (!folder.is_open()) throw system_error(path_, errno);
    constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC;
    file_ =
        Descriptor(retried([&] { return openat(folder.number(), place_.name(), flags, 0666); }));
    if (!file_.is_open()) throw system_error(path_, errno);
  }
  void sync() {
    open_again();
    if (retried([this] { return fsync(file_.number()); }) < 0) throw system_error(path_, errno);
  }
  std::uint64_t size() const {
    struct stat status = {};
    if (fstat(file_.number(), &status)) throw system_error(path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

  std::string path_;
  FilePlace place_;
  Descriptor file_;
};

// The name at the end of a chain of symlinks; nothing need bear it.
std::string followed(const std::string& path) {
  constexpr int most_links = 40;  // as many as the kernel follows
  std::string name = path;
  for (int i = 0; i < most_links; i++) {
    char buffer[PATH_MAX];
    const ssize_t size = readlink(name.c_str(), buffer, sizeof buffer);
    if (size < 0) return name;
    const std::string link(buffer, static_cast<std::size_t>(size));
    const std::size_t slash = name.rfind('/');
    name = link.starts_with('/') || slash == name.npos ? link : name.substr(0, slash + 1) + link;
  }
  throw system_error(path, ELOOP);
}

std::unique_ptr<ByteSink> straight(Descriptor file, const std::string& path) {
  if (!file.is_open()) throw system_error(path, errno);
  widen_pipe(file.number());
  return std::make_unique<StraightFile>(std::move(file), path);
}

std::unique_ptr<ByteSink> regular(const std::string& path, FilePlace place, const struct stat* old,
                                  bool in_place) {
  if (in_place) return std::make_unique<GrowingFile>(path, std::move(place));
  return std::make_unique<NewFile>(path, std::move(place), old);
}

std::unique_ptr<ByteSink> open_endpoint(const Endpoint& at, bool in_place) {
  constexpr int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;
  if (at.descriptor >= 0)
    return straight(Descriptor(fcntl(at.descriptor, F_DUPFD_CLOEXEC, 3)), at.path);
  struct stat status = {};
  const bool exists = stat(at.path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) throw system_error(at.path, errno);
  if (exists && S_ISDIR(status.st_mode)) throw system_error(at.path, EISDIR);
  if (!exists && (at.path.empty() || at.path.ends_with('/')))
    throw system_error(at.path, at.path.empty() ? ENOENT : EISDIR);
  if (exists && !S_ISREG(status.st_mode))
    return straight(Descriptor(retried([&] { return open(at.path.c_str(), flags); })), at.path);
  if (exists && faccessat(AT_FDCWD, at.path.c_str(), W_OK, AT_EACCESS))
    throw system_error(at.path, errno);
  return regular(at.path, FilePlace(followed(at.path)), exists ? &status : nullptr, in_place);
}

// As open_endpoint(), for a name of which the last bytes are made of data.
std::unique_ptr<ByteSink> open_guarded(const std::string& path, std::size_t from_data,
                                       bool in_place) {
  constexpr int flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  FilePlace place(path, from_data);
  place.make_folders();
  const Descriptor folder = place.folder();
  if (!folder.is_open()) throw system_error(path, errno);
  struct stat status = {};
  const bool exists = fstatat(folder.number(), place.name(), &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (!exists && errno != ENOENT) throw system_error(path, errno);
  if (exists && S_ISDIR(status.st_mode)) throw system_error(path, EISDIR);
  if (exists && S_ISLNK(status.st_mode))
    throw failure(
        fmt::format("{}: is a symbolic link; names that records bring must not lead "
                    "through one",
                    visible(path)));
  if (exists && !S_ISREG(status.st_mode))
    return straight(
        Descriptor(retried([&] { return openat(folder.number(), place.name(), flags); })), path);
  if (exists && faccessat(folder.number(), place.name(), W_OK, AT_EACCESS))
    throw system_error(path, errno);
  return regular(path, std::move(place), exists ? &status : nullptr, in_place);
}

}  // namespace

std::string file_destination_key(const SinkOptions& options) {
  const Endpoint at = output_endpoint(options.where);
  struct stat status = {};
  if (at.descriptor >= 0 || (stat(at.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)))
    return {};
  std::error_code ignored;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(followed(at.path), ignored),
                                           ignored)
      .string();
}

std::unique_ptr<ByteSink> create_file(const SinkOptions& options) {
  const Endpoint at = output_endpoint(options.where);
  if (options.from_data > 0)
    return compressed_by_name(open_guarded(at.path, options.from_data, options.in_place), at.path,
                              true);
  return compressed_by_name(open_endpoint(at, options.in_place),
                            at.descriptor >= 0 ? std::string_view() : at.path);
}

}  // namespace riffle
