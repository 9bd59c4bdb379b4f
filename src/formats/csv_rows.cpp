#include "formats/csv_rows.h"

namespace riffle {
namespace {

class RowReader {
 public:
  RowReader(std::string_view text, const CsvDialect& dialect, bool last, std::size_t max_record, char comment)
      : text_(text), dialect_(dialect), last_(last), max_record_(max_record), comment_(comment) {}

  CsvRows read() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const std::size_t next = comment_ && text_[at] == comment_ ? skip_line(at) : row(at);
      if (next == at) break;  // not whole yet
      at = next;
    }
    end_run(at);
    rows_.end = static_cast<std::uint32_t>(at);
    return std::move(rows_);
  }

 private:
  static constexpr std::size_t none = std::string_view::npos;

  // Behind the line end of the line that `at` is on; the line's own start when there is none yet.
  std::size_t behind_line(std::size_t from, std::size_t otherwise) const {
    const std::size_t feed = text_.find('\n', from);
    if (feed != none) return feed + 1;
    return last_ ? text_.size() : otherwise;
  }

  std::size_t skip_line(std::size_t at) {
    const std::size_t next = behind_line(at, at);
    if (next != at) end_run(at), run_begin_ = next;
    return next;
  }

  std::size_t reject(std::size_t begin, std::size_t opened, const char* reason) {
    const std::size_t next = behind_line(opened, begin);
    if (next == begin) return begin;
    end_run(begin);
    run_begin_ = next;
    rows_.bad.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(next), reason});
    return next;
  }

  // Reads the row at `begin`; returns where the next one begins, or `begin` when it is not whole.
  std::size_t row(std::size_t begin) {
    const std::size_t first_mark = rows_.marks.size();
    for (std::size_t at = begin;;) {
      const std::size_t opened = at;
      const bool quoted = dialect_.quotes && at < text_.size() && text_[at] == '"';
      if (quoted) {
        at = closing_quote(at);
        if (at == none) {
          rows_.marks.resize(first_mark);
          if (last_) return reject(begin, opened, "a quote is not closed");
          return text_.size() - begin > max_record_ ? reject(begin, opened, "a quoted cell is longer than --max-record") : begin;
        }
        at++;
        if (at == text_.size() && !last_) return incomplete(first_mark, begin);
        if (at < text_.size() && text_[at] == '\r' && at + 1 == text_.size() && !last_) return incomplete(first_mark, begin);
        if (!is_cell_end(at)) {
          rows_.marks.resize(first_mark);
          return reject(begin, opened, "a character follows a closing quote");
        }
      }
      const char ends[] = {dialect_.delimiter, '\n'};
      const std::size_t end = text_.find_first_of(std::string_view(ends, 2), at);
      if (end == none && !last_) return incomplete(first_mark, begin);
      at = end == none ? text_.size() : end;
      rows_.marks.push_back(static_cast<std::uint32_t>(at));
      if (at < text_.size() && text_[at] != '\n') {
        at++;
        continue;
      }
      rows_.row_ends.push_back(static_cast<std::uint32_t>(rows_.marks.size() - 1));
      return std::min(at + 1, text_.size());
    }
  }

  std::size_t incomplete(std::size_t first_mark, std::size_t begin) {
    rows_.marks.resize(first_mark);
    return begin;
  }

  // Of the cell whose opening quote is at `at`; doubled quotes are inside.
  std::size_t closing_quote(std::size_t at) const {
    for (;;) {
      at = text_.find('"', at + 1);
      if (at == none || at + 1 == text_.size() || text_[at + 1] != '"') return at;
      at++;
    }
  }

  bool is_cell_end(std::size_t at) const {
    if (at == text_.size()) return true;
    if (text_[at] == dialect_.delimiter || text_[at] == '\n') return true;
    return text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n';
  }

  void end_run(std::size_t at) {
    const auto rows = static_cast<std::uint32_t>(rows_.row_ends.size());
    if (rows > run_row_) rows_.runs.push_back({static_cast<std::uint32_t>(run_begin_), static_cast<std::uint32_t>(at), run_row_, rows});
    run_row_ = rows;
    run_begin_ = at;
  }

  std::string_view text_;
  const CsvDialect& dialect_;
  bool last_;
  std::size_t max_record_;
  char comment_;
  CsvRows rows_;
  std::size_t run_begin_ = 0;
  std::uint32_t run_row_ = 0;
};

}  // namespace

CsvRows read_csv_rows(std::string_view text, const CsvDialect& dialect, bool last, std::size_t max_record, char comment) {
  return RowReader(text, dialect, last, max_record, comment).read();
}

}  // namespace riffle
