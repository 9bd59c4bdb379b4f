#include "formats/display/record.h"

#include <algorithm>

#include "formats/display/table_columns.h"
#include "text/width.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::string_view bold = "\x1b[1m", plain = "\x1b[0m", gap = "  ";
constexpr std::size_t rule_width = 40;

class VerticalWriter : public RecordWriter {
 public:
  explicit VerticalWriter(const OutputOptions& options)
      : cells_({options.digits_given ? options.digits : 0, true}),
        color_(options.color == OutputOptions::Color::always) {}

  void write(const Batch& batch, TextBuffer& out, Effects& effects) override {
    for (const Row row : batch.rows)
      if (const auto cells = cells_.of(batch, row, effects)) write_record(*cells, out);
  }

  void save(StateWriter& to) const override {
    to.begin("record", 1);
    to.number(started_);
  }
  void load(StateReader& from) override {
    from.begin("record", 1);
    started_ = from.number<bool>();
  }

 private:
  void write_record(const std::vector<Cell>& cells, TextBuffer& out) {
    if (started_) out.append(rule_width, '-').append("\n");
    started_ = true;
    std::size_t width = 0;
    for (const Cell& cell : cells) width = std::max(width, display_width(visible(cell.name)));
    for (const Cell& cell : cells) {
      const std::string name = visible(cell.name);
      if (color_) out += bold;
      out += name;
      if (color_) out += plain;
      if (!cell.text.empty())
        out.append(width - display_width(name), ' ').append(gap).append(visible(cell.text));
      out += '\n';
    }
  }

  RowCells cells_;
  bool color_, started_ = false;
};

}  // namespace

std::unique_ptr<RecordWriter> make_record_writer(const OutputOptions& options, const Shape&) {
  return std::make_unique<VerticalWriter>(options);
}

}  // namespace riffle
