// The definition of where CSV's rows and cells end, one byte at a time: what csv_index.h must agree with, and what reads a
// piece that it finds irregular.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "data/block.h"
#include "formats/csv.h"

namespace riffle {

struct CsvRows {
  std::vector<std::uint32_t> marks, row_ends;  // as Block's
  std::vector<Run> runs;
  std::vector<BadBytes> bad;
  std::uint32_t end = 0;  // of what was read: the rest is not a whole row yet
};

// Reads `text`, which begins at a row's start. At the end of the input (`last`) everything is taken. A row longer than
// `max_record` is bad. `comment`: lines that begin with it are left out (0: none).
CsvRows read_csv_rows(std::string_view text, const CsvDialect& dialect, bool last, std::size_t max_record, char comment);

}  // namespace riffle
