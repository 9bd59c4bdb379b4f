// SpillFile: a temporary file for what does not fit in memory. Bytes are appended, and can be read
// back in any place. Every failure is an Error that names the folder.
//
// All of a process's share one file of the system's, which has no name and is gone with the last of
// them: there may be one for each of many windows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "values/saved_state.h"

namespace riffle {

class SpillFile {
 public:
  // In $TMPDIR, else /tmp.
  SpillFile();
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;

  std::uint64_t size() const { return size_; }
  // Best in large pieces.
  void append(std::string_view bytes);
  void read(std::uint64_t offset, char* to, std::size_t size) const;
  // Its bytes from `begin` to `end`.
  void save(std::uint64_t begin, std::uint64_t end, StateWriter& to) const;

 private:
  class Shared;

  std::shared_ptr<Shared> shared_;
  std::vector<std::uint64_t> slots_;  // where its pieces of `slot_size` bytes begin
  std::uint64_t size_ = 0;
};

// A stretch of a SpillFile, read from front to back.
class SpillReader {
 public:
  // `file` outlives this. `buffer`: how much is read at once.
  SpillReader(const SpillFile& file, std::uint64_t begin, std::uint64_t end, std::size_t buffer);

  bool at_end() const { return at_ == filled_ && next_ == end_; }
  // The next `size` bytes, which must be there; valid until the next call.
  const char* take(std::size_t size);
  template <typename T>
  T take_number() {
    T number;
    __builtin_memcpy(&number, take(sizeof number), sizeof number);
    return number;
  }

 private:
  const SpillFile* file_;
  std::uint64_t next_, end_;  // what is still in the file
  std::size_t buffer_, at_ = 0, filled_ = 0, capacity_ = 0;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace riffle
