// The index of a text of CSV: where delimiters and line ends stand outside quotes. SIMD: compiled
// once per instruction set and chosen when the program starts. All give the same answers.
//
// The masks take every quote for one that opens or closes. `regular` says whether that was right:
// each opening quote stood at a cell's start (or doubled), each closing one before a delimiter, a
// line end, the end, or another quote. Where it was not, csv_rows.h's state machine reads the text
// again; it is the definition. Method: Langdale and Lemire, "Parsing Gigabytes of JSON per Second",
// VLDB Journal 28 (2019), section 3.1.1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace riffle {

// What is known of a text's first bytes, and all that indexing the next ones needs to know of them.
// `end` is where rows begin, at first.
struct CsvIndex {
  std::size_t end = 0;      // of what is indexed
  std::size_t marks = 0;    // found
  std::size_t rows = 0;     // the line ends among them
  std::uint64_t lines = 0;  // line feeds, inside quotes too
  bool regular = true;
  bool open = false;  // a quote is open
  // A quote as the next byte would open a cell, or double the one before.
  bool may_open = true;
  bool closed = false;         // the last byte closed a cell
  bool closed_return = false;  // the last bytes closed a cell and began a line end
};

struct CsvText {
  const char* bytes = nullptr;  // 64 more after `size` can be read
  std::size_t size = 0;
  char delimiter = ',';
  bool quotes = true;  // else a quote is a character as any other
};

// Indexes what `index` does not know yet. `marks` gets positions in the text; it has room for 64
// more than the text's size. What follows those found may be written over.
using CsvIndexer = void (*)(const CsvText& text, CsvIndex& index, std::uint32_t* marks);

struct CsvKernel {
  std::string_view name;
  bool (*runs_here)();
  CsvIndexer index;
};

// The fastest first.
std::span<const CsvKernel> csv_kernels();

// The fastest one that this processor runs (null: it runs none), or the one that RIFFLE_KERNEL
// names. Throws where that is none, or not for this processor.
CsvIndexer csv_indexer();

}  // namespace riffle
