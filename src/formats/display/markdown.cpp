#include "formats/display/markdown.h"

#include <cctype>

#include "formats/display/table_columns.h"
#include "records/saved_header.h"
#include "values/error.h"

namespace riffle {
namespace {

bool is_word(char c) {
  return c == '_' || static_cast<unsigned char>(c) >= 0x80 ||
         std::isalnum(static_cast<unsigned char>(c));
}

// Appends what shows as this text. An underscore inside a word means nothing in Markdown.
void write_escaped(std::string_view text, TextBuffer& out) {
  for (std::size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    const bool inside_word =
        i > 0 && i + 1 < text.size() && is_word(text[i - 1]) && is_word(text[i + 1]);
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '|':
      case '\\':
      case '`':
      case '*':
      case '~':
      case '[':
        out += '\\';
        out += c;
        break;
      case '_':
        if (!inside_word) out += '\\';
        [[fallthrough]];
      default:
        out += c;
    }
  }
}

void write_text(std::string_view text, TextBuffer& out) {
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end != text.npos && line.ends_with('\r')) line.remove_suffix(1);
    write_escaped(visible(line), out);
    if (end == text.npos) return;
    out += "<br>";
    text.remove_prefix(end + 1);
  }
}

class MarkdownWriter : public RecordWriter {
 public:
  explicit MarkdownWriter(const Shape& shape) : shape_(shape) {}

  void write(const Batch& batch, TextBuffer& out, Effects& effects) override {
    for (const Row row : batch.rows) {
      std::optional<std::vector<Cell>> cells = cells_.of(batch, row, effects);
      if (!cells) continue;
      if (!started_ || !columns_.arrange(*cells)) start_table(*cells, out);
      write_cells(*cells, out);
    }
  }

  void finish(TextBuffer& out) override {
    std::vector<Cell> none;
    if (!started_ && !shape_.is_open()) start_table(none, out);
  }

  void save(StateWriter& to) const override {
    to.begin("markdown", 1);
    to.number(started_);
    save_names(columns_.names(), to);
  }
  void load(StateReader& from) override {
    from.begin("markdown", 1);
    started_ = from.number<bool>();
    columns_ = TableColumns(load_names(from));
  }

 private:
  void start_table(std::vector<Cell>& cells, TextBuffer& out) {
    if (started_) out += '\n';
    started_ = true;
    columns_ = TableColumns(shape_, cells);
    columns_.arrange(cells);
    out += '|';
    for (const std::string& name : columns_.names()) {
      out += ' ';
      write_text(name, out);
      out += " |";
    }
    out += "\n|";
    for (std::size_t i = 0; i < columns_.names().size(); i++)
      out += i < cells.size() && cells[i].number ? " ---: |" : " --- |";
    out += '\n';
  }

  static void write_cells(const std::vector<Cell>& cells, TextBuffer& out) {
    out += '|';
    for (const Cell& cell : cells) {
      out += ' ';
      write_text(cell.text, out);
      out += cell.text.empty() ? "|" : " |";
    }
    out += '\n';
  }

  Shape shape_;
  RowCells cells_;
  TableColumns columns_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> make_markdown_writer(const OutputOptions&, const Shape& shape) {
  return std::make_unique<MarkdownWriter>(shape);
}

}  // namespace riffle
