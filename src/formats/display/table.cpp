#include "formats/display/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/display/table_columns.h"
#include "formats/display/table_layout.h"
#include "records/saved_header.h"
#include "text/width.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t measured_records = 200;
constexpr std::string_view bold = "\x1b[1m", plain = "\x1b[0m";

// Writes lines of cells, without blanks at their ends.
class Line {
 public:
  explicit Line(TextBuffer& out) : out_(out) {}

  // `after`: columns of the cell that stay empty to the right of the text.
  void add(std::string_view text, std::size_t width, bool right, std::size_t after = 0) {
    if (!first_) blanks_ += column_gap.size();
    first_ = false;
    const std::size_t taken = display_width(text) + after;
    const std::size_t padding = width > taken ? width - taken : 0;
    if (right) blanks_ += padding;
    if (!text.empty()) {
      out_.append(blanks_, ' ').append(text);
      blanks_ = 0;
    }
    blanks_ += right ? after : padding;
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
      : shape_(shape),
        cells_({options.digits, true}),
        color_(options.color == OutputOptions::Color::always),
        limit_(options.wide ? 0 : options.columns_of_terminal) {}

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
    const auto hidden = std::count_if(layout_.begin(), layout_.end(),
                                      [](const ColumnLayout& column) { return column.hidden; });
    if (hidden > 0)
      out += fmt::format("({} of {} columns hidden; --wide or -t record shows all)\n", hidden,
                         layout_.size());
  }

  void save(StateWriter& to) const override {
    to.begin("table", 2);
    to.number(started_);
    to.number(measured_);
    save_names(columns_.names(), to);
    to.count(layout_.size());
    for (const ColumnLayout& column : layout_) column.save(to);
    to.count(held_.size());
    for (const std::vector<Cell>& cells : held_)
      for (const Cell& cell : cells) {
        to.text(cell.text);
        to.number(cell.number);
        to.count(cell.fraction);
      }
  }
  void load(StateReader& from) override {
    from.begin("table", 2);
    started_ = from.number<bool>();
    measured_ = from.number<bool>();
    columns_ = TableColumns(load_names(from));
    for (std::size_t left = from.count(); left > 0; left--) layout_.emplace_back().load(from);
    if (measured_ && layout_.size() != columns_.names().size()) throw StateReader::damaged();
    for (std::size_t left = from.count(); left > 0; left--) {
      std::vector<Cell>& cells = held_.emplace_back();
      for (const std::string& name : columns_.names()) {
        Cell& cell = cells.emplace_back();
        cell.name = name;
        cell.text = from.text();
        cell.number = from.number<bool>();
        cell.fraction = from.number<std::uint64_t>();
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
    std::vector<std::size_t> least;
    for (std::size_t i = 0; i < names.size(); i++) least.push_back(measure(names[i], i));
    if (limit_ > 0) fit(layout_, least, limit_);
    if (!names.empty()) write_header(names, out);
    for (const std::vector<Cell>& cells : held_) write_cells(cells, out);
    held_.clear();
  }

  // Sets a column's layout; what it needs at least.
  std::size_t measure(const std::string& name, std::size_t i) {
    constexpr std::size_t least_text = 8;
    ColumnLayout& column = layout_[i];
    std::size_t whole = 0, numbers = 0;
    bool other = false;
    column.width = display_width(name);
    for (const std::vector<Cell>& cells : held_) {
      const Cell& cell = cells[i];
      const std::size_t width = display_width(cell.text);
      column.width = std::max(column.width, width);
      column.right = column.right || cell.number;
      other = other || (!cell.number && !cell.text.empty());
      if (!cell.number) continue;
      numbers = std::max(numbers, width);
      whole = std::max(whole, width - cell.fraction);
      column.fraction = std::max(column.fraction, cell.fraction);
    }
    column.right = column.right && !other;
    if (column.right) numbers = whole + column.fraction;
    if (!column.right) column.fraction = 0;
    column.width = std::max(column.width, numbers);
    return std::max(numbers, least_text);
  }

  // Calls `add(i)` for each column that is shown, and once `hidden()` in the place of the others.
  template <typename Add, typename Hidden>
  void each_column(Add add, Hidden hidden) const {
    for (std::size_t i = 0; i < layout_.size(); i++) {
      if (!layout_[i].hidden) add(i);
      if (layout_[i].hidden && (i == 0 || !layout_[i - 1].hidden)) hidden();
    }
  }

  void write_header(const std::vector<std::string>& names, TextBuffer& out) const {
    if (color_) out += bold;
    Line header(out);
    each_column(
        [&](std::size_t i) { header.add(shown(names[i], i), layout_[i].width, layout_[i].right); },
        [&] { header.add(ellipsis, 1, false); });
    if (color_) out += plain;
    header.end();
    Line rule(out);
    each_column(
        [&](std::size_t i) {
          rule.add(std::string(std::max<std::size_t>(layout_[i].width, 1), '-'), layout_[i].width,
                   false);
        },
        [&] { rule.add("-", 1, false); });
    rule.end();
  }

  void write_cells(const std::vector<Cell>& cells, TextBuffer& out) const {
    Line line(out);
    each_column(
        [&](std::size_t i) {
          const Cell& cell = cells[i];
          const ColumnLayout& column = layout_[i];
          const bool aligns = column.right && column.fraction > cell.fraction;
          line.add(cell.number ? cell.text : shown(cell.text, i), column.width, cell.number,
                   aligns ? column.fraction - cell.fraction : 0);
        },
        [&] { line.add(ellipsis, 1, false); });
    line.end();
  }

  std::string shown(const std::string& text, std::size_t i) const {
    return layout_[i].fitted ? cut_to(text, layout_[i].width) : text;
  }

  Shape shape_;
  RowCells cells_;
  bool color_;
  std::size_t limit_;  // of the terminal; 0: none
  TableColumns columns_;
  std::vector<ColumnLayout> layout_;
  std::vector<std::vector<Cell>> held_;  // records, until the widths are known
  bool started_ = false, measured_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> make_table_writer(const OutputOptions& options, const Shape& shape) {
  return std::make_unique<TableWriter>(options, shape);
}

}  // namespace riffle
