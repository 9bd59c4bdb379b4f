// Which bytes end the lines of an input of csv or tsv: line feeds, with or without a carriage
// return before them, or carriage returns alone.
#pragma once

#include <cstddef>
#include <string_view>

#include "formats/csv/csv.h"

namespace riffle {

// `returns`: a carriage return ends a line, and so do the others.
enum class CsvLineEnds { unknown, feeds, returns };

// Finds the line ends of an input by its first 64 KiB: they are carriage returns when there is
// one, and no line feed, outside quotes. The input's last byte is no sign: its line feed may have
// been cut off.
class CsvLineEndFinder {
 public:
  explicit CsvLineEndFinder(const CsvDialect& dialect) : dialect_(dialect) {}

  // `text`: the input's first bytes without a byte order mark; it begins with what earlier calls
  // saw, which is not looked at again. `last`: there are no more. Unknown: more bytes are needed.
  CsvLineEnds find(std::string_view text, bool last);

 private:
  void pass(char c);

  CsvDialect dialect_;
  std::size_t position_ = 0;
  bool at_cell_ = true;      // at a cell's first byte
  bool quoted_ = false;      // inside quotes
  bool escaped_ = false;     // after an escape
  bool was_quoted_ = false;  // after a quote that may have closed the cell
  bool broken_ = false;      // something else followed one
  bool has_return_ = false;
};

// Where the line end stands that ends the line of `from`: before `to`, or `to`. A carriage return
// as the text's last byte is taken for one.
std::size_t find_line_end(std::string_view text, std::size_t from, std::size_t to,
                          CsvLineEnds ends);

}  // namespace riffle
