// The definition of where CSV's rows and cells end: a state machine, byte by byte. csv_index.h must
// agree with it, and leaves to it what is irregular, commented, or may hold a record that is too
// long.
//
// It is linear on any input: what a bad cell swallowed is read at most twice, once inside the quote
// that opened it and once as the lines that it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/csv/csv.h"
#include "formats/csv/line_ends.h"
#include "records/block.h"

namespace riffle {

class CsvRows {
 public:
  // `comment`: lines that begin with it are left out (0: none). A record, without its line end, is
  // at most `max_record` bytes long.
  CsvRows(const CsvDialect& dialect, std::size_t max_record, char comment)
      : dialect_(dialect), max_record_(max_record), comment_(comment) {}

  // Before the first text; without it lines end in line feeds.
  void set_line_ends(CsvLineEnds ends) { ends_ = ends; }
  // A new text, whose rows begin at `begin`.
  void start(std::size_t begin);
  // Reads `text`, which begins with what the calls since start() have seen. At the end of the input
  // (`last`) everything is taken.
  void read(std::string_view text, bool last);

  // What was found since start(), in the text's positions; as Block's.
  std::vector<std::uint32_t> marks, row_ends;
  std::vector<Run> runs;
  std::vector<BadBytes> bad;
  // Carriage returns that end a line by themselves.
  std::vector<std::uint32_t> returns;
  // The end of what was taken: what follows is not a whole row yet.
  std::size_t end() const { return end_; }
  // The text ended inside a line that was given up; the rest of it must be skipped.
  bool is_lost() const { return state_ == State::lost; }

 private:
  enum class State {
    row,          // at a row's first byte
    cell,         // at another cell's first byte
    text,         // in an unquoted cell
    text_escape,  // after an escape there
    quoted,       // inside quotes
    quoted_escape,
    quote,         // after a quote inside quotes
    quote_return,  // after a closing quote and carriage returns
    bad,           // in a line that is rejected when it ends
    comment,
    lost,  // in a line that is too long
  };

  std::size_t limit() const;
  void step(std::string_view text, std::size_t stop);
  bool is_line_end(std::string_view text, std::size_t at) const;
  void pass_line_end(std::string_view text, std::size_t at);
  void open_cell(char c);
  void pass_text(std::string_view text, std::size_t stop);
  void pass_quoted(std::string_view text, std::size_t stop);
  void after_quote(char c, std::string_view text);
  void separate(std::string_view text);
  void end_row(std::string_view text, std::size_t content_end);
  void next_row();
  void end_run();
  void reject_cell(std::string_view text, const char* reason);
  void reject(std::size_t content_end, std::size_t next, const char* reason);
  void give_up(std::string_view text);
  bool end_input(std::string_view text);

  CsvDialect dialect_;
  std::size_t max_record_;
  char comment_;
  CsvLineEnds ends_ = CsvLineEnds::feeds;

  State state_ = State::row;
  std::size_t position_ = 0;    // of the next byte
  std::size_t row_ = 0;         // where its row began
  std::size_t first_mark_ = 0;  // of its row
  std::size_t opened_ = 0;      // the last opening quote
  const char* reason_ = "";     // of a bad line
  std::size_t run_begin_ = 0;
  std::uint32_t run_row_ = 0;
  std::size_t end_ = 0;
};

}  // namespace riffle
