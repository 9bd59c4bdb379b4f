#include "formats/json/json.h"
#include "formats/ndjson/text.h"
#include "values/json.h"

namespace riffle {
namespace {

// An array, one record a line, or each over several.
class JsonWriter : public RecordWriter {
 public:
  JsonWriter(const OutputOptions& options, const Shape& shape)
      : text_(shape), indent_(options.indent) {}

  void write(const Batch& batch, TextBuffer& out, Effects&) override {
    text_.start(batch);
    for (const Row row : batch.rows) {
      record_.clear();
      text_.write(row, record_);
      out += empty_ ? "[\n" : ",\n";
      empty_ = false;
      const std::string_view record = trim_blanks(record_);
      out.append(static_cast<std::size_t>(indent_), ' ');
      if (indent_ > 0)
        write_json_indented(json_value(record), indent_, out, 1);
      else
        out += record;
    }
  }

  void save(StateWriter& to) const override {
    to.begin("json", 1);
    to.number(empty_);
  }
  void load(StateReader& from) override {
    from.begin("json", 1);
    empty_ = from.number<bool>();
  }

  void finish(TextBuffer& out) override { out += empty_ ? "[]\n" : "\n]\n"; }

 private:
  RecordText text_;
  int indent_;
  bool empty_ = true;
  TextBuffer record_;
};

}  // namespace

std::unique_ptr<RecordWriter> make_json_writer(const OutputOptions& options, const Shape& shape) {
  return std::make_unique<JsonWriter>(options, shape);
}

}  // namespace riffle
