#include "formats/csv/line_ends.h"

#include <algorithm>
#include <cstring>

namespace riffle {
namespace {

constexpr std::size_t looked_at = 64 * 1024;

bool is_feed(std::string_view text, std::size_t at) { return at < text.size() && text[at] == '\n'; }

}  // namespace

CsvLineEnds CsvLineEndFinder::find(std::string_view text, bool last) {
  const std::size_t end = std::min(text.size(), looked_at);
  for (; position_ < end; position_++) {
    const char c = text[position_];
    if (escaped_) {
      escaped_ = false;
      continue;
    }
    if (c == '\n' && !quoted_) return CsvLineEnds::feeds;
    if (c == '\r' && !quoted_) {
      if (position_ + 1 == text.size()) break;
      has_return_ = has_return_ || !is_feed(text, position_ + 1);
    }
    pass(c);
  }
  if (!last && text.size() < looked_at) return CsvLineEnds::unknown;
  // Where quotes are not what they seem, a line feed inside them may be one outside.
  const bool misread = broken_ || (quoted_ && last);
  if (misread && std::memchr(text.data(), '\n', end)) return CsvLineEnds::feeds;
  return has_return_ ? CsvLineEnds::returns : CsvLineEnds::feeds;
}

void CsvLineEndFinder::pass(char c) {
  escaped_ = dialect_.escape && c == dialect_.escape;
  const bool may_open = at_cell_ || was_quoted_, ends_cell = c == dialect_.delimiter || c == '\r';
  const bool is_quote = c == dialect_.quote && dialect_.quotes;
  if (quoted_) {
    quoted_ = !is_quote;
    was_quoted_ = is_quote;
    return;
  }
  quoted_ = is_quote && may_open;
  broken_ = broken_ || (was_quoted_ && !is_quote && !ends_cell);
  was_quoted_ = false;
  at_cell_ = ends_cell;
}

std::size_t find_line_end(std::string_view text, std::size_t from, std::size_t to,
                          CsvLineEnds ends) {
  if (ends != CsvLineEnds::returns) {
    const void* const found = std::memchr(text.data() + from, '\n', to - from);
    return found ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) : to;
  }
  while (from < to && text[from] != '\n' && (text[from] != '\r' || is_feed(text, from + 1))) from++;
  return from;
}

}  // namespace riffle
