#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/csv/cells.h"
#include "formats/csv/columns.h"
#include "formats/csv/csv.h"
#include "formats/csv/from_ndjson.h"
#include "formats/csv/header.h"
#include "formats/lines/lines.h"
#include "records/record.h"
#include "records/saved_header.h"
#include "values/decode.h"
#include "values/error.h"
#include "values/name_index.h"

namespace riffle {
namespace {

class CsvWriter : public RecordWriter {
 public:
  CsvWriter(const OutputOptions& options, const CsvDialect& dialect, const Shape& shape)
      : options_(options),
        dialect_(dialect),
        line_end_(options.crlf ? "\r\n" : "\n"),
        cells_(dialect, options),
        shape_(shape) {
    if (!options.columns.empty()) columns_.emplace(options.columns);
    if (is_united() && options.budget) holding_.emplace(Holder{*options.budget, "--extra union"});
  }

  void write(const Batch& batch, TextBuffer& out, Effects& effects) override {
    if (!header_ && batch.dialect.header) take_header(batch);
    if (batch.rows.empty()) return;
    if (!columns_) columns_ = columns_of(batch, batch.rows[0]);
    start(out);
    plan(batch);
    if (verbatim_) return write_verbatim(batch, out);
    if (layout_) layout_->use(batch);
    for (const Row row : batch.rows)
      if (!(layout_ && write_laid_out(batch, row, out, effects)) &&
          !(from_ndjson_ && write_from_ndjson(batch, row, out)))
        write_members(batch, row, out, effects);
    if (holding_) account();
  }

  void finish(TextBuffer& out) override {
    if (!columns_) columns_ = columns_of_nothing(shape_, header_.get());
    if (is_united())
      write_held(out);
    else
      start(out);
  }

  void save(StateWriter& to) const override {
    to.begin(dialect_.format, 1);
    to.number(columns_.has_value());
    if (columns_) save_names(columns_->names(), to);
    to.number(started_);
    to.number(header_ != nullptr);
    if (header_) save_header(*header_, to);
    to.number(copies_);
    to.count(held_.size());
    for (const HeldRow& row : held_) {
      to.text(row.text);
      to.count(row.cells);
    }
  }
  void load(StateReader& from) override {
    from.begin(dialect_.format, 1);
    if (from.number<bool>()) columns_.emplace(load_names(from));
    started_ = from.number<bool>();
    if (from.number<bool>()) header_ = load_header(from);
    copies_ = from.number<bool>();
    for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--) {
      const std::string_view text = from.text();
      hold({std::string(text), from.number<std::uint64_t>()});
    }
    if (holding_) account();
  }

 private:
  struct HeldRow {
    std::string text;
    std::size_t cells;
  };

  bool is_united() const { return options_.extra == OutputOptions::Extra::unite; }

  void take_header(const Batch& batch) {
    header_ = batch.dialect.header;
    copies_ = is_of_own_dialect(batch);
  }

  void start(TextBuffer& out) {
    if (started_ || is_united()) return;
    started_ = true;
    write_header(out, copies_ && header_ && header_->names == columns_->names() ? header_->line_end
                                                                                : line_end_);
  }

  void write_header(TextBuffer& out, std::string_view line_end) const {
    if (!options_.header || columns_->empty()) return;
    for (std::size_t i = 0; i < columns_->size(); i++) {
      if (i > 0) out += dialect_.delimiter;
      const std::string& name = columns_->names()[i];
      if (!cells_.write_text(name, out))
        throw failure(
            fmt::format("tsv cannot write the column '{}': it holds the delimiter; csv quotes it",
                        visible(name)));
    }
    out += line_end;
  }

  // How the rows of a batch are written: most batches have the shape and the header of the one
  // before.
  void plan(const Batch& batch) {
    const std::string_view source = batch.source.text ? batch.dialect.format : std::string_view();
    if (planned_shape_ == batch.shape && planned_header_ == batch.dialect.header &&
        planned_source_ == source)
      return;
    planned_shape_ = batch.shape;
    planned_header_ = batch.dialect.header;
    planned_source_ = source;
    verbatim_ = is_verbatim(batch);
    layout_ = verbatim_ || is_united() ? std::nullopt : CsvLayout::of(batch, *columns_);
    from_ndjson_ = can_read_ndjson(batch);
  }

  // Numbers and literals, and texts without escapes, then say the same in a cell as in a record,
  // but for quotes.
  bool can_read_ndjson(const Batch& batch) const {
    return batch.is_text_of("ndjson") && dialect_.quotes && options_.keeps_rows() &&
           std::string_view(",;|\t ").find(dialect_.delimiter) != std::string_view::npos;
  }

  bool write_from_ndjson(const Batch& batch, Row row, TextBuffer& out) {
    const std::string_view record = without_line_end(batch.source.text[row]);
    if (ndjson_.write(record, *batch.memory, out)) return true;
    ndjson_.learn(record, *columns_);
    return false;
  }

  bool is_verbatim(const Batch& batch) const {
    return is_of_own_dialect(batch) && batch.source.text && batch.dialect.header &&
           batch.dialect.header->names == columns_->names();
  }

  bool is_of_own_dialect(const Batch& batch) const {
    return batch.shape->is_open() && batch.shape->edits().empty() &&
           batch.dialect.format == dialect_.format &&
           batch.dialect.delimiter == dialect_.delimiter && options_.keeps_rows();
  }

  // Neighbours in the input are copied in one piece.
  static void write_verbatim(const Batch& batch, TextBuffer& out) {
    std::string_view piece;
    for (const Row row : batch.rows) {
      const std::string_view bytes = batch.source.text[row];
      if (piece.data() + piece.size() == bytes.data()) {
        piece = {piece.data(), piece.size() + bytes.size()};
      } else {
        out += piece;
        piece = bytes;
      }
    }
    out += piece;
  }

  // False, and nothing is written: the row has members for which the layout has no place.
  bool write_laid_out(const Batch& batch, Row row, TextBuffer& out, Effects& effects) const {
    if (layout_->has_more(row)) return false;
    const std::size_t begin = out.size();
    bool said = true;
    const std::string_view source = batch.source.text ? batch.source.text[row] : std::string_view();
    std::string_view piece;  // cells that stand in the input as they will in the output
    for (std::size_t i = 0, count = columns_->size(); i < count; i++) {
      const Value& value = layout_->cell(i, row);
      const bool last = i + 1 == count;
      if (cells_.can_copy(value, last)) {
        const std::string_view cell = value.view();
        if (!piece.empty() && piece.data() + piece.size() == cell.data()) {
          piece = {piece.data(), piece.size() + cell.size()};
        } else {
          out += piece;
          piece = cell;
        }
        if (!last && is_followed_by_delimiter(cell, source)) {
          piece = {piece.data(), piece.size() + 1};
          continue;
        }
      } else if (is_map(value)) {
        out.truncate(begin);
        return false;
      } else {
        out += piece;
        piece = {};
        said = cells_.write(value, last, *batch.memory, out) && said;
      }
      if (last) break;
      out += piece;
      piece = {};
      out += dialect_.delimiter;
    }
    out += piece;
    end_row(batch, row, begin, said, out, effects);
    return true;
  }

  bool is_followed_by_delimiter(std::string_view cell, std::string_view source) const {
    const char* const end = cell.data() + cell.size();
    return end > source.data() && end < source.data() + source.size() && *end == dialect_.delimiter;
  }

  // `said`: all of its values could be written.
  void end_row(const Batch& batch, Row row, std::size_t begin, bool said, TextBuffer& out,
               Effects& effects) const {
    if (said) {
      out += line_end_;
      return;
    }
    out.truncate(begin);
    constexpr std::string_view reason =
        "a value holds the delimiter, for which tsv has no escape (csv quotes it)";
    effects.rejects.push_back(rejected(batch, row, "write", reason));
  }

  void write_members(const Batch& batch, Row row, TextBuffer& out, Effects& effects) {
    const std::span<const NamedValue> record = members_.of(batch, row, *batch.memory);
    values_.assign(columns_->size(), Value());
    if (options_.extra == OutputOptions::Extra::drop) left_out_.clear();
    for (std::size_t i = 0; i < record.size(); i++) {
      const std::size_t column = columns_->find(record[i].name, i);
      if (column != CsvColumns::none) {
        if (!values_[column].is_missing() && refuse_shared(batch, row, effects)) return;
        values_[column] = record[i].value;
      } else if (!may_lack_column(record[i])) {
        if (options_.extra == OutputOptions::Extra::reject) {
          const std::string reason =
              fmt::format("no column for '{}'; --extra union adds it, --extra drop leaves it out",
                          visible(record[i].name));
          effects.rejects.push_back(rejected(batch, row, "write", reason));
          return;
        }
        if (options_.extra == OutputOptions::Extra::drop) {
          effects.left_out += left_out_.add(record[i].name).second;
        } else {
          columns_->add(record[i].name);
          values_.push_back(record[i].value);
        }
      }
    }
    held_row_.clear();
    TextBuffer& to = is_united() ? held_row_ : out;
    const std::size_t begin = to.size();
    bool said = true;
    for (std::size_t i = 0; i < values_.size(); i++) {
      if (i > 0) to += dialect_.delimiter;
      said = cells_.write(values_[i], i + 1 == values_.size(), *batch.memory, to) && said;
    }
    end_row(batch, row, begin, said, to, effects);
    if (is_united() && said) hold({std::string(held_row_.view()), values_.size()});
  }

  void hold(HeldRow row) {
    held_cells_ += row.cells;
    held_.push_back(std::move(row));
    // And what all of them become at the end.
    held_size_ += sizeof(HeldRow) + 2 * held_.back().text.capacity();
    // A batch may hold any number of columns.
    if (holding_ && held_size_ >= next_account_) account();
  }

  // With the cells that others' columns add.
  void account() {
    constexpr std::size_t step = 1024 * 1024;
    const std::size_t empty = options_.quote_all ? 3 : 1;
    holding_->set(held_size_ + empty * (held_.size() * columns_->size() - held_cells_));
    next_account_ = held_size_ + step;
  }

  // Whether two members are in one column: the record is a bad one. A key that stands twice is one
  // member.
  bool refuse_shared(const Batch& batch, Row row, Effects& effects) const {
    const auto name = members_.shared_name(*batch.memory);
    if (name) effects.rejects.push_back(rejected(batch, row, "write", shared_column(*name)));
    return name.has_value();
  }

  // A null, or a map without members, where the columns are nested leaves them empty.
  bool may_lack_column(const NamedValue& value) const {
    const bool empty =
        is_nothing(value.value) || (value.value.kind == Kind::map && value.value.size == 0);
    return empty && columns_->has_inside(value.name);
  }

  // --extra union: rows waited for the columns that others brought.
  void write_held(TextBuffer& out) const {
    write_header(out, line_end_);
    for (const auto& [row, count] : held_) {
      out += std::string_view(row).substr(0, row.size() - line_end_.size());
      for (std::size_t i = count; i < columns_->size(); i++) {
        out += dialect_.delimiter;
        cells_.write_nothing(out);
      }
      out += line_end_;
    }
  }

  OutputOptions options_;
  CsvDialect dialect_;
  std::string_view line_end_;
  CsvCells cells_;
  std::optional<CsvColumns> columns_;  // not known before the first record
  Shape shape_;
  bool started_ = false;
  std::shared_ptr<const Header> header_;  // of the first records
  bool copies_ = false;                   // their rows are copied if they have just the columns
  std::shared_ptr<const Shape> planned_shape_;
  std::shared_ptr<const Header> planned_header_;
  std::string_view planned_source_;
  bool verbatim_ = false;
  std::optional<CsvLayout> layout_;
  bool from_ndjson_ = false;
  CsvFromNdjson ndjson_{cells_};

  FlatMembers members_;
  std::vector<Value> values_;
  NameIndex left_out_;  // names of the current record, --extra drop
  std::vector<HeldRow> held_;
  TextBuffer held_row_;
  std::size_t held_size_ = 0, held_cells_ = 0, next_account_ = 0;
  std::optional<Holding> holding_;
};

}  // namespace

std::unique_ptr<RecordWriter> make_csv_writer(const OutputOptions& options, const Shape& shape) {
  return std::make_unique<CsvWriter>(
      options, CsvDialect{"csv", options.delimiter ? options.delimiter : ',', true, false}, shape);
}

std::unique_ptr<RecordWriter> make_tsv_writer(const OutputOptions& options, const Shape& shape) {
  const bool quotes = options.quoted_tsv;
  if (options.quote_all && !quotes)
    throw usage_error("--quote-all: tsv has quotes only with --quoted");
  return std::make_unique<CsvWriter>(
      options, CsvDialect{"tsv", options.delimiter ? options.delimiter : '\t', quotes, !quotes},
      shape);
}

}  // namespace riffle
