// FileMark: how a file that was read in part is known again, and the files among which a later run
// looks for it. A name tells nothing: logs are renamed, dated, compressed, copied and truncated;
// nor does an inode: a new file often gets that of one that was deleted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/block_source.h"
#include "connectors/descriptor.h"
#include "formats/format.h"
#include "values/saved_state.h"

namespace riffle {

struct FileMark {
  std::uint64_t device = 0, inode = 0;
  std::int64_t birth = 0;  // nanoseconds since 1970; 0: the file system does not tell
  // Of the decoded bytes: the first ones, 4 KiB at most and none after the position, and the last
  // ones before the position, 1 KiB at most.
  std::uint32_t head_size = 0, tail_size = 0;
  std::uint64_t head = 0, tail = 0;

  void save(StateWriter& to) const;
  static FileMark load(StateReader& from);
};

struct OpenFile {
  std::string path;
  Descriptor file;
};

// Of a file that has been read up to `offset`. Throws Error (failed).
FileMark mark_of(const OpenFile& file, std::uint64_t offset, const InputOptions& options);

// The files with which a run goes on.
struct FoundFiles {
  std::vector<OpenFile> files;  // the first one is read from the position, others from the start
  bool is_lost = false;  // the old one is not there any more: there is one, read from its start
};
// Looks for the file that was called `path` and had the mark when it was read up to `offset`: under
// its name, and beside it under those that rotation gives (app.log.1, app.log-20260131.gz,
// app-20260131.log), of which later ones follow it. Throws Error (failed): there is no file of that
// name.
FoundFiles find_again(const std::string& path, const FileMark& mark, std::uint64_t offset,
                      const InputOptions& options);
OpenFile open_input_file(const std::string& path);

}  // namespace riffle
