// The cutter of csv and tsv: finds rows and indexes them in one pass, with a kernel of csv_index.h
// where the text is regular and with csv_rows.h's state machine where it is not. What is read does
// not depend on which of them did it, nor on how the bytes arrive; each byte is looked at once by
// either, however often a text that has no whole row yet grows. Rows end in line feeds in a block,
// whatever ended them in the input: a carriage return that ends a line by itself is made one.
#pragma once

#include <memory>

#include "formats/csv/csv.h"
#include "formats/csv/index.h"
#include "formats/csv/rows.h"

namespace riffle {

class CsvCutter : public Cutter {
 public:
  // Null `indexer`: all is read by the state machine.
  CsvCutter(const InputOptions& options, const CsvDialect& dialect, CsvIndexer indexer);

  // Block::header is set from the first row on; with InputOptions::header that row is not among the
  // block's.
  void cut(Block& block, std::size_t seen, bool last) override;
  bool leaves_records() const override { return leaves_records_; }
  void save(StateWriter& to) const override;
  void load(StateReader& from) override;

 private:
  bool start(std::string_view text, bool last);
  void set_line_ends(CsvLineEnds ends);
  bool know_line_ends(std::string_view text, bool last);
  bool skip_lines(Block& block);
  bool index(std::string_view text, bool last);
  bool may_be_too_long(std::string_view text) const;
  void reserve(std::size_t size);
  void find_row_ends(std::string_view text);
  void take_indexed(Block& block, bool last);
  void take_rows(Block& block, bool last);
  std::size_t rows_that_fit(const Block& block) const;
  void take_first_rows(Block& block, std::size_t count, bool last);
  void take(Block& block, std::size_t end, std::size_t lines, bool last);
  bool has_header(Block& block);
  bool waits_for_header(std::string_view text, bool last) const;
  std::shared_ptr<const Header> header_of(const Block& block) const;

  InputOptions options_;
  CsvDialect dialect_;
  CsvIndexer indexer_;
  std::shared_ptr<const Header> header_;
  CsvLineEndFinder line_end_finder_;
  CsvLineEnds line_ends_ = CsvLineEnds::unknown;

  bool begun_ = false;    // a byte has been taken
  bool refused_ = false;  // no header could be read: the rest is passed over
  // The last call took nothing of its text: the next one begins with it.
  bool waiting_ = false;
  bool leaves_records_ = false;
  std::size_t lines_to_skip_ = 0;  // beginning with the line that the next byte is on

  // Of this text.
  std::size_t begin_ = 0;          // its first row
  std::size_t skipped_lines_ = 0;  // before that
  bool by_rows_ = false;           // it is read by the state machine
  CsvRows rows_;
  CsvIndex index_;
  std::unique_ptr<std::uint32_t[]> marks_;
  std::vector<std::uint32_t> row_ends_;  // as a block has them
  std::size_t capacity_ = 0;
};

}  // namespace riffle
