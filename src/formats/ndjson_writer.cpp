#include "formats/ndjson.h"
#include "formats/ndjson_text.h"

namespace riffle {
namespace {

class NdjsonWriter : public RecordWriter {
 public:
  explicit NdjsonWriter(const Shape& shape) : text_(shape) {}

  void write(const Batch& batch, std::string& out, Effects&) override {
    text_.start(batch);
    if (text_.is_source()) {
      copy_lines(batch, out);
      return;
    }
    const bool has_line_ends = batch.shape->is_open() && batch.source_format == "ndjson";
    for (const Row row : batch.rows) {
      text_.write(row, out);
      out += has_line_ends && batch.source[row].ends_with("\r\n") ? "\r\n" : "\n";
    }
  }

 private:
  // Neighbours are copied as one.
  static void copy_lines(const Batch& batch, std::string& out) {
    std::string_view run;
    const auto end_run = [&] {
      out += run;
      if (!run.empty() && run.back() != '\n') out += '\n';  // the last line of an input may lack its end
    };
    for (const Row row : batch.rows) {
      const std::string_view line = batch.source[row];
      if (!run.empty() && line.data() == run.data() + run.size() && run.back() == '\n') {
        run = {run.data(), run.size() + line.size()};
      } else {
        end_run();
        run = line;
      }
    }
    end_run();
  }

  RecordText text_;
};

}  // namespace

std::unique_ptr<RecordWriter> make_ndjson_writer(const OutputOptions&, const Shape& shape) {
  return std::make_unique<NdjsonWriter>(shape);
}

}  // namespace riffle
