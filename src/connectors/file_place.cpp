#include "connectors/file_place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "values/error.h"

namespace riffle {
namespace {

constexpr int any_folder = O_PATH | O_DIRECTORY | O_CLOEXEC;

// The folder of that name in another one; a symlink is none.
Descriptor inner_folder(const Descriptor& outer, const std::string& name) {
  Descriptor inner(openat(outer.number(), name.c_str(), any_folder | O_NOFOLLOW));
  struct stat status = {};
  if (!inner.is_open() && errno == ENOTDIR) {
    const bool is_link = fstatat(outer.number(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                         S_ISLNK(status.st_mode);
    errno = is_link ? ELOOP : ENOTDIR;
  }
  return inner;
}

}  // namespace

FilePlace::FilePlace(std::string path, std::size_t guarded)
    : path_(std::move(path)), guarded_(guarded), name_(path_.rfind('/') + 1) {}

template <typename Enter>
Descriptor FilePlace::walked(Enter enter) const {
  std::size_t at = path_.size() - guarded_;
  const std::string outermost = at == 0 ? "." : path_.substr(0, at);
  Descriptor folder(open(outermost.c_str(), any_folder));
  while (folder.is_open() && at < name_) {
    const std::size_t slash = path_.find('/', at);
    if (slash > at) folder = enter(std::move(folder), path_.substr(at, slash - at));
    at = slash + 1;
  }
  return folder;
}

Descriptor FilePlace::folder() const {
  if (is_guarded())
    return walked(
        [](Descriptor outer, const std::string& name) { return inner_folder(outer, name); });
  const std::string folder = name_ == 0 ? "." : path_.substr(0, name_);
  return Descriptor(open(folder.c_str(), any_folder));
}

void FilePlace::make_folders() const {
  std::string outermost = path_.substr(0, is_guarded() ? path_.size() - guarded_ : name_);
  while (outermost.ends_with('/')) outermost.pop_back();
  std::error_code error;
  if (!outermost.empty()) std::filesystem::create_directories(outermost, error);
  if (error) throw system_error(outermost, error.value());
  if (!is_guarded()) return;
  const Descriptor folder = walked([this](Descriptor outer, const std::string& name) {
    if (mkdirat(outer.number(), name.c_str(), 0777) && errno != EEXIST)
      throw system_error(path_, errno);
    return inner_folder(outer, name);
  });
  if (folder.is_open()) return;
  if (errno == ELOOP)
    throw failure(
        fmt::format("{}: a folder on the way is a symbolic link; names that records "
                    "bring must not lead through one",
                    visible(path_)));
  throw system_error(path_, errno);
}

}  // namespace riffle
