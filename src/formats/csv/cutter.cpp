#include "formats/csv/cutter.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "formats/csv/cell.h"
#include "formats/lines/lines.h"
#include "formats/unique_names.h"
#include "records/saved_header.h"
#include "values/decode.h"

namespace riffle {
namespace {

// Line ends. What is kept between blocks is for usual ones; more goes when its block has gone.
constexpr std::size_t usual_capacity = 1024 * 1024;

// Of a block whose rows may have fewer than the header: once they are read, each has as many as the
// longest one, and once they are written, all. A short text could become any number.
constexpr std::size_t most_read_cells = 1024 * 1024, most_written_cells = 4 * most_read_cells;
// What is left of a block is looked at again for each of its parts.
constexpr std::size_t most_parts = 1024;

// So much is looked at for the header before what stands in front of it is handed out.
constexpr std::size_t usual_header = 64 * 1024;

// The first row of the first run is none of the rows to read.
void skip_first_row(Block& block) {
  Run& run = block.runs.front();
  run.begin = std::min(block.marks[block.row_ends[run.first_row]] + 1, run.end);
  if (++run.first_row == run.last_row) block.runs.erase(block.runs.begin());
}

std::string_view first_row(const Block& block) {
  const Run& run = block.runs.front();
  return block.text().substr(run.begin, block.marks[block.row_ends[run.first_row]] - run.begin);
}

}  // namespace

CsvCutter::CsvCutter(const InputOptions& options, const CsvDialect& dialect, CsvIndexer indexer)
    : options_(options),
      dialect_(dialect),
      indexer_(dialect.is_foreign() ? nullptr : indexer),
      line_end_finder_(dialect),
      lines_to_skip_(options.skip_lines),
      rows_(dialect, options.max_record, options.comment) {}

void CsvCutter::cut(Block& block, std::size_t, bool last) {
  leaves_records_ = false;
  if (refused_) return take(block, block.size, 0, last);
  const std::string_view text = block.text();
  if (!waiting_ && !start(text, last)) return take(block, 0, 0, last);
  if (!know_line_ends(text, last)) return take(block, 0, 0, last);
  if (!skip_lines(block)) {
    const std::size_t end = waits_for_header(text, last) ? 0 : text.size();
    return take(block, end, count_line_ends(text), last);
  }
  if (!by_rows_ && !index(text, last)) {
    by_rows_ = true;
    rows_.start(begin_);
  }
  if (by_rows_) {
    rows_.read(text, last);
    take_rows(block, last);
  } else {
    take_indexed(block, last);
  }
}

// A new text. False: it may be the beginning of a byte order mark.
bool CsvCutter::start(std::string_view text, bool last) {
  begin_ = skipped_lines_ = 0;
  if (!begun_) {
    if (!last && text.size() < byte_order_mark.size() && byte_order_mark.starts_with(text))
      return false;
    if (text.starts_with(byte_order_mark)) begin_ = byte_order_mark.size();
  }
  index_ = CsvIndex();
  by_rows_ = false;
  waiting_ = true;
  return true;
}

// False: more of the input must be seen.
bool CsvCutter::know_line_ends(std::string_view text, bool last) {
  if (line_ends_ != CsvLineEnds::unknown) return true;
  set_line_ends(line_end_finder_.find(text.substr(begin_), last));
  return line_ends_ != CsvLineEnds::unknown;
}

void CsvCutter::set_line_ends(CsvLineEnds ends) {
  line_ends_ = ends;
  if (ends != CsvLineEnds::returns) return;
  indexer_ = nullptr;
  rows_.set_line_ends(ends);
}

// False: all of the text is to be skipped.
bool CsvCutter::skip_lines(Block& block) {
  const std::string_view text = block.text();
  for (; lines_to_skip_ > 0; lines_to_skip_--, skipped_lines_++) {
    const std::size_t line_end = find_line_end(text, begin_, text.size(), line_ends_);
    if (line_end == text.size()) return false;
    block.buffer.data()[line_end] = '\n';
    begin_ = line_end + 1;
  }
  index_.end = std::max(index_.end, begin_);
  return true;
}

// Whether all of the text is regular.
bool CsvCutter::index(std::string_view text, bool last) {
  if (!indexer_) return false;
  if (options_.comment &&
      std::memchr(text.data() + index_.end, options_.comment, text.size() - index_.end))
    return false;
  reserve(text.size());
  indexer_({text.data(), text.size(), dialect_.delimiter, dialect_.quotes}, index_, marks_.get());
  if (!index_.regular || (last && index_.open)) return false;
  find_row_ends(text);
  return !may_be_too_long(text);
}

// Of the marks. Most rows have as many cells as the header: where there are as many line ends, at
// their places, there are no others.
void CsvCutter::find_row_ends(std::string_view text) {
  const auto is_end = [&](std::size_t mark) {
    return mark < index_.marks && text[marks_[mark]] == '\n';
  };
  row_ends_.resize(index_.rows);
  if (header_) {
    std::size_t row = 0, mark = header_->names.size() - 1;
    for (; row < index_.rows && is_end(mark); mark += header_->names.size())
      row_ends_[row++] = static_cast<std::uint32_t>(mark);
    if (row == index_.rows) return;
  }
  std::size_t row = 0;
  for (std::size_t mark = 0; row < index_.rows; mark++)
    if (is_end(mark)) row_ends_[row++] = static_cast<std::uint32_t>(mark);
}

bool CsvCutter::may_be_too_long(std::string_view text) const {
  if (text.size() - begin_ <= options_.max_record) return false;
  std::size_t begin = begin_;
  for (std::size_t row = 0; row < index_.rows; row++) {
    const std::size_t end = marks_[row_ends_[row]];
    if (end - begin > options_.max_record) return true;
    begin = end + 1;
  }
  return text.size() - begin > options_.max_record;
}

// Room for the index of this many bytes; what stands in it is kept.
void CsvCutter::reserve(std::size_t size) {
  if (size <= capacity_) return;
  const std::size_t capacity = std::max(size, capacity_ * 2);
  auto marks = std::make_unique_for_overwrite<std::uint32_t[]>(capacity + 64);
  std::copy_n(marks_.get(), index_.marks, marks.get());
  marks_ = std::move(marks);
  capacity_ = capacity;
}

void CsvCutter::take_indexed(Block& block, bool last) {
  std::size_t marks = row_ends_.empty() ? 0 : row_ends_.back() + 1;
  std::size_t end = marks > 0 ? marks_[marks - 1] + 1 : begin_;
  const std::string_view text = block.text();
  if (last && end < text.size()) {  // a last row without a line end
    marks = index_.marks;
    row_ends_.push_back(static_cast<std::uint32_t>(marks));
    marks_[marks++] = static_cast<std::uint32_t>(text.size());
    end = text.size();
  }
  if (row_ends_.empty() && !last) return take(block, 0, 0, last);
  block.marks = std::move(marks_);
  block.row_ends = row_ends_;
  block.runs.clear();
  if (!row_ends_.empty())
    block.runs.push_back({static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(end), 0,
                          static_cast<std::uint32_t>(row_ends_.size())});
  if (!has_header(block) && waits_for_header(text, last)) {
    marks_ = std::move(block.marks);
    return take(block, 0, 0, last);
  }
  capacity_ = 0;
  if (const std::size_t rows = rows_that_fit(block); rows < block.row_ends.size())
    return take_first_rows(block, rows, last);
  take(block, end,
       index_.lines + count_line_ends(text.substr(0, begin_)) - count_line_ends(text.substr(end)),
       last);
}

void CsvCutter::take_rows(Block& block, bool last) {
  for (const std::uint32_t position : rows_.returns) block.buffer.data()[position] = '\n';
  const std::size_t end = rows_.end();
  if (end == begin_ && !last) return take(block, 0, 0, last);
  block.marks = std::make_unique_for_overwrite<std::uint32_t[]>(rows_.marks.size());
  std::copy(rows_.marks.begin(), rows_.marks.end(), block.marks.get());
  block.row_ends = rows_.row_ends;
  block.runs = rows_.runs;
  block.bad = rows_.bad;
  if (!has_header(block) && waits_for_header(block.text(), last)) return take(block, 0, 0, last);
  if (const std::size_t rows = rows_that_fit(block); rows < block.row_ends.size())
    return take_first_rows(block, rows, last);
  if (rows_.is_lost()) lines_to_skip_ = 1;
  take(block, end, count_line_ends(block.text().substr(0, end)), last);
}

// How many of a block's first rows have no more cells than those; one at least.
std::size_t CsvCutter::rows_that_fit(const Block& block) const {
  if (options_.ragged == InputOptions::Ragged::reject || !header_) return block.row_ends.size();
  const std::size_t rows = block.row_ends.size(),
                    most = std::max({std::size_t{1}, most_written_cells / header_->names.size(),
                                     rows / most_parts});
  std::size_t row = 0, longest = 0, first = 0;
  for (; row < std::min(rows, most); row++) {
    const std::size_t next = block.row_ends[row] + 1;
    longest = std::max(longest, next - first);
    if (row > 0 && longest * (row + 1) > most_read_cells) break;
    first = next;
  }
  return row;
}

// The next call sees the other ones again.
void CsvCutter::take_first_rows(Block& block, std::size_t count, bool last) {
  const auto rows = static_cast<std::uint32_t>(count);
  block.row_ends.resize(rows);
  const std::uint32_t end = block.marks[block.row_ends.back()] + 1;
  std::erase_if(block.runs, [&](const Run& run) { return run.first_row >= rows; });
  if (!block.runs.empty()) {
    Run& run = block.runs.back();
    run.last_row = std::min(run.last_row, rows);
    run.end = std::min(run.end, end);
  }
  std::erase_if(block.bad, [&](const BadBytes& bad) { return bad.begin >= end; });
  leaves_records_ = true;
  take(block, end, count_line_ends(block.text().substr(0, end)), last);
}

// The first block has the header, where that is not too far from the input's beginning.
bool CsvCutter::waits_for_header(std::string_view text, bool last) const {
  return !header_ && !refused_ && !last && text.size() < usual_header;
}

// `lines`: line ends before `end`.
void CsvCutter::take(Block& block, std::size_t end, std::size_t lines, bool last) {
  const bool unfinished = last && end > 0 && block.text()[end - 1] != '\n';
  block.lines = static_cast<std::uint32_t>(lines + unfinished);
  block.size = static_cast<std::uint32_t>(end);
  block.header = header_;
  if (end > 0) waiting_ = false;
  begun_ = begun_ || end > 0;
  if (end > 0 && row_ends_.capacity() > usual_capacity) row_ends_ = {};
}

// Whether the header is known, or was refused: the first row that is not blank names the cells.
// Where it cannot, it is rejected, and with it the rest of the input.
bool CsvCutter::has_header(Block& block) {
  if (header_ || refused_) return true;
  while (!block.runs.empty() && (is_blank_row(first_row(block)))) skip_first_row(block);
  if (block.runs.empty()) return false;
  const std::string_view row = first_row(block);
  if (options_.header && !simdjson::validate_utf8(row.data(), row.size())) {
    const std::uint32_t begin = block.runs.front().begin;
    std::erase_if(block.bad, [&](const BadBytes& bad) { return bad.begin > begin; });
    block.bad.push_back({begin, begin + static_cast<std::uint32_t>(row.size()),
                         "invalid UTF-8 in the header line (see --encoding)"});
    block.runs.clear();
    refused_ = true;
  } else {
    header_ = header_of(block);
    if (options_.header) skip_first_row(block);
  }
  return true;
}

std::shared_ptr<const Header> CsvCutter::header_of(const Block& block) const {
  const Run& run = block.runs.front();
  auto header = std::make_shared<Header>();
  UniqueNames names;
  Memory memory;
  const std::uint32_t first = run.first_row == 0 ? 0 : block.row_ends[run.first_row - 1] + 1,
                      last = block.row_ends[run.first_row];
  std::uint32_t begin = run.begin;
  for (std::uint32_t mark = first; mark <= last; mark++) {
    Value cell = cell_of(dialect_);
    put_cell(block.text(), begin, block.marks[mark], mark == last, dialect_, cell);
    if (dialect_.is_foreign()) restate_cell(dialect_, cell, memory);
    header->names.push_back(options_.header ? names.add(std::string(cell_text(cell, memory)))
                                            : "c" + std::to_string(mark - first + 1));
    begin = block.marks[mark] + 1;
  }
  if (block.text().substr(run.begin, begin - run.begin).ends_with("\r\n"))
    header->line_end = "\r\n";
  return header;
}

void CsvCutter::save(StateWriter& to) const {
  to.begin("csv cutter", 1);
  to.number(begun_);
  to.number(refused_);
  to.number(line_ends_);
  to.count(lines_to_skip_ + (waiting_ ? skipped_lines_ : 0));
  to.number(header_ != nullptr);
  if (header_) save_header(*header_, to);
}

void CsvCutter::load(StateReader& from) {
  from.begin("csv cutter", 1);
  begun_ = from.number<bool>();
  refused_ = from.number<bool>();
  set_line_ends(from.number<CsvLineEnds>());
  lines_to_skip_ = from.number<std::uint64_t>();
  if (from.number<bool>()) header_ = load_header(from);
}

CsvDialect csv_dialect(const InputOptions& options) {
  return {"csv",         options.delimiter ? options.delimiter : ',', true, false, options.quote,
          options.escape};
}

CsvDialect tsv_dialect(const InputOptions& options) {
  return {"tsv", options.delimiter ? options.delimiter : '\t', options.quoted_tsv,
          !options.quoted_tsv};
}

std::unique_ptr<Cutter> make_csv_cutter(const InputOptions& options) {
  return std::make_unique<CsvCutter>(options, csv_dialect(options), csv_indexer());
}

std::unique_ptr<Cutter> make_tsv_cutter(const InputOptions& options) {
  return std::make_unique<CsvCutter>(options, tsv_dialect(options), csv_indexer());
}

}  // namespace riffle
