#include "formats/csv/cells.h"

#include <algorithm>

#include "values/decode.h"
#include "values/json.h"
#include "values/number.h"

namespace riffle {

namespace {

// Whether a spreadsheet may take the text for a formula: it begins with one of OWASP's characters
// (CSV injection) and is no number.
bool may_be_formula(std::string_view text, bool loose_numbers) {
  constexpr std::string_view first("=+-@\t\r\n\0", 8);
  return !text.empty() && first.find(text[0]) != first.npos && !is_number(text) &&
         !(loose_numbers && parse_loose_number(text).is_number());
}

bool is_loose(const Value& value) { return value.kind == Kind::cell && value.flags & Value::loose; }

}  // namespace

void write_quoted(std::string_view text, TextBuffer& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

CsvCells::CsvCells(const CsvDialect& dialect, const OutputOptions& options)
    : dialect_(dialect), quote_all_(options.quote_all), safe_(options.safe_cells) {
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
    return write_content(json_text(value), false, out);
  } else {
    return write_content(text_of(value, memory), is_loose(value), out);
  }
  return true;
}

bool CsvCells::is_harmless(const Value& cell) {
  std::string_view content = cell.view();
  if (cell.flags & Value::quoted)
    content = content.substr(1, content.size() - 2);
  else if (cell.flags & Value::escaped && content[0] == '\\')
    return false;  // a tab or a line end, or something that needs no copying
  return !may_be_formula(content, is_loose(cell));
}

void CsvCells::write_nothing(TextBuffer& out) const {
  if (quote_all_) out += "\"\"";
}

bool CsvCells::write_content(std::string_view text, bool loose_numbers, TextBuffer& out) const {
  if (safe_ && may_be_formula(text, loose_numbers)) return say("'" + std::string(text), out);
  return say(text, out);
}

bool CsvCells::write_text(std::string_view text, TextBuffer& out) const {
  return write_content(text, false, out);
}

bool CsvCells::say(std::string_view text, TextBuffer& out) const {
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
