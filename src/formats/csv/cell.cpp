#include "formats/csv/cell.h"

#include <string>

#include "formats/csv/cells.h"

namespace riffle {
namespace {

// What a cell says, and whether that is a text whatever it looks like.
struct Content {
  std::string text;
  bool is_quoted = false;
};

Content content_of(const CsvDialect& dialect, std::string_view bytes) {
  Content content;
  content.is_quoted = dialect.quotes && !bytes.empty() && bytes[0] == dialect.quote;
  if (content.is_quoted) bytes = bytes.substr(1, bytes.size() - 2);
  const bool is_quoted = content.is_quoted;
  for (std::size_t i = 0; i < bytes.size(); i++) {
    const bool is_escape = dialect.escape && bytes[i] == dialect.escape;
    const bool is_doubled = is_quoted && bytes[i] == dialect.quote;
    if ((is_escape || is_doubled) && i + 1 < bytes.size()) i++;
    content.is_quoted = content.is_quoted || is_escape;
    content.text += bytes[i];
  }
  return content;
}

}  // namespace

void restate_cell(const CsvDialect& dialect, Value& cell, Memory& memory) {
  if (cell.kind != Kind::cell) return;
  const Content content = content_of(dialect, cell.view());
  const bool looks_quoted = content.text.starts_with('"');
  cell.flags &= static_cast<std::uint8_t>(~(Value::quoted | Value::escaped));
  if (!content.is_quoted && !looks_quoted) return;
  TextBuffer stated;
  write_quoted(content.text, stated);
  cell.flags |= Value::quoted;
  if (stated.size() > content.text.size() + 2) cell.flags |= Value::escaped;
  const std::string_view kept = memory.copy(stated.view());
  cell.text = kept.data();
  cell.size = static_cast<std::uint32_t>(kept.size());
}

}  // namespace riffle
