#include "formats/lines/logfmt.h"

#include "formats/lines/line_records.h"
#include "formats/lines/lines.h"
#include "records/flat_members.h"
#include "values/key_value_pairs.h"
#include "values/scratch.h"

namespace riffle {
namespace {

constexpr std::string_view own_format = "logfmt";

class LogfmtReader : public RecordReader, private LineTaker {
 public:
  LogfmtReader(bool joins, std::shared_ptr<const Shape> shape)
      : joins_(joins), shape_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    Batch batch = read_lines(block, shape_, own_format, *this, effects, joins_);
    batch.dialect.members = members_of_logfmt;
    for (const Wanted& wanted : wanted_)
      batch.columns[static_cast<std::size_t>(wanted.field->slot)] = {wanted.values};
    return batch;
  }

 private:
  struct Wanted {
    const SourceField* field;
    Value* values;
  };

  void start(Batch& batch, std::size_t most) override {
    memory_ = batch.memory.get();
    wanted_.clear();
    for (const SourceField& field : shape_->slots().source)
      wanted_.push_back({&field, memory_->allocate<Value>(most)});
  }

  Answer take(std::string_view line, Row row, std::string& reason) override {
    if (is_blank_line(line)) return Answer::nothing;
    for (const Wanted& wanted : wanted_) wanted.values[row] = Value();
    PairWalk walk(line, PairStyle::logfmt);
    while (walk.next())
      for (const Wanted& wanted : wanted_)
        if (walk.key() == wanted.field->name.literal) {
          wanted.values[row] = walk.value(*memory_);
          if (wanted.field->name.is_path()) wanted.values[row].flags |= Value::literal_key;
        }
    if (!walk.fault()) return Answer::record;
    reason = walk.fault();
    return Answer::bad;
  }

  bool joins_;
  std::shared_ptr<const Shape> shape_;
  Memory* memory_ = nullptr;
  std::vector<Wanted> wanted_;
};

class LogfmtWriter : public RecordWriter {
 public:
  void write(const Batch& batch, TextBuffer& out, Effects&) override {
    if (batch.is_text_of(own_format)) return copy_lines(batch, out);
    for (const Row row : batch.rows) {
      Memory& memory = scratch_.next();
      bool first = true;
      for (const NamedValue& member : members_.of(batch, row, memory)) {
        if (!first) out += ' ';
        first = false;
        write_logfmt_key(member.name, out);
        out += '=';
        write_logfmt_value(member.value, memory, out);
      }
      out += line_end_of(batch, row, own_format);
    }
  }

 private:
  Scratch scratch_;
  FlatMembers members_;
};

}  // namespace

std::unique_ptr<RecordReader> make_logfmt_reader(const InputOptions& options,
                                                 std::shared_ptr<const Shape> shape) {
  return std::make_unique<LogfmtReader>(!options.multiline.empty(), std::move(shape));
}

std::unique_ptr<RecordWriter> make_logfmt_writer(const OutputOptions&, const Shape&) {
  return std::make_unique<LogfmtWriter>();
}

void members_of_logfmt(std::string_view line, Memory& memory, std::vector<Member>& members) {
  PairWalk walk(line, PairStyle::logfmt);
  while (walk.next()) members.push_back({walk.key(), walk.value(memory)});
}

}  // namespace riffle
