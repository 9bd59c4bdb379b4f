// FilePlace: the folder in which a file is, and its name there. The folder is opened for each use:
// thousands of files need no thousands of descriptors.
#pragma once

#include <string>
#include <string_view>

#include "connectors/descriptor.h"

namespace riffle {

class FilePlace {
 public:
  // The file of a path; symlinks among its folders are followed.
  explicit FilePlace(std::string path) : FilePlace(std::move(path), 0) {}
  // The last `guarded` bytes of the path lead through no symlink: the file is below the folder that
  // the bytes before them name, whoever else writes there. REQUIRES: a slash, or nothing, is before
  // them.
  FilePlace(std::string path, std::size_t guarded);

  const std::string& path() const { return path_; }
  bool is_guarded() const { return guarded_ > 0; }
  // The last part of the path.
  const char* name() const { return path_.c_str() + name_; }

  // The folder, to be used with openat() and the like; not for reading. Not open: errno has the
  // reason, ELOOP for a symlink where none may be.
  Descriptor folder() const;
  // Makes the folders that are not there yet. Throws Error (failed).
  void make_folders() const;

 private:
  // The guarded folders, from the outermost one on; `enter(folder, name)` returns the inner one.
  template <typename Enter>
  Descriptor walked(Enter enter) const;

  std::string path_;
  std::size_t guarded_;
  std::size_t name_;  // where the last part begins
};

}  // namespace riffle
