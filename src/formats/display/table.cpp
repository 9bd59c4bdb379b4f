#include "formats/display/table.h"

#include <algorithm>

#include "formats/display/table_columns.h"
#include "records/saved_header.h"
#include "text/width.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t measured_records = 200;
constexpr std::string_view gap = "  ", bold = "\x1b[1m", plain = "\x1b[0m";

struct Layout {
  std::size_t width = 0;
  bool right = false;  // holds numbers alone
};

// Writes lines of cells, without blanks at their ends.
class Line {
 public:
  explicit Line(TextBuffer& out) : out_(out) {}

  void add(std::string_view text, std::size_t width, bool right) {
    if (!first_) blanks_ += gap.size();
    first_ = false;
    const std::size_t taken = display_width(text);
    const std::size_t padding = width > taken ? width - taken : 0;
    if (right) blanks_ += padding;
    if (!text.empty()) {
      out_.append(blanks_, ' ').append(text);
      blanks_ = 0;
    }
    if (!right) blanks_ += padding;
  }
  void end() { out_ += '\n'; }

 private:
  TextBuffer& out_;
  std::size_t blanks_ = 0;  // owed before the next text
  bool first_ = true;
};

class TableWriter : public RecordWriter {
 public:
  TableWriter(const OutputOptions& options, const Shape& shape)
      : shape_(shape), color_(options.color == OutputOptions::Color::always) {}

  void write(const Batch& batch, TextBuffer& out, Effects& effects) override {
    for (const Row row : batch.rows) {
      std::optional<std::vector<Cell>> cells = cells_.of(batch, row, effects);
      if (!cells) continue;
      if (!started_ || !columns_.arrange(*cells)) start_table(*cells, out);
      for (Cell& cell : *cells) cell.text = visible(cell.text);
      if (measured_)
        write_cells(*cells, out);
      else
        held_.push_back(std::move(*cells));
      if (held_.size() == measured_records) write_held(out);
    }
  }

  void flush(TextBuffer& out) override {
    if (!held_.empty()) write_held(out);
  }

  void finish(TextBuffer& out) override {
    if (!started_ && !shape_.is_open()) {
      std::vector<Cell> none;
      start_table(none, out);
    }
    if (started_ && !measured_) write_held(out);
  }

  void save(StateWriter& to) const override {
    to.begin("table", 1);
    to.number(started_);
    to.number(measured_);
    save_names(columns_.names(), to);
    to.count(layout_.size());
    for (const Layout& column : layout_) {
      to.count(column.width);
      to.number(column.right);
    }
    to.count(held_.size());
    for (const std::vector<Cell>& cells : held_)
      for (const Cell& cell : cells) {
        to.text(cell.text);
        to.number(cell.number);
      }
  }
  void load(StateReader& from) override {
    from.begin("table", 1);
    started_ = from.number<bool>();
    measured_ = from.number<bool>();
    columns_ = TableColumns(load_names(from));
    for (std::size_t left = from.count(); left > 0; left--) {
      Layout& column = layout_.emplace_back();
      column.width = from.number<std::uint64_t>();
      column.right = from.number<bool>();
    }
    if (measured_ && layout_.size() != columns_.names().size()) throw StateReader::damaged();
    for (std::size_t left = from.count(); left > 0; left--) {
      std::vector<Cell>& cells = held_.emplace_back();
      for (const std::string& name : columns_.names()) {
        Cell& cell = cells.emplace_back();
        cell.name = name;
        cell.text = from.text();
        cell.number = from.number<bool>();
      }
    }
  }

 private:
  void start_table(std::vector<Cell>& cells, TextBuffer& out) {
    if (started_) {
      if (!measured_) write_held(out);
      out += '\n';
    }
    started_ = true;
    measured_ = false;
    columns_ = TableColumns(shape_, cells);
    columns_.arrange(cells);
  }

  // Takes the measures of what is held, and writes it under a header.
  void write_held(TextBuffer& out) {
    measured_ = true;
    std::vector<std::string> names;
    for (const std::string& name : columns_.names()) names.push_back(visible(name));
    layout_.assign(names.size(), {});
    for (std::size_t i = 0; i < names.size(); i++) layout_[i] = measure(names[i], i);
    if (!names.empty()) write_header(names, out);
    for (const std::vector<Cell>& cells : held_) write_cells(cells, out);
    held_.clear();
  }

  Layout measure(const std::string& name, std::size_t i) const {
    Layout column{display_width(name)};
    bool other = false;
    for (const std::vector<Cell>& cells : held_) {
      const Cell& cell = cells[i];
      column.width = std::max(column.width, display_width(cell.text));
      column.right = column.right || cell.number;
      other = other || (!cell.number && !cell.text.empty());
    }
    column.right = column.right && !other;
    return column;
  }

  void write_header(const std::vector<std::string>& names, TextBuffer& out) const {
    if (color_) out += bold;
    Line header(out);
    for (std::size_t i = 0; i < names.size(); i++)
      header.add(names[i], layout_[i].width, layout_[i].right);
    if (color_) out += plain;
    header.end();
    Line rule(out);
    for (const Layout& column : layout_)
      rule.add(std::string(std::max<std::size_t>(column.width, 1), '-'), column.width, false);
    rule.end();
  }

  void write_cells(const std::vector<Cell>& cells, TextBuffer& out) const {
    Line line(out);
    for (std::size_t i = 0; i < cells.size(); i++)
      line.add(cells[i].text, layout_[i].width, cells[i].number);
    line.end();
  }

  Shape shape_;
  RowCells cells_;
  bool color_;
  TableColumns columns_;
  std::vector<Layout> layout_;
  std::vector<std::vector<Cell>> held_;  // records, until the widths are known
  bool started_ = false, measured_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> make_table_writer(const OutputOptions& options, const Shape& shape) {
  return std::make_unique<TableWriter>(options, shape);
}

}  // namespace riffle
