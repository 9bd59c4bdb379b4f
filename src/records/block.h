// Block: whole records as they came, about 256 KiB of them. Immutable once cut, shared by the
// batches that point into it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/input_status.h"

namespace riffle {

// The bytes of a Block. 64-byte aligned, with `padding` readable zero bytes after `size`.
class Buffer {
 public:
  static constexpr std::size_t padding = 128;

  Buffer() = default;
  explicit Buffer(std::size_t capacity);

  char* data() { return bytes_.get(); }
  const char* data() const { return bytes_.get(); }
  std::size_t capacity() const { return capacity_; }

 private:
  struct Free {
    void operator()(char* bytes) const;
  };
  std::unique_ptr<char, Free> bytes_;
  std::size_t capacity_ = 0;
};

// The names of a record's members where the format says them once for all records of an input
// (CSV's header line).
struct Header {
  std::vector<std::string> names;    // unique
  std::string_view line_end = "\n";  // of the line that said them
};

// A run of bytes that is no record, found while cutting.
struct BadBytes {
  std::uint32_t begin = 0, end = 0;
  std::string reason;
};

// A run of good records in a block; of CSV also the rows [first_row, last_row) of Block::row_ends.
struct Run {
  std::uint32_t begin = 0, end = 0;
  std::uint32_t first_row = 0, last_row = 0;
};

struct Block {
  Buffer buffer;
  std::uint32_t size = 0;
  std::uint32_t input = 0;       // position in the list of inputs
  std::uint64_t number = 0;      // position among all blocks of the run
  std::uint32_t turn = 0;        // among those of inputs that are read together: what Position has
  std::uint64_t offset = 0;      // of the first byte in its input, after decompression
  std::uint64_t first_line = 0;  // lines before it in its input: set when it is cut
  std::int64_t arrival = 0;      // when it was handed out, by the clock: nanoseconds since 1970
  std::uint32_t lines = 0;       // line ends in it, a last line without one included
  bool flush = false;            // the next read would wait: write out what is ready

  // What became of the input; anything but active only of a block without bytes.
  InputStatus status = InputStatus::active;

  // What the cutter of a format found; empty for formats that index later.
  // csv: positions of the delimiters and line ends outside quotes.
  std::unique_ptr<std::uint32_t[]> marks;
  // csv: for each row, the place in `marks` of its line end.
  std::vector<std::uint32_t> row_ends;
  std::vector<Run> runs;
  std::vector<BadBytes> bad;
  std::shared_ptr<const Header> header;

  std::string_view text() const { return {buffer.data(), size}; }
};

}  // namespace riffle
