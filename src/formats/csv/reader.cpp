#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "formats/csv/cell.h"
#include "formats/csv/csv.h"

namespace riffle {
namespace {

// A column of the batch, and the cell of each row that it takes.
struct Wanted {
  Slot slot;
  std::size_t cell;
  std::uint8_t flags;
};

// The values of a column, while they are filled.
struct CellColumn {
  std::size_t cell;  // which one of each row
  Value like;        // what they are but for their bytes
  Value* values;
};

// Few enough for their text to stay in the first cache from one column to the next.
constexpr Row rows_at_once = 128;

class CsvReader : public RecordReader {
 public:
  CsvReader(const InputOptions& options, const CsvDialect& dialect,
            std::shared_ptr<const Shape> shape)
      : options_(options), dialect_(dialect), shape_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    Batch batch = new_batch(shape_);
    batch.memory->keep(block);
    // Rows that are changed are not written as they came.
    batch.dialect.format = options_.keeps_rows() ? dialect_.format : std::string_view();
    batch.dialect.delimiter = dialect_.delimiter;
    batch.dialect.header = block->header;
    batch.origin = origin_of(*block);
    Rows rows(*block, batch, effects);
    if (block->header) read_runs(rows);
    reject_bad_bytes(rows);
    fill(rows);
    end_last_row(rows);
    return batch;
  }

 private:
  // The rows of a block on their way into a batch.
  struct Rows {
    Rows(const Block& b, Batch& to, Effects& out)
        : block(b),
          batch(to),
          effects(out),
          is_utf8(simdjson::validate_utf8(b.buffer.data(), b.size)),
          source(to.memory->allocate<std::string_view>(b.row_ends.size())),
          positions(to.memory->allocate<Position>(b.row_ends.size())),
          marks(b.row_ends.size()) {}

    const Block& block;
    Batch& batch;
    Effects& effects;
    bool is_utf8;
    std::string_view* source;
    Position* positions;
    std::vector<std::uint32_t> marks;  // each row's first
    std::vector<std::uint32_t> lasts =
        {};  // where rows may be ragged, each row's last: its line end
    // Lines before `counted` in the block.
    std::uint32_t counted = 0;
    std::uint64_t line = 0;

    // Where every row has a line of its own, its place says which.
    std::uint64_t line_of(std::uint32_t row, std::uint32_t begin) {
      return block.lines == block.row_ends.size() ? block.first_line + row + 1 : line_at(begin);
    }
    std::uint64_t line_at(std::uint32_t position) {
      const char* const text = block.buffer.data();
      line += static_cast<std::uint64_t>(std::count(text + counted, text + position, '\n'));
      counted = position;
      return block.first_line + line + 1;
    }
    void reject(std::uint32_t begin, std::uint32_t end, std::uint64_t at_line, std::string reason) {
      std::string_view raw = block.text().substr(begin, end - begin);
      while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r')) raw.remove_suffix(1);
      effects.rejects.push_back({{block.turn, block.input, block.offset + begin, at_line},
                                 "read",
                                 std::move(reason),
                                 std::string(raw)});
    }
  };

  void read_runs(Rows& rows) const {
    const Block& block = rows.block;
    const std::size_t columns = block.header->names.size();
    for (const Run& run : block.runs) {
      if (are_all_good(rows, run, columns)) {
        take_all(rows, run, static_cast<std::uint32_t>(columns));
        continue;
      }
      std::uint32_t begin = run.begin;
      std::uint32_t mark = first_mark(block, run);
      for (std::uint32_t row = run.first_row; row < run.last_row; row++) {
        const std::uint32_t last = block.row_ends[row];
        const std::uint32_t end = block.marks[last], next = std::min(end + 1, run.end);
        if (takes(rows, row, begin, end, last - mark + 1, columns)) {
          Batch& batch = rows.batch;
          rows.source[batch.size] = block.text().substr(begin, next - begin);
          rows.positions[batch.size] = {block.turn, block.input, block.offset + begin,
                                        rows.line_of(row, begin)};
          if (!are_even()) rows.lasts.push_back(last);
          rows.marks[batch.size++] = mark;
        }
        begin = next;
        mark = last + 1;
      }
    }
  }

  static std::uint32_t first_mark(const Block& block, const Run& run) {
    return run.first_row == 0 ? 0 : block.row_ends[run.first_row - 1] + 1;
  }

  // Whether each row has as many cells as the header, a line of its own, and nothing else that
  // would have to be looked at.
  bool are_all_good(const Rows& rows, const Run& run, std::size_t columns) const {
    const Block& block = rows.block;
    if (!are_even() || !rows.is_utf8 || block.lines != block.row_ends.size() ||
        columns >= UINT32_MAX)
      return false;
    std::uint32_t before = first_mark(block, run) - 1, uneven = 0;
    for (std::uint32_t row = run.first_row; row < run.last_row; row++) {
      uneven |= (block.row_ends[row] - before) ^ static_cast<std::uint32_t>(columns);
      before = block.row_ends[row];
    }
    return uneven == 0;
  }

  static void take_all(Rows& rows, const Run& run, std::uint32_t columns) {
    const Block& block = rows.block;
    const char* const text = block.buffer.data();
    std::uint32_t begin = run.begin, mark = first_mark(block, run);
    std::uint64_t line = block.first_line + run.first_row;
    Row to = rows.batch.size;
    for (const Row end = to + run.last_row - run.first_row; to < end; to++, mark += columns) {
      const std::uint32_t next = std::min(block.marks[mark + columns - 1] + 1, run.end);
      rows.source[to] = {text + begin, next - begin};
      rows.positions[to] = {block.turn, block.input, block.offset + begin, ++line};
      rows.marks[to] = mark;
      begin = next;
    }
    rows.batch.size = to;
  }

  // Whether a row is a record; a blank one is not, and one that cannot be is rejected.
  bool takes(Rows& rows, std::uint32_t row, std::uint32_t begin, std::uint32_t end,
             std::size_t cells, std::size_t columns) const {
    const std::string_view text = rows.block.text().substr(begin, end - begin);
    if (cells == 1 && columns > 1 && is_blank_row(text)) return false;
    if (cells > columns && options_.ragged == InputOptions::Ragged::cut) {
      rows.effects.left_out += cells - columns;
    } else if (cells > columns || (cells < columns && are_even())) {
      rows.reject(begin, end, rows.line_of(row, begin),
                  fmt::format("{} {} where the header has {}", cells, cells == 1 ? "cell" : "cells",
                              columns));
      return false;
    }
    if (rows.is_utf8 || simdjson::validate_utf8(text.data(), text.size())) return true;
    rows.reject(begin, end, rows.line_of(row, begin), "invalid UTF-8 (see --encoding)");
    return false;
  }

  static void reject_bad_bytes(Rows& rows) {
    rows.counted = 0, rows.line = 0;
    for (const BadBytes& bad : rows.block.bad)
      rows.reject(bad.begin, bad.end, rows.line_at(bad.begin), bad.reason);
  }

  std::vector<Wanted> wanted_of(const Header& header) const {
    std::vector<Wanted> wanted;
    for (const SourceField& field : shape_->slots().source) {
      const auto name = std::find(header.names.begin(), header.names.end(), field.name.literal);
      if (name == header.names.end()) continue;
      const bool dotted = field.name.literal.find('.') != std::string::npos;
      wanted.push_back({field.slot, static_cast<std::size_t>(name - header.names.begin()),
                        static_cast<std::uint8_t>(dotted ? Value::literal_key : 0)});
    }
    return wanted;
  }

  void fill(Rows& rows) const {
    Batch& batch = rows.batch;
    batch.source.text = rows.source;
    batch.origin.positions = rows.positions;
    batch.rows.resize(batch.size);
    for (Row row = 0; row < batch.size; row++) batch.rows[row] = row;
    static constexpr Value missing{};
    for (const SourceField& field : shape_->slots().source)
      batch.columns[static_cast<std::size_t>(field.slot)] = {&missing, 0};
    if (!batch.dialect.header || batch.size == 0) return;
    std::vector<CellColumn> columns;
    const std::size_t longest = are_even() ? SIZE_MAX : longest_row(rows);
    static const Value null = null_value();
    const auto add = [&](std::size_t cell, std::uint8_t flags) {
      if (cell >= longest) return Column{&null, 0};
      if (options_.all_text) flags |= Value::all_text;
      if (options_.loose_numbers) flags |= Value::loose;
      columns.push_back({cell, cell_of(dialect_, flags), batch.new_values()});
      return Column{columns.back().values};
    };
    for (const Wanted& wanted : wanted_of(*batch.dialect.header))
      batch.columns[static_cast<std::size_t>(wanted.slot)] = add(wanted.cell, wanted.flags);
    if (shape_->slots().rest)
      for (std::size_t cell = 0; cell < batch.dialect.header->names.size(); cell++)
        batch.source.header_columns.push_back(add(cell, 0));
    for (Row row = 0; row < batch.size; row += rows_at_once)
      for (const CellColumn& column : columns)
        fill_cells(rows, column, row, std::min(row + rows_at_once, batch.size));
    if (options_.nulls.empty() && !dialect_.is_foreign()) return;
    for (const CellColumn& column : columns)
      for (Row row = 0; row < batch.size; row++) {
        Value& value = column.values[row];
        if (is_null(value)) value = null_value();
        if (dialect_.is_foreign()) restate_cell(dialect_, value, *batch.memory);
      }
  }

  // How many cells the longest row has.
  static std::size_t longest_row(const Rows& rows) {
    std::size_t longest = 0;
    for (Row row = 0; row < rows.batch.size; row++)
      longest = std::max<std::size_t>(longest, rows.lasts[row] - rows.marks[row] + 1);
    return longest;
  }

  bool is_null(const Value& value) const {
    return value.kind == Kind::cell && (value.flags & Value::quoted) == 0 &&
           std::find(options_.nulls.begin(), options_.nulls.end(), value.view()) !=
               options_.nulls.end();
  }

  // An input's last row may lack its line end; as a record it may stand before others.
  static void end_last_row(Rows& rows) {
    const Batch& batch = rows.batch;
    if (batch.size == 0 || rows.source[batch.size - 1].ends_with('\n')) return;
    std::string_view& last = rows.source[batch.size - 1];
    last = batch.memory->copy(
        std::string(last).append(last.ends_with('\r') ? "\n" : batch.dialect.header->line_end));
  }

  void fill_cells(const Rows& rows, const CellColumn& column, Row from, Row to) const {
    const bool first = column.cell == 0,
               last = column.cell + 1 == rows.batch.dialect.header->names.size();
    if (!are_even())
      fill_ragged(rows, column, from, to);
    else if (first && last)
      fill_even<true, true>(rows, column, from, to);
    else if (first)
      fill_even<true, false>(rows, column, from, to);
    else if (last)
      fill_even<false, true>(rows, column, from, to);
    else
      fill_even<false, false>(rows, column, from, to);
  }

  // Where all rows have as many cells as the header.
  template <bool is_first, bool is_last>
  void fill_even(const Rows& rows, const CellColumn& column, Row from, Row to) const {
    const std::string_view text = rows.block.text();
    const std::uint32_t* const marks = rows.block.marks.get() + column.cell;
    const std::uint32_t* const first = rows.marks.data();
    // Copies: values have characters, which might be theirs as far as the compiler knows.
    const CsvDialect dialect = dialect_;
    const Value like = column.like;
    Value* const values = column.values;
    for (Row row = from; row < to; row++) {
      const std::uint32_t* const mark = marks + first[row];
      // In one piece, not byte by byte.
      std::memcpy(static_cast<void*>(values + row), &like, sizeof like);
      put_cell(text, is_first ? begin_of(rows, row) : mark[-1] + 1, *mark, is_last, dialect,
               values[row]);
    }
  }

  void fill_ragged(const Rows& rows, const CellColumn& column, Row from, Row to) const {
    const Block& block = rows.block;
    for (Row row = from; row < to; row++) {
      const std::uint32_t mark = rows.marks[row] + static_cast<std::uint32_t>(column.cell);
      Value& value = column.values[row];
      if (mark > rows.lasts[row]) {
        value = null_value();
        continue;
      }
      value = column.like;
      const std::uint32_t begin =
          column.cell == 0 ? begin_of(rows, row) : block.marks[mark - 1] + 1;
      put_cell(block.text(), begin, block.marks[mark], mark == rows.lasts[row], dialect_, value);
    }
  }

  // Whether all records have as many cells as the header.
  bool are_even() const { return options_.ragged == InputOptions::Ragged::reject; }

  static std::uint32_t begin_of(const Rows& rows, Row row) {
    return static_cast<std::uint32_t>(rows.source[row].data() - rows.block.text().data());
  }

  InputOptions options_;
  CsvDialect dialect_;
  std::shared_ptr<const Shape> shape_;
};

}  // namespace

std::unique_ptr<RecordReader> make_csv_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape) {
  return std::make_unique<CsvReader>(options, csv_dialect(options), std::move(shape));
}

std::unique_ptr<RecordReader> make_tsv_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape) {
  return std::make_unique<CsvReader>(options, tsv_dialect(options), std::move(shape));
}

}  // namespace riffle
