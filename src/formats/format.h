// Formats: bytes <-> batches. One row each, in a table.
//
// Reading has two halves. A Cutter sees all bytes of one input, in order, on one thread, and finds
// where records end. A RecordReader makes a batch of a block: several threads do, each with one of
// its own, in any order of blocks.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logs/log_forms.h"
#include "records/batch.h"
#include "state/budget.h"
#include "text/text_buffer.h"
#include "values/saved_state.h"

namespace riffle {

struct InputOptions {
  std::size_t max_record = 64 << 20;
  bool all_text = false;
  enum class Encoding { utf8, latin1, windows_1252, utf16 } encoding = Encoding::utf8;
  bool replace_invalid_utf8 = false;  // bytes that are no UTF-8 become U+FFFD
  // csv, tsv
  char delimiter = 0;  // 0: the format's own
  bool header = true;
  // Rows with fewer cells than the header, and with more.
  enum class Ragged { reject, pad, cut } ragged = Ragged::reject;
  std::vector<std::string> nulls;  // unquoted cells that are null
  bool loose_numbers = false;      // .5, +3, 1., 1,234 and 12% are numbers
  char comment = 0;                // lines that begin with it are skipped; 0: none
  std::size_t skip_lines = 0;
  bool quoted_tsv = false;
  // csv
  char quote = '"';
  char escape = 0;  // before a character that is a cell's, whatever else it would mean; 0: none
  // Whether rows of csv and tsv are written as they came where nothing changes them.
  bool keeps_rows() const { return ragged == Ragged::reject && quote == '"' && escape == 0; }
  // clf, syslog
  LogSettings logs;
  // text, clf, syslog, logfmt
  std::string multiline;  // which lines make one record: see make_continuation(); empty: none do
};

struct OutputOptions {
  // csv, tsv
  char delimiter = 0;
  bool header = true;
  bool quote_all = false;
  bool crlf = false;
  bool safe_cells = false;  // no text begins as a spreadsheet's formula does
  bool quoted_tsv = false;
  std::vector<std::string> columns;  // empty: the shape's, or the first record's
  enum class Extra { reject, drop, unite } extra = Extra::reject;
  // Whether rows of csv and tsv are written as they came where nothing changes them.
  bool keeps_rows() const { return !quote_all && !crlf && !safe_cells && extra != Extra::unite; }
  // json
  int indent = 0;
  // table, record
  std::size_t digits = 6;               // the significant digits of a number; 0: all
  bool digits_given = false;            // by the user
  bool wide = false;                    // wider than the terminal, too
  std::size_t columns_of_terminal = 0;  // what a table has to fit; 0: anything
  // table, record, ndjson, json
  // automatic: the engine decides by where it goes.
  enum class Color { automatic, always, never } color = Color::automatic;
  Budget* budget = nullptr;  // of what a writer has to hold; null: no limit
};

// Finds the ends of records in one input.
class Cutter {
 public:
  virtual ~Cutter() = default;
  // `block` holds `size` bytes (and Buffer::padding zeroed ones after them), the first `seen` of
  // which the last call had and left. Sets size to the end of the last whole record (0: not even
  // one is whole), lines, and whatever the format's reader wants to find in the block. At the end
  // of the input (`last`) everything is taken. A record longer than max_record becomes BadBytes as
  // soon as that is known, and the rest of its line is skipped.
  virtual void cut(Block& block, std::size_t seen, bool last) = 0;
  // Whether the last call left whole records: the next one sees them again, as bytes not `seen`.
  virtual bool leaves_records() const { return false; }
  // Whether what the last call left is a whole record, unless the next line belongs to it
  // (--multiline).
  virtual bool holds_record() const { return false; }
  // The input has paused: the next call takes such a record.
  virtual void release() {}

  // What it knows after the last block, for a cutter with the same options that goes on there: that
  // one sees again what was seen and not taken.
  virtual void save(StateWriter& to) const = 0;
  // Throws Error where such a cutter did not save that. REQUIRES: nothing has been cut.
  virtual void load(StateReader& from) = 0;
};

// Makes batches of blocks: fills the source slots of the shape with untouched values.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // Rows that are no records are left out, with a Reject each.
  virtual Batch read(const std::shared_ptr<const Block>& block, Effects& effects) = 0;
};

class RecordWriter {
 public:
  virtual ~RecordWriter() = default;
  // Appends the living rows, in their order. Batches without living rows come too (their header may
  // matter).
  virtual void write(const Batch& batch, TextBuffer& out, Effects& effects) = 0;
  // Nothing more will come for a while: what was held back for looks (a table's widths) is
  // appended.
  virtual void flush(TextBuffer&) {}
  // The end of the output: what frames it, or is due when no record came.
  virtual void finish(TextBuffer&) {}
  // What the writer holds between two batches, for another one with the same options and shape,
  // which has not been given a batch: it goes on as this one would. load() throws Error where that
  // is the state of something else.
  virtual void save(StateWriter&) const {}
  virtual void load(StateReader&) {}
};

struct Format {
  std::string_view name;                     // "ndjson"
  std::string_view alias;                    // "jsonl", or ""
  std::vector<std::string_view> extensions;  // without the dot
  std::string_view summary;
  // Null: cannot be read.
  std::unique_ptr<Cutter> (*make_cutter)(const InputOptions& options) = nullptr;
  std::unique_ptr<RecordReader> (*make_reader)(const InputOptions& options,
                                               std::shared_ptr<const Shape> shape) = nullptr;
  // Of records that a stage keeps (SourceDialect::members).
  decltype(SourceDialect::members) members = nullptr;
  // Asks the readers for what a writer looks for in the records that come, while a pipeline is
  // planned. Null: it looks for nothing of its own.
  void (*request_fields)(Shape& shape) = nullptr;
  // Null: cannot be written. `shape`: of the records that will come. REQUIRES: request_fields.
  std::unique_ptr<RecordWriter> (*make_writer)(const OutputOptions& options,
                                               const Shape& shape) = nullptr;
  // The writer's text of a batch does not depend on the batches before: workers may each have one.
  bool writes_in_parallel = false;
  // The text is JSON: it can be coloured.
  bool is_json = false;
  // Nothing frames the text: a later run can add to it.
  bool goes_on = false;
  // The writer may refuse records (CSV: a key without a column).
  bool may_reject = false;
  // Members of the source are needed one by one unless the writer's dialect is the reader's.
  bool writes_source_of_own_kind = false;
};

std::span<const Format> formats();
const Format* find_format(std::string_view name);
// A format that the user names. Throws Error (usage) when there is none, with the nearest of those
// for that direction.
enum class Direction { in, out };
const Format& format_named(std::string_view name, Direction direction);
// Throws Error (usage) when the format is only for the other direction. `flag`: what named it
// ("--from"), if anything did.
void check_direction(const Format& format, Direction direction, std::string_view flag = {});
const Format* format_of_extension(std::string_view extension);
// By the extension of a file's name, before .gz or .zst. Null: it does not tell.
const Format* format_of_file(std::string_view file);
// The same of a file that is written. Null: the name has no extension. Throws Error (usage) when it
// has one that no format has.
const Format* format_of_written_file(std::string_view file);
// What an input is whose first line tells nothing: text, where its name ends in .log or .txt (or
// .log.1, .log-20260131), or csv.
const Format& usual_format(std::string_view file);

}  // namespace riffle
