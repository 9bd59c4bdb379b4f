// Lines of JSON to rows of a batch.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "formats/ndjson/fields.h"
#include "formats/ndjson/index.h"
#include "formats/ndjson/walk.h"
#include "records/batch.h"

namespace riffle {

// Reads lines into a batch: whole pieces of many lines over an index, and alone those lines that
// spoil it.
class LineReader {
 public:
  // `kernel`: see JsonIndex.
  explicit LineReader(std::shared_ptr<const Shape> shape, std::string_view kernel = {});

  // Begins a batch for the records of at most `lines` lines of an input. What the lines' bytes live
  // in must be kept by memory(). `effects` outlives the batch's reading.
  void start(std::size_t lines, const Block& block, Effects& effects);
  // Reads whole lines, the first of which is number `first_line` (1-based) of the input and begins
  // at `offset` there. 16 bytes are readable after them; when the last one has no line end, a NUL
  // comes first. `line_ends`: how many there are, where that is known.
  void read(std::string_view lines, std::uint64_t first_line, std::uint64_t offset,
            std::optional<std::size_t> line_ends = std::nullopt);
  void reject(std::uint64_t line, std::uint64_t offset, std::string reason, std::string_view raw);
  Batch finish();

  Memory& memory() { return *batch_.memory; }

 private:
  void read_piece(const char* begin, const char* end);
  bool walk(const char* begin, const char* end, bool strictly);
  const char* walk_record(const std::uint32_t*& entry, const char* begin, const char* end,
                          bool strictly);
  void read_line(const char* begin, const char* end);
  std::size_t line_ends_between(const char* begin, const char* end) const;
  void add_row(const char* begin, const char* end);
  std::uint64_t offset_of(const char* at) const {
    return first_offset_ + static_cast<std::uint64_t>(at - lines_.data());
  }

  std::shared_ptr<const Shape> shape_;
  WantedFields fields_;
  JsonIndex index_;
  RecordWalk walk_;

  Batch batch_;
  Effects* effects_ = nullptr;
  std::string_view* source_ = nullptr;
  Position* positions_ = nullptr;
  Row rows_ = 0;
  std::uint64_t line_ = 0;                // the number of the line that is read
  std::string_view lines_;                // all that are read,
  std::uint64_t first_offset_ = 0;        // where they begin in the input,
  std::optional<std::size_t> line_ends_;  // and how many line ends they have, if known
};

}  // namespace riffle
