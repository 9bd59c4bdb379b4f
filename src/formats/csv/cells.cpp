#include "formats/csv/cells.h"

#include <algorithm>

#include "values/decode.h"
#include "values/json.h"

namespace riffle {

void write_quoted(std::string_view text, TextBuffer& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

CsvCells::CsvCells(const CsvDialect& dialect, bool quote_all)
    : dialect_(dialect), quote_all_(quote_all) {
  const char own = dialect.escapes ? '\\' : '"';
  for (const char c : {dialect.delimiter, own, '\n', '\r', dialect.escapes ? '\t' : '\n'})
    special_[static_cast<unsigned char>(c)] = true;
}

bool CsvCells::write(const Value& value, bool last, Memory& memory, TextBuffer& out) const {
  if (is_nothing(value)) {
    write_nothing(out);
  } else if (can_copy(value, last)) {
    out += value.view();
  } else if (value.kind == Kind::list || value.kind == Kind::map) {
    return write_text(json_text(value), out);
  } else {
    return write_text(text_of(value, memory), out);
  }
  return true;
}

void CsvCells::write_nothing(TextBuffer& out) const {
  if (quote_all_) out += "\"\"";
}

bool CsvCells::write_text(std::string_view text, TextBuffer& out) const {
  if (dialect_.escapes) {
    if (has_special(text)) return write_escaped(text, out);
  } else if (quote_all_ || text.empty() || has_special(text)) {
    write_quoted(text, out);
    return true;
  }
  out += text;
  return true;
}

bool CsvCells::has_special(std::string_view text) const {
  return std::any_of(text.begin(), text.end(),
                     [&](char c) { return special_[static_cast<unsigned char>(c)]; });
}

bool CsvCells::write_escaped(std::string_view text, TextBuffer& out) const {
  const std::size_t begin = out.size();
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
  return out.view().find(dialect_.delimiter, begin) == std::string_view::npos;
}

}  // namespace riffle
