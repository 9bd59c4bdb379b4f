#include "formats/csv/rows.h"

#include <algorithm>
#include <cstring>

namespace riffle {
namespace {

constexpr const char* too_long = "the record is longer than --max-record";

// So much of a record that is too long is kept for its reject.
constexpr std::size_t kept_of_bad = 64 * 1024;

// Where `byte` stands in text[from, to); `to` when it does not.
std::size_t find(std::string_view text, char byte, std::size_t from, std::size_t to) {
  const void* const found = std::memchr(text.data() + from, byte, to - from);
  return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : to;
}

std::size_t without_returns(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin && text[end - 1] == '\r') end--;
  return end;
}

}  // namespace

void CsvRows::start(std::size_t begin) {
  marks.clear();
  row_ends.clear();
  runs.clear();
  bad.clear();
  returns.clear();
  state_ = State::row;
  position_ = row_ = run_begin_ = end_ = begin;
  first_mark_ = run_row_ = 0;
}

// Where a record that is still not at its end is too long: two bytes more than allowed cannot be
// its line end.
std::size_t CsvRows::limit() const {
  return max_record_ > std::string_view::npos - row_ - 2 ? std::string_view::npos
                                                         : row_ + max_record_ + 2;
}

void CsvRows::read(std::string_view text, bool last) {
  // Whether it ends a line by itself is seen by the next byte.
  if (ends_ == CsvLineEnds::returns && !last && text.ends_with('\r')) text.remove_suffix(1);
  do {
    while (position_ < text.size()) {
      step(text, state_ == State::lost ? text.size() : std::min(text.size(), limit()));
      if (position_ == limit() && state_ != State::lost) give_up(text);
    }
  } while (last && end_input(text));
  if (state_ == State::row || state_ == State::lost)
    end_ = position_;
  else
    end_ = row_;
  if (end_ == row_) end_run();
}

void CsvRows::step(std::string_view text, std::size_t stop) {
  if (position_ == stop) return;
  switch (state_) {
    case State::row:
    case State::cell:
      open_cell(text[position_]);
      break;
    case State::text:
      pass_text(text, stop);
      break;
    case State::quoted:
      pass_quoted(text, stop);
      break;
    case State::text_escape:
    case State::quoted_escape:
      position_++;
      state_ = state_ == State::text_escape ? State::text : State::quoted;
      break;
    case State::quote:
    case State::quote_return:
      after_quote(text[position_], text);
      break;
    case State::bad:
    case State::comment:
    case State::lost:
      position_ = find_line_end(text, position_, stop, ends_);
      if (position_ == stop) break;
      pass_line_end(text, position_);
      if (state_ == State::bad)
        reject(without_returns(text, row_, position_ - 1), position_, reason_);
      run_begin_ = position_;
      next_row();
      break;
  }
}

bool CsvRows::is_line_end(std::string_view text, std::size_t at) const {
  if (text[at] != '\r') return text[at] == '\n';
  return ends_ == CsvLineEnds::returns && find_line_end(text, at, at + 1, ends_) == at;
}

void CsvRows::pass_line_end(std::string_view text, std::size_t at) {
  if (text[at] == '\r') returns.push_back(static_cast<std::uint32_t>(at));
  position_ = at + 1;
}

void CsvRows::pass_text(std::string_view text, std::size_t stop) {
  const auto is_escape = [&] { return dialect_.escape && text[position_] == dialect_.escape; };
  while (position_ < stop && text[position_] != dialect_.delimiter &&
         !is_line_end(text, position_) && !is_escape())
    position_++;
  if (position_ == stop) return;
  if (!is_escape()) return separate(text);
  position_++;
  state_ = State::text_escape;
}

void CsvRows::pass_quoted(std::string_view text, std::size_t stop) {
  std::size_t end = find(text, dialect_.quote, position_, stop);
  if (dialect_.escape) end = find(text, dialect_.escape, position_, end);
  position_ = end;
  if (end == stop) return;
  position_++;
  state_ = text[end] == dialect_.quote ? State::quote : State::quoted_escape;
}

void CsvRows::open_cell(char c) {
  if (state_ == State::row && comment_ && c == comment_) {
    end_run();
    state_ = State::comment;
  } else if (dialect_.quotes && c == dialect_.quote) {
    opened_ = position_++;
    state_ = State::quoted;
  } else {
    state_ = State::text;
  }
}

void CsvRows::after_quote(char c, std::string_view text) {
  if (is_line_end(text, position_) || (c == dialect_.delimiter && state_ == State::quote)) {
    separate(text);
  } else if (c == '\r' || (c == dialect_.quote && state_ == State::quote)) {
    position_++;
    state_ = c == dialect_.quote ? State::quoted : State::quote_return;
  } else {
    const bool may_be_escape = position_ >= 2 && text[position_ - 2] == '\\' && !dialect_.escape;
    reject_cell(text, may_be_escape ? "a character follows a closing quote (see --escape)"
                                    : "a character follows a closing quote");
  }
}

void CsvRows::separate(std::string_view text) {
  const std::size_t mark = position_;
  marks.push_back(static_cast<std::uint32_t>(mark));
  if (text[mark] == dialect_.delimiter) {
    position_++;
    state_ = State::cell;
  } else {
    pass_line_end(text, mark);
    end_row(text, mark);
  }
}

void CsvRows::end_row(std::string_view text, std::size_t content_end) {
  content_end = without_returns(text, row_, content_end);
  if (content_end - row_ > max_record_)
    reject(content_end, position_, too_long);
  else
    row_ends.push_back(static_cast<std::uint32_t>(marks.size() - 1));
  next_row();
}

void CsvRows::next_row() {
  row_ = position_;
  first_mark_ = marks.size();
  state_ = State::row;
}

void CsvRows::end_run() {
  const auto rows = static_cast<std::uint32_t>(row_ends.size());
  if (rows > run_row_)
    runs.push_back(
        {static_cast<std::uint32_t>(run_begin_), static_cast<std::uint32_t>(row_), run_row_, rows});
  run_row_ = rows;
  run_begin_ = row_;
}

// The line where the last quote opened is bad, with what the row has before it.
void CsvRows::reject_cell(std::string_view text, const char* reason) {
  const std::size_t line_end = find_line_end(text, opened_, text.size(), ends_);
  if (line_end == text.size()) {
    position_ = std::min(text.size(), limit());
    reason_ = reason;
    state_ = State::bad;
    return;
  }
  pass_line_end(text, line_end);
  reject(without_returns(text, row_, line_end), position_, reason);
  next_row();
}

// The row, whose text ends at `content_end`, is bad; the next one begins at `next`.
void CsvRows::reject(std::size_t content_end, std::size_t next, const char* reason) {
  end_run();
  marks.resize(first_mark_);
  if (content_end - row_ > max_record_) next = row_ + std::min(max_record_, kept_of_bad);
  bad.push_back({static_cast<std::uint32_t>(row_), static_cast<std::uint32_t>(next), reason});
  run_begin_ = position_;
}

// The record is longer than allowed, and its end not in sight.
void CsvRows::give_up(std::string_view text) {
  if (state_ == State::quoted || state_ == State::quoted_escape || state_ == State::quote ||
      state_ == State::quote_return)
    return reject_cell(text, "a quoted cell is longer than --max-record");
  if (state_ == State::comment) {
    state_ = State::lost;
    return;
  }
  reject(position_, position_, state_ == State::bad ? reason_ : too_long);
  state_ = State::lost;
}

// Whether there is more to read: lines that an open quote had swallowed.
bool CsvRows::end_input(std::string_view text) {
  switch (state_) {
    case State::quoted:
    case State::quoted_escape:
      reject_cell(text, "a quote is not closed");
      return true;
    case State::cell:
    case State::text:
    case State::text_escape:
    case State::quote:
    case State::quote_return:
      marks.push_back(static_cast<std::uint32_t>(text.size()));
      end_row(text, text.size());
      break;
    case State::bad:
      reject(without_returns(text, row_, text.size()), text.size(), reason_);
      [[fallthrough]];
    case State::comment:
    case State::lost:
      run_begin_ = position_;
      next_row();
      break;
    case State::row:
      break;
  }
  return false;
}

}  // namespace riffle
