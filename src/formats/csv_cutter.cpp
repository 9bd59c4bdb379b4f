#include <algorithm>
#include <cstring>
#include <vector>

#include "data/decode.h"
#include "formats/csv.h"
#include "formats/csv_cell.h"
#include "formats/csv_index.h"
#include "formats/csv_rows.h"

namespace riffle {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

class CsvCutter : public Cutter {
 public:
  CsvCutter(const InputOptions& options, const CsvDialect& dialect)
      : options_(options), dialect_(dialect), lines_to_skip_(options.skip_lines) {}

  void cut(Block& block, std::size_t seen, bool last) override {
    const std::string_view text = block.text();
    block.header = header_;
    const std::size_t begin = skip_start(text, last);
    if (begin == waiting) return take(block, 0, 0);
    if (lost_) return skip_lost_line(block, last);
    if (!last && text.size() - begin <= options_.max_record && !std::memchr(text.data() + seen, '\n', text.size() - seen))
      return take(block, 0, 0);
    index(block, begin, last);
    if (!header_ && !block.runs.empty()) take_header(block);
    block.header = header_;
  }

 private:
  static constexpr std::size_t waiting = std::string_view::npos;

  // Past the byte order mark and the lines of --skip-lines; `waiting` while they are not all there.
  std::size_t skip_start(std::string_view text, bool last) {
    if (started_) return 0;
    std::size_t at = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    if (!last && text.size() < byte_order_mark.size() && byte_order_mark.starts_with(text)) return waiting;
    for (std::size_t line = 0; line < lines_to_skip_; line++) {
      const std::size_t feed = text.find('\n', at);
      if (feed == text.npos && !last) return waiting;
      at = feed == text.npos ? text.size() : feed + 1;
    }
    return at;
  }

  static void take(Block& block, std::size_t size, std::uint64_t lines) {
    block.size = static_cast<std::uint32_t>(size);
    block.lines = static_cast<std::uint32_t>(lines);
  }

  void index(Block& block, std::size_t begin, bool last) {
    const std::string_view text = block.text().substr(begin);
    marks_.resize(std::max(marks_.size(), text.size() + 64));
    row_ends_.resize(std::max(row_ends_.size(), text.size() + 64));
    const CsvIndex found = csv_indexer()(text.data(), text.size(), dialect_.delimiter, dialect_.quotes, marks_.data(), row_ends_.data());
    const bool whole = !last || !found.open;
    if (!found.regular || !whole || options_.comment || (found.rows == 0 && text.size() > options_.max_record))
      return index_by_rows(block, begin, last);
    std::size_t rows = found.rows, marks = found.marks;
    std::size_t end = rows ? marks_[row_ends_[rows - 1]] + 1 : 0;
    if (last && end < text.size()) {  // a last row without a line end
      row_ends_[rows++] = static_cast<std::uint32_t>(marks);
      marks_[marks++] = static_cast<std::uint32_t>(text.size());
      end = text.size();
    } else if (rows) {
      marks = row_ends_[rows - 1] + 1;
    }
    if (longest_row_of(rows) > options_.max_record) return index_by_rows(block, begin, last);
    block.marks.assign(marks_.begin(), marks_.begin() + static_cast<std::ptrdiff_t>(marks));
    block.row_ends.assign(row_ends_.begin(), row_ends_.begin() + static_cast<std::ptrdiff_t>(rows));
    if (rows) block.runs.push_back({0, static_cast<std::uint32_t>(end), 0, static_cast<std::uint32_t>(rows)});
    finish(block, begin, end, found.lines - lines_in(text.substr(end)));
  }

  // Only blocks larger than the limit can hold a row that is.
  std::size_t longest_row_of(std::size_t rows) const {
    std::size_t longest = 0, begin = 0;
    if (rows == 0 || marks_[row_ends_[rows - 1]] <= options_.max_record) return 0;
    for (std::size_t row = 0; row < rows; row++) {
      const std::size_t end = marks_[row_ends_[row]];
      longest = std::max(longest, end - begin);
      begin = end + 1;
    }
    return longest;
  }

  void index_by_rows(Block& block, std::size_t begin, bool last) {
    const std::string_view text = block.text().substr(begin);
    CsvRows rows = read_csv_rows(text, dialect_, last, options_.max_record, options_.comment);
    if (rows.end == 0 && text.size() > options_.max_record) {
      // Not even a line end in sight: the line is given up, and the rest of it is not kept.
      lost_ = true;
      rows.end = static_cast<std::uint32_t>(text.size());
      rows.bad.push_back({0, rows.end, "the line is longer than --max-record"});
    }
    block.marks = std::move(rows.marks);
    block.row_ends = std::move(rows.row_ends);
    block.runs = std::move(rows.runs);
    block.bad = std::move(rows.bad);
    reject_long_rows(block);
    finish(block, begin, rows.end, lines_in(text.substr(0, rows.end)));
  }

  // Rows that are whole, but longer than the limit.
  void reject_long_rows(Block& block) const {
    std::vector<Run> runs;
    for (const Run& run : block.runs) {
      std::uint32_t begin = run.begin;
      Run part{begin, begin, run.first_row, run.first_row};
      for (std::uint32_t row = run.first_row; row < run.last_row; row++) {
        const std::uint32_t end = block.marks[block.row_ends[row]];
        const std::uint32_t next = std::min(end + 1, run.end);
        if (end - begin > options_.max_record) {
          if (part.first_row < part.last_row) runs.push_back(part);
          block.bad.push_back({begin, next, "the record is longer than --max-record"});
          part = {next, next, row + 1, row + 1};
        } else {
          part.end = next;
          part.last_row = row + 1;
        }
        begin = next;
      }
      if (part.first_row < part.last_row) runs.push_back(part);
    }
    block.runs = std::move(runs);
    std::sort(block.bad.begin(), block.bad.end(), [](const BadBytes& a, const BadBytes& b) { return a.begin < b.begin; });
  }

  // Positions were found in the text behind `begin`.
  void finish(Block& block, std::size_t begin, std::size_t end, std::uint64_t lines) {
    const auto shift = static_cast<std::uint32_t>(begin);
    if (shift > 0) {
      for (std::uint32_t& mark : block.marks) mark += shift;
      for (Run& run : block.runs) run.begin += shift, run.end += shift;
      for (BadBytes& bad : block.bad) bad.begin += shift, bad.end += shift;
    }
    const std::string_view skipped = block.text().substr(0, begin);
    const bool unfinished = end > 0 && begin + end == block.size && block.text().back() != '\n';
    if (end > 0) started_ = true;
    take(block, end > 0 ? begin + end : 0, lines + lines_in(skipped) + unfinished);
  }

  void skip_lost_line(Block& block, bool last) {
    const std::string_view text = block.text();
    const std::size_t feed = text.find('\n');
    lost_ = feed == text.npos && !last;
    const std::size_t end = feed == text.npos ? text.size() : feed + 1;
    take(block, end, feed == text.npos ? last : 1);
  }

  static std::uint64_t lines_in(std::string_view text) {
    return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  }

  // The first row that is not blank names the cells; the run begins behind it.
  void take_header(Block& block) {
    while (!block.runs.empty() && !header_) {
      Run& run = block.runs.front();
      const std::uint32_t first = run.first_row == 0 ? 0 : block.row_ends[run.first_row - 1] + 1;
      const std::uint32_t last = block.row_ends[run.first_row];
      const std::uint32_t end = block.marks[last];
      const std::string_view row = block.text().substr(run.begin, end - run.begin);
      if (row.empty() || row == "\r") {
        skip_first_row(block, end);
        continue;
      }
      auto header = std::make_shared<Header>();
      std::uint32_t begin = run.begin;
      for (std::uint32_t mark = first; mark <= last; mark++) {
        header->names.push_back(options_.header ? name_of(block, begin, mark, mark == last, *header)
                                                : "c" + std::to_string(mark - first + 1));
        begin = block.marks[mark] + 1;
      }
      header_ = std::move(header);
      if (options_.header) skip_first_row(block, end);
    }
  }

  static void skip_first_row(Block& block, std::uint32_t end) {
    Run& run = block.runs.front();
    run.begin = std::min(end + 1, run.end);
    if (++run.first_row == run.last_row) block.runs.erase(block.runs.begin());
  }

  // A name that stands already gets a number: a, a_2, a_3.
  std::string name_of(const Block& block, std::uint32_t begin, std::uint32_t mark, bool last, const Header& header) const {
    Memory memory;
    const std::string name(cell_text(cell_at(block.text(), begin, block.marks[mark], last, dialect_), memory));
    const auto is_taken = [&](const std::string& n) { return std::find(header.names.begin(), header.names.end(), n) != header.names.end(); };
    std::string unique = name;
    for (int number = 2; is_taken(unique); number++) unique = name + "_" + std::to_string(number);
    return unique;
  }

  InputOptions options_;
  CsvDialect dialect_;
  std::size_t lines_to_skip_;
  bool started_ = false;  // a row, or a bad line, has been taken
  bool lost_ = false;     // in the middle of a line that has been given up
  std::shared_ptr<const Header> header_;
  std::vector<std::uint32_t> marks_, row_ends_;
};

}  // namespace

CsvDialect csv_dialect(const InputOptions& options) { return {"csv", options.delimiter ? options.delimiter : ',', true, false}; }

CsvDialect tsv_dialect(const InputOptions& options) {
  return {"tsv", options.delimiter ? options.delimiter : '\t', options.quoted_tsv, !options.quoted_tsv};
}

std::unique_ptr<Cutter> make_csv_cutter(const InputOptions& options) {
  return std::make_unique<CsvCutter>(options, csv_dialect(options));
}

std::unique_ptr<Cutter> make_tsv_cutter(const InputOptions& options) {
  return std::make_unique<CsvCutter>(options, tsv_dialect(options));
}

}  // namespace riffle
