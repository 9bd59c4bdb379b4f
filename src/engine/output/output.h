// Output files: batches through a format's writer into a connector's sink.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.h"
#include "formats/display/json_painter.h"
#include "formats/format.h"
#include "records/sink.h"

namespace riffle {

// A file that batches are written to: a run's output, or a stage's side output. Written bytes are
// gathered and handed on in large pieces, and at flush().
class OutputFile : public Sink {
 public:
  OutputFile(const SinkOptions& sink, const Format& format, const OutputOptions& options,
             const Shape& shape);

  void write(const Batch& batch, Effects& effects) override;
  // Bytes that a writer of the same format has already made of the next batch.
  void write_formatted(std::string_view bytes);
  // Everything so far goes out, what the writer holds back too: nothing more may come for a while.
  void flush();
  // Everything so far goes out, and the file is closed where it can be: it is opened again by what
  // comes next.
  void pause();
  // What the writer holds, for one of a later run; and the length of the file by then, everything
  // so far being on disk. REQUIRES: the sink promises exactly_once, or at_least_once (then there is
  // no length).
  void save(StateWriter& to);
  // Goes on as the output that saved this did; what is in the file beyond its length then is taken
  // away. REQUIRES: nothing has been written. Throws Error.
  void load(StateReader& from);
  // For tests: another writer goes on with what this one holds.
  void restart();
  // The end of the output. A file appears under its name only when it is published, which is for
  // after finish(true).
  void finish(bool will_publish);
  void publish() { sink_->publish(); }

 private:
  void write_parts(const Batch& batch, Effects& effects);
  void hand_on();

  std::unique_ptr<ByteSink> sink_;
  std::function<std::unique_ptr<RecordWriter>()> make_writer_;
  std::unique_ptr<RecordWriter> writer_;
  std::optional<JsonPainter> painter_;  // none: no colours
  TextBuffer pending_;
};

}  // namespace riffle
