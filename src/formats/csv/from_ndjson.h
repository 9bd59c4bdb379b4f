// CSV straight from the bytes of NDJSON records. Most records of an input have the same members in
// the same order: then all of their bytes but the values' are those of an earlier record, and no
// name need be looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/csv/cells.h"
#include "formats/csv/columns.h"
#include "text/text_buffer.h"
#include "values/memory.h"

namespace riffle {

class CsvFromNdjson {
 public:
  // `cells`: of what the rows consist; it outlives this.
  explicit CsvFromNdjson(const CsvCells& cells) : cells_(cells) {}

  // Takes note of a record that had to be written member by member. `columns` are always the same.
  void learn(std::string_view record, const CsvColumns& columns);
  // Appends the row, with its line end. False, and nothing is appended: no record like it is known,
  // or a value needs more thought. `record`: a valid one without its line end, in a Block or a
  // Memory.
  bool write(std::string_view record, Memory& memory, TextBuffer& out);

 private:
  // Bytes that a record must have at some place; padded, so that they can be compared in pieces.
  struct Expected {
    std::string bytes;
    std::size_t size = 0;
  };
  // What stands before a value, back to the value before it, and how many delimiters are between
  // the two in the row.
  struct Place {
    Expected before;
    std::size_t delimiters = 0;
  };
  // All of a record but its values.
  struct Skeleton {
    std::vector<Place> places;
    std::string after;           // the last value
    std::size_t delimiters = 0;  // likewise
  };
  class Learner;
  struct Cursor;  // where reading and writing are

  static bool skip(const Expected& expected, Cursor& cursor);
  bool write_as(const Skeleton& skeleton, std::string_view record, Memory& memory, TextBuffer& out);
  bool write_value(Cursor& cursor, Memory& memory);
  bool write_string(Cursor& cursor, Memory& memory);
  bool write_slowly(Cursor& cursor, Memory& memory);

  const CsvCells& cells_;
  std::vector<Skeleton> skeletons_;
  std::size_t last_used_ = 0;
  TextBuffer slow_;
};

}  // namespace riffle
