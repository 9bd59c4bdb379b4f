#include "engine/input/file_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>
#include <string_view>

#include "engine/input/byte_blocks.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t head_limit = 4096, tail_limit = 1024;

struct statx status_of(const OpenFile& file) {
  struct statx status = {};
  if (statx(file.file.number(), "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) != 0)
    throw system_error(file.path, errno);
  return status;
}

std::int64_t nanoseconds_of(const statx_timestamp& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// All that there is, `size` bytes at most.
std::string read(ByteSource& source, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t there = 0;
  for (std::size_t n = 1; n > 0 && there < size; there += n)
    n = source.read(bytes.data() + there, size - there);
  bytes.resize(there);
  return bytes;
}

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::unique_ptr<ByteSource> bytes_of(const OpenFile& file, const InputOptions& options) {
  return open_bytes({file.path, false, file.file.number()}, options, false);
}

bool has_content(const OpenFile& file, const FileMark& mark, std::uint64_t offset,
                 const InputOptions& options) {
  try {
    const auto head = read(*bytes_of(file, options), mark.head_size);
    if (head.size() != mark.head_size || hash_of(head) != mark.head) return false;
    const auto bytes = bytes_of(file, options);
    if (!bytes->skip(offset - mark.tail_size)) return false;
    const auto tail = read(*bytes, mark.tail_size);
    return tail.size() == mark.tail_size && hash_of(tail) == mark.tail;
  } catch (const Error&) {  // one that is damaged, or may not be read, is another one
    return false;
  }
}

bool has_identity(const OpenFile& file, const FileMark& mark) {
  const struct statx status = status_of(file);
  const std::int64_t birth =
      status.stx_mask & STATX_BTIME ? nanoseconds_of(status.stx_btime) : mark.birth;
  return makedev(status.stx_dev_major, status.stx_dev_minor) == mark.device &&
         status.stx_ino == mark.inode && (mark.birth == 0 || birth == mark.birth);
}

std::string_view without_packing(std::string_view name) {
  for (const std::string_view ending : {".gz", ".zst", ".xz", ".bz2"})
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return name;
}

// `.1`, `-20260131`, `.2026-01-31_10`: what rotation adds to a name.
bool is_rotation(std::string_view added) {
  return added.size() > 1 && (added[0] == '.' || added[0] == '-' || added[0] == '_') &&
         added.find_first_of("0123456789") != added.npos &&
         added.find_first_not_of("0123456789-_.T") == added.npos;
}

bool is_rotated_name(std::string_view name, std::string_view of) {
  name = without_packing(name);
  of = without_packing(of);
  if (name.starts_with(of) && is_rotation(name.substr(of.size()))) return true;
  const std::size_t dot = of.rfind('.');
  if (dot == of.npos || dot == 0) return false;
  const std::string_view stem = of.substr(0, dot), extension = of.substr(dot);
  return name.size() > of.size() && name.starts_with(stem) && name.ends_with(extension) &&
         is_rotation(name.substr(stem.size(), name.size() - of.size()));
}

struct Rotated {
  OpenFile file;
  std::int64_t modified = 0;
};

// The oldest first. Where a file and its compressed copy are there, the file.
std::vector<Rotated> rotated_beside(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path whole(path);
  const fs::path folder = whole.has_parent_path() ? whole.parent_path() : fs::path(".");
  std::map<std::string, std::string> names;  // by what they are without compression
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!is_rotated_name(name, whole.filename().string())) continue;
    std::string& kept = names[std::string(without_packing(name))];
    if (kept.empty() || without_packing(name) == name) kept = name;
  }
  if (error) throw system_error(folder.string(), error.value());
  std::vector<Rotated> files;
  for (const auto& [bare, name] : names) {
    const std::string there = whole.has_parent_path() ? (folder / name).string() : name;
    Descriptor file(open(there.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.is_open()) continue;  // it has been rotated again, or is somebody else's
    OpenFile one{there, std::move(file)};
    const struct statx status = status_of(one);
    if (!S_ISREG(status.stx_mode)) continue;
    files.push_back({std::move(one), nanoseconds_of(status.stx_mtime)});
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const Rotated& a, const Rotated& b) { return a.modified < b.modified; });
  return files;
}

}  // namespace

void FileMark::save(StateWriter& to) const { to.number(*this); }

FileMark FileMark::load(StateReader& from) { return from.number<FileMark>(); }

FileMark mark_of(const OpenFile& file, std::uint64_t offset, const InputOptions& options) {
  const struct statx status = status_of(file);
  FileMark mark;
  mark.device = makedev(status.stx_dev_major, status.stx_dev_minor);
  mark.inode = status.stx_ino;
  if (status.stx_mask & STATX_BTIME) mark.birth = nanoseconds_of(status.stx_btime);
  mark.head_size = static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, head_limit));
  mark.tail_size = static_cast<std::uint32_t>(std::min<std::uint64_t>(offset, tail_limit));
  const auto head = read(*bytes_of(file, options), mark.head_size);
  const auto bytes = bytes_of(file, options);
  const bool is_there = bytes->skip(offset - mark.tail_size);
  const auto tail = is_there ? read(*bytes, mark.tail_size) : std::string();
  if (head.size() != mark.head_size || tail.size() != mark.tail_size)
    throw failure(visible(file.path) + ": became shorter while it was read");
  mark.head = hash_of(head);
  mark.tail = hash_of(tail);
  return mark;
}

OpenFile open_input_file(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open()) throw system_error(path, errno);
  return {path, std::move(file)};
}

FoundFiles find_again(const std::string& path, const FileMark& mark, std::uint64_t offset,
                      const InputOptions& options) {
  FoundFiles found;
  OpenFile current = open_input_file(path);
  const bool is_same_content = has_content(current, mark, offset, options);
  if (is_same_content && has_identity(current, mark)) {
    found.files.push_back(std::move(current));
    return found;
  }
  std::vector<Rotated> rotated = rotated_beside(path);
  const auto has_mark = [&](const Rotated& one) {
    return has_content(one.file, mark, offset, options);
  };
  auto old = std::find_if(rotated.begin(), rotated.end(), [&](const Rotated& one) {
    return has_identity(one.file, mark) && has_mark(one);
  });
  // A compressed copy is another file. Several that begin alike tell nothing.
  if (old == rotated.end() && offset > 0 &&
      std::count_if(rotated.begin(), rotated.end(), has_mark) == 1)
    old = std::find_if(rotated.begin(), rotated.end(), has_mark);
  for (; old != rotated.end(); ++old) found.files.push_back(std::move(old->file));
  found.is_lost = found.files.empty() && !is_same_content;
  found.files.push_back(std::move(current));
  return found;
}

}  // namespace riffle
