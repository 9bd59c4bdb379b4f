#include "formats/lines/line_records.h"
#include "formats/ndjson/ndjson.h"
#include "formats/ndjson/splice.h"
#include "formats/ndjson/text.h"

namespace riffle {
namespace {

class NdjsonWriter : public RecordWriter {
 public:
  explicit NdjsonWriter(const Shape& shape) : text_(shape) {}

  void write(const Batch& batch, TextBuffer& out, Effects&) override {
    text_.start(batch);
    if (text_.is_source()) {
      copy_lines(batch, out);
      return;
    }
    for (const Row row : batch.rows) {
      text_.write(row, out);
      out += line_end_of(batch, row, "ndjson");
    }
  }

 private:
  RecordText text_;
};

}  // namespace

void request_ndjson_fields(Shape& shape) { Splicer::request_places(shape); }

std::unique_ptr<RecordWriter> make_ndjson_writer(const OutputOptions&, const Shape& shape) {
  return std::make_unique<NdjsonWriter>(shape);
}

}  // namespace riffle
