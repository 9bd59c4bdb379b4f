#include <fmt/format.h>

#include <algorithm>

#include "data/decode.h"
#include "data/json.h"
#include "data/record.h"
#include "formats/csv.h"

namespace riffle {
namespace {

struct NamedValue {
  std::string name;
  Value value;
};

bool is_map(const Value& value) { return value.kind == Kind::map || (value.kind == Kind::json && value.text[0] == '{'); }

// Nested members by their paths: `user.id`. An empty map stays one value.
void flatten(const std::string& name, const Value& value, Memory& memory, std::vector<NamedValue>& out) {
  const Value map = is_map(value) ? decode(value, memory) : value;
  if (map.kind != Kind::map || map.size == 0) {
    out.push_back({name, map});
    return;
  }
  for (const Member& member : map.map()) flatten(name + "." + std::string(member.name), member.value, memory, out);
}

std::vector<NamedValue> flat_members(const Batch& batch, Row row, Memory& memory) {
  std::vector<Member> record;
  members(batch, row, memory, record);
  std::vector<NamedValue> flat;
  for (const Member& member : record) flatten(std::string(member.name), member.value, memory, flat);
  return flat;
}

class CsvWriter : public RecordWriter {
 public:
  CsvWriter(const OutputOptions& options, CsvDialect dialect, const Shape& shape)
      : options_(options), dialect_(dialect), columns_(options.columns), fixed_(!options.columns.empty()), shape_(shape) {}

  void write(const Batch& batch, std::string& out, Effects& effects) override {
    if (!header_) header_ = batch.header;
    if (batch.rows.empty()) return;
    if (columns_.empty() && !fixed_) columns_ = columns_of(batch, batch.rows[0]);
    start(out);
    if (is_verbatim(batch)) return write_verbatim(batch, out);
    const std::vector<Slot> slots = direct_slots(batch);
    for (const Row row : batch.rows)
      if (slots.empty() || !write_direct(batch, row, slots, out)) write_members(batch, row, out, effects);
  }

  void finish(std::string& out) override {
    if (columns_.empty()) columns_ = columns_of_nothing();
    if (options_.extra == OutputOptions::Extra::unite) write_held(out);
    else start(out);
  }

 private:
  void start(std::string& out) {
    if (started_ || options_.extra == OutputOptions::Extra::unite) return;
    started_ = true;
    write_header(out);
  }

  void write_header(std::string& out) const {
    if (!options_.header || columns_.empty()) return;
    for (std::size_t i = 0; i < columns_.size(); i++) {
      if (i > 0) out += dialect_.delimiter;
      write_text(columns_[i], out);
    }
    out += '\n';
  }

  // The fields of a closed shape and the names that edits make are columns even when the first record lacks them.
  std::vector<std::string> columns_of(const Batch& batch, Row row) const {
    if (batch.shape->is_open() && batch.header && batch.shape->edits().empty()) return batch.header->names;
    std::vector<std::string> columns;
    const auto add = [&](const std::string& name) {
      const auto inside = [&](const std::string& c) { return c == name || c.starts_with(name + "."); };
      if (std::none_of(columns.begin(), columns.end(), inside)) columns.push_back(name);
    };
    Memory memory;
    const std::vector<NamedValue> record = flat_members(batch, row, memory);
    const Shape& shape = *batch.shape;
    for (const Field& field : shape.is_open() ? std::vector<Field>() : shape.fields()) {
      const std::size_t before = columns.size();
      for (const NamedValue& value : record)
        if (is_of(field, value.name)) add(value.name);
      if (columns.size() == before && field.pattern.empty()) add(field.name.literal);
    }
    for (const NamedValue& value : record) add(value.name);
    for (const Edit& edit : shape.edits())
      if (edit.kind == Edit::Kind::set && !edit.name.literal.empty()) add(edit.name.literal);
    return columns;
  }

  static bool is_of(const Field& field, const std::string& name) {
    if (!field.pattern.empty()) return matches(field.pattern, name.substr(0, name.find('.'))) || matches(field.pattern, name);
    return name == field.name.literal || name.starts_with(field.name.literal + ".");
  }

  // What the columns are when no record comes: a closed shape's fields, or those of the input's header.
  std::vector<std::string> columns_of_nothing() const {
    std::vector<std::string> columns;
    if (!shape_.is_open())
      for (const Field& field : shape_.fields())
        if (field.pattern.empty()) columns.push_back(field.name.literal);
    if (shape_.is_open() && header_) columns = header_->names;
    for (const Edit& edit : shape_.edits()) apply(edit, columns);
    return columns;
  }

  static void apply(const Edit& edit, std::vector<std::string>& columns) {
    const std::string& name = edit.name.literal;
    const auto found = std::find(columns.begin(), columns.end(), name);
    const auto from = std::find(columns.begin(), columns.end(), edit.from);
    switch (edit.kind) {
      case Edit::Kind::set:
        if (found == columns.end()) columns.push_back(name);
        break;
      case Edit::Kind::first:
        if (found == columns.end()) break;
        std::rotate(columns.begin(), found, found + 1);
        break;
      case Edit::Kind::drop: std::erase(columns, name); break;
      case Edit::Kind::drop_pattern: std::erase_if(columns, [&](const std::string& c) { return matches(name, c); }); break;
      case Edit::Kind::rename:
        if (from == columns.end()) break;
        *from = name;
        if (found != columns.end() && found != from) columns.erase(found);
        break;
    }
  }

  bool is_verbatim(const Batch& batch) const {
    return batch.shape->is_open() && batch.shape->edits().empty() && batch.source && batch.source_format == dialect_.format &&
           batch.source_delimiter == dialect_.delimiter && batch.header && batch.header->names == columns_ &&
           !options_.quote_all && options_.extra != OutputOptions::Extra::unite;
  }

  // Neighbours in the input are copied in one piece.
  static void write_verbatim(const Batch& batch, std::string& out) {
    std::string_view piece;
    for (const Row row : batch.rows) {
      const std::string_view bytes = batch.source[row];
      if (piece.data() + piece.size() == bytes.data()) {
        piece = {piece.data(), piece.size() + bytes.size()};
      } else {
        out += piece;
        piece = bytes;
      }
    }
    out += piece;
    if (!out.empty() && out.back() != '\n') out += '\n';
  }

  // The slot of each column, where they are just the fields of a closed shape or the cells of the input's header.
  std::vector<Slot> direct_slots(const Batch& batch) const {
    std::vector<Slot> slots;
    if (batch.shape->is_open() || !batch.shape->edits().empty() || options_.extra == OutputOptions::Extra::unite) return {};
    if (batch.shape->fields().size() != columns_.size()) return {};
    for (std::size_t i = 0; i < columns_.size(); i++) {
      const Field& field = batch.shape->fields()[i];
      if (!field.pattern.empty() || field.name.literal != columns_[i]) return {};
      slots.push_back(field.slot);
    }
    return slots;
  }

  bool write_direct(const Batch& batch, Row row, const std::vector<Slot>& slots, std::string& out) const {
    for (const Slot slot : slots)
      if (is_map(batch.columns[static_cast<std::size_t>(slot)][row])) return false;
    for (std::size_t i = 0; i < slots.size(); i++) {
      if (i > 0) out += dialect_.delimiter;
      write_value(batch.columns[static_cast<std::size_t>(slots[i])][row], *batch.memory, out);
    }
    out += '\n';
    return true;
  }

  void write_members(const Batch& batch, Row row, std::string& out, Effects& effects) {
    const std::vector<NamedValue> record = flat_members(batch, row, *batch.memory);
    std::vector<Value> cells(columns_.size());
    for (std::size_t i = 0; i < record.size(); i++) {
      const std::size_t column = column_of(record[i].name, i);
      if (column < columns_.size()) {
        cells[column] = record[i].value;
      } else if (!may_lack_column(record[i])) {
        if (options_.extra == OutputOptions::Extra::reject) {
          effects.rejects.push_back(rejected(batch, row, "write", fmt::format("no column for '{}' (see --columns and --extra)", record[i].name)));
          return;
        }
        if (options_.extra == OutputOptions::Extra::drop) {
          effects.left_out++;
        } else {
          columns_.push_back(record[i].name);
          cells.push_back(record[i].value);
        }
      }
    }
    if (options_.extra == OutputOptions::Extra::unite) return hold(cells, *batch.memory);
    write_cells(cells, *batch.memory, out);
  }

  // Most records have their fields in the columns' order.
  std::size_t column_of(const std::string& name, std::size_t likely) const {
    if (likely < columns_.size() && columns_[likely] == name) return likely;
    return static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), name) - columns_.begin());
  }

  // A null, or a map without members, where the columns are nested leaves them empty.
  bool may_lack_column(const NamedValue& value) const {
    const bool empty = is_nothing(value.value) || (value.value.kind == Kind::map && value.value.size == 0);
    return empty && std::any_of(columns_.begin(), columns_.end(), [&](const std::string& c) { return c.starts_with(value.name + "."); });
  }

  void write_cells(const std::vector<Value>& cells, Memory& memory, std::string& out) const {
    for (std::size_t i = 0; i < cells.size(); i++) {
      if (i > 0) out += dialect_.delimiter;
      write_value(cells[i], memory, out);
    }
    out += '\n';
  }

  // --extra union: rows wait for the columns that others bring.
  void hold(const std::vector<Value>& cells, Memory& memory) {
    std::string row;
    std::size_t count = 0;
    for (const Value& cell : cells) {
      if (count++ > 0) row += dialect_.delimiter;
      write_value(cell, memory, row);
    }
    held_.push_back({std::move(row), count});
  }

  void write_held(std::string& out) const {
    write_header(out);
    for (const auto& [row, count] : held_) {
      out += row;
      for (std::size_t i = count; i < columns_.size(); i++) {
        out += dialect_.delimiter;
        if (options_.quote_all) out += "\"\"";
      }
      out += '\n';
    }
  }

  void write_value(const Value& value, Memory& memory, std::string& out) const {
    if (is_nothing(value)) {
      if (options_.quote_all) out += "\"\"";
      return;
    }
    if (value.kind == Kind::cell && is_own_cell(value)) {
      out += value.view();
      return;
    }
    if (value.kind == Kind::list || value.kind == Kind::map) {
      std::string json;
      write_json(value, json);
      return write_text(json, out);
    }
    write_text(text_of(value, memory), out);
  }

  // Whether a cell's bytes say the same in this dialect.
  bool is_own_cell(const Value& cell) const {
    if (options_.quote_all || cell.delimiter != dialect_.delimiter) return false;
    const bool quoted = cell.flags & Value::quoted, escaped = cell.flags & Value::escaped;
    if (dialect_.quotes) return quoted || (!escaped && (cell.size == 0 || cell.text[0] != '"'));
    return !quoted && (escaped || cell.view().find('\\') == std::string_view::npos);
  }

  void write_text(std::string_view text, std::string& out) const {
    if (dialect_.escapes) return write_escaped(text, out);
    const char special[] = {dialect_.delimiter, '"', '\n', '\r'};
    if (!options_.quote_all && !text.empty() && text.find_first_of(std::string_view(special, 4)) == text.npos) {
      out += text;
      return;
    }
    out += '"';
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }

  static void write_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
      switch (c) {
        case '\t': out += "\\t"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\\': out += "\\\\"; break;
        default: out += c;
      }
    }
  }

  struct HeldRow {
    std::string text;
    std::size_t cells;
  };

  OutputOptions options_;
  CsvDialect dialect_;
  std::vector<std::string> columns_;
  bool fixed_;   // by --columns
  Shape shape_;
  bool started_ = false;
  std::shared_ptr<const Header> header_;
  std::vector<HeldRow> held_;
};

}  // namespace

std::unique_ptr<RecordWriter> make_csv_writer(const OutputOptions& options, const Shape& shape) {
  return std::make_unique<CsvWriter>(options, CsvDialect{"csv", options.delimiter ? options.delimiter : ',', true, false}, shape);
}

std::unique_ptr<RecordWriter> make_tsv_writer(const OutputOptions& options, const Shape& shape) {
  const CsvDialect dialect{"tsv", options.delimiter ? options.delimiter : '\t', options.quote_all, !options.quote_all};
  return std::make_unique<CsvWriter>(options, dialect, shape);
}

}  // namespace riffle
