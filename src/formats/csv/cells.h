// Values as the cells of a dialect.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "formats/csv/csv.h"
#include "text/text_buffer.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

// Appends a text in RFC 4180's quotes.
void write_quoted(std::string_view text, TextBuffer& out);

class CsvCells {
 public:
  CsvCells(const CsvDialect& dialect, const OutputOptions& options);

  char delimiter() const { return dialect_.delimiter; }

  // Appends a value; `last` in its row. False: the dialect cannot say it (escapes have none for a
  // delimiter but the tab).
  bool write(const Value& value, bool last, Memory& memory, TextBuffer& out) const;
  bool write_text(std::string_view text, TextBuffer& out) const;
  void write_nothing(TextBuffer& out) const;

  // Whether the bytes of a value, as they came, say the same here.
  bool can_copy(const Value& value, bool last) const {
    if (value.kind != Kind::cell || quote_all_) return false;
    if (safe_ && value.size > 0 && !is_harmless(value)) return false;
    const bool quoted = value.flags & Value::quoted, escaped = value.flags & Value::escaped;
    // Quotes hold whatever the delimiter; without them the text may be of another kind.
    if (quoted) return dialect_.quotes;
    if (value.delimiter != dialect_.delimiter) return false;
    // A carriage return before the line end would be taken for a part of it.
    if (last && value.size > 0 && value.text[value.size - 1] == '\r') return false;
    if (dialect_.quotes) return !escaped && (value.size == 0 || value.text[0] != '"');
    return escaped || value.view().find('\\') == std::string_view::npos;
  }

 private:
  // Whether a cell, as it came, is no formula to a spreadsheet.
  static bool is_harmless(const Value& cell);
  bool write_content(std::string_view text, bool loose_numbers, TextBuffer& out) const;
  bool say(std::string_view text, TextBuffer& out) const;
  bool write_escaped(std::string_view text, TextBuffer& out) const;
  bool has_special(std::string_view text) const;

  CsvDialect dialect_;
  bool quote_all_;
  bool safe_;  // --csv-safe
  // In a cell without quotes or escapes it would be something else.
  std::array<bool, 256> special_{};
};

}  // namespace riffle
