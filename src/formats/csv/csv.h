// CSV (RFC 4180) and TSV. A block is indexed while it is cut (csv_index.h); the reader walks the
// index.
//
// CSV: a quote opens only at the start of a cell; inside an unquoted cell it is text. A closing
// quote must be followed by a delimiter, a line end or the end of the input. A cell that breaks
// this, or is open at the end or past max_record, rejects the line where it opened; reading goes on
// at the next line. What --quote and --escape say is read likewise, and its cells become RFC
// 4180's. TSV: no quotes; \t \n \r \\ are escapes. With --quoted as CSV.
#pragma once

#include <memory>

#include "formats/format.h"

namespace riffle {

std::unique_ptr<Cutter> make_csv_cutter(const InputOptions& options);
std::unique_ptr<RecordReader> make_csv_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape);
std::unique_ptr<RecordWriter> make_csv_writer(const OutputOptions& options, const Shape& shape);

std::unique_ptr<Cutter> make_tsv_cutter(const InputOptions& options);
std::unique_ptr<RecordReader> make_tsv_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape);
std::unique_ptr<RecordWriter> make_tsv_writer(const OutputOptions& options, const Shape& shape);

// How cells are written in one of these formats.
struct CsvDialect {
  std::string_view format = "csv";
  char delimiter = ',';
  bool quotes = true;    // RFC 4180 quotes
  bool escapes = false;  // TSV's backslash escapes
  // Of CSV that is read.
  char quote = '"';
  char escape = 0;

  bool is_foreign() const { return quote != '"' || escape != 0; }
};

CsvDialect csv_dialect(const InputOptions& options);
CsvDialect tsv_dialect(const InputOptions& options);

}  // namespace riffle
