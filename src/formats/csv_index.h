// The index of a piece of CSV: where delimiters and line ends stand outside quotes. SIMD: compiled once per instruction set
// and chosen when the program starts (RIFFLE_KERNEL=sse4|avx2|avx512 forces one, for tests). All give the same answers.
//
// The masks take every quote for one that opens or closes. `regular` says whether that was right: each opening quote stood
// at a cell's start (or doubled), each closing one before a delimiter, a line end, the end, or another quote. Where it was
// not, csv_rows.h's state machine reads the piece again; it is the definition.
// Method: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", VLDB Journal 28 (2019), section 3.1.1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace riffle {

struct CsvIndex {
  std::size_t marks = 0;      // written
  std::size_t rows = 0;       // written
  std::uint64_t lines = 0;    // line feeds, inside quotes too
  bool regular = true;
  bool open = false;          // a quote is open at the end
};

// Indexes `size` bytes, which begin at a row's start; 64 bytes behind them are readable. `marks` has room for size + 64
// positions, `row_ends` for size + 1 places in `marks`. Without `quotes` a quote is a character like others.
using CsvIndexer = CsvIndex (*)(const char* bytes, std::size_t size, char delimiter, bool quotes, std::uint32_t* marks,
                                std::uint32_t* row_ends);

// The fastest one that this processor runs.
CsvIndexer csv_indexer();

}  // namespace riffle
