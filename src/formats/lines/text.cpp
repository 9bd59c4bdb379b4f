#include "formats/lines/text.h"

#include "formats/lines/line_records.h"
#include "records/record.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/scratch.h"

namespace riffle {
namespace {

constexpr std::string_view own_format = "text";

class TextReader : public RecordReader, private LineTaker {
 public:
  TextReader(bool joins, std::shared_ptr<const Shape> shape)
      : joins_(joins), shape_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    Batch batch = read_lines(block, shape_, own_format, *this, effects, joins_);
    batch.dialect.header = header_;
    static constexpr Value missing{};
    for (const SourceField& field : shape_->slots().source)
      batch.columns[static_cast<std::size_t>(field.slot)] =
          field.name.literal == "line" ? Column{lines_} : Column{&missing, 0};
    if (shape_->slots().rest) batch.source.header_columns.push_back({lines_});
    return batch;
  }

 private:
  void start(Batch& batch, std::size_t most) override {
    lines_ = batch.memory->allocate<Value>(most);
  }

  Answer take(std::string_view line, Row row, std::string&) override {
    lines_[row] = cell_value(line, 0, Value::all_text);
    return Answer::record;
  }

  bool joins_;
  std::shared_ptr<const Shape> shape_;
  std::shared_ptr<const Header> header_ = std::make_shared<const Header>(Header{{"line"}});
  Value* lines_ = nullptr;
};

class TextWriter : public RecordWriter {
 public:
  explicit TextWriter(const Shape& shape) {
    if (shape.is_open() || !shape.edits().empty()) return;
    for (const Field& field : shape.fields()) {
      has_fields_ = field.pattern.empty();
      if (!has_fields_) return;
    }
  }

  void write(const Batch& batch, TextBuffer& out, Effects&) override {
    if (batch.is_text_of(own_format)) return copy_lines(batch, out);
    for (const Row row : batch.rows) {
      Memory& memory = scratch_.next();
      if (has_fields_)
        write_fields(batch, row, memory, out);
      else
        write_members(batch, row, memory, out);
      out += line_end_of(batch, row, own_format);
    }
  }

 private:
  // One that is missing leaves its place empty: what follows it stays where it is.
  static void write_fields(const Batch& batch, Row row, Memory& memory, TextBuffer& out) {
    bool first = true;
    for (const Field& field : batch.shape->fields()) {
      if (!first) out += '\t';
      first = false;
      out += text_of(batch.columns[static_cast<std::size_t>(field.slot)][row], memory);
    }
  }

  void write_members(const Batch& batch, Row row, Memory& memory, TextBuffer& out) {
    members(batch, row, memory, members_);
    bool first = true;
    for (const Member& member : members_) {
      if (!first) out += '\t';
      first = false;
      out += text_of(member.value, memory);
    }
  }

  bool has_fields_ = false;  // the shape's are all there are
  Scratch scratch_;
  std::vector<Member> members_;
};

}  // namespace

std::unique_ptr<RecordReader> make_text_reader(const InputOptions& options,
                                               std::shared_ptr<const Shape> shape) {
  return std::make_unique<TextReader>(!options.multiline.empty(), std::move(shape));
}

std::unique_ptr<RecordWriter> make_text_writer(const OutputOptions&, const Shape& shape) {
  return std::make_unique<TextWriter>(shape);
}

}  // namespace riffle
