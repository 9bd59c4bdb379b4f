#include "engine/output/output.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "connectors/terminal.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::size_t piece = 256 * 1024;

// So many rows are written at once: each may be far longer there than where it came from, as where
// it has few of many columns.
constexpr std::size_t rows_at_once = 4096;

// What belongs to a terminal. NO_COLOR: see no-color.org.
OutputOptions for_terminal(OutputOptions options, const ByteSink& sink) {
  using Color = OutputOptions::Color;
  if (sink.is_terminal()) options.columns_of_terminal = terminal_width(STDOUT_FILENO);
  if (options.color != Color::automatic) return options;
  const char* const no_color = std::getenv("NO_COLOR");
  options.color = sink.is_terminal() && !(no_color && *no_color) ? Color::always : Color::never;
  return options;
}

}  // namespace

OutputFile::OutputFile(const SinkOptions& sink, const Format& format, const OutputOptions& options,
                       const Shape& shape)
    : sink_(connector_of(sink.where).create(sink)),
      make_writer_([&format, shape, adapted = for_terminal(options, *sink_)] {
        return format.make_writer(adapted, shape);
      }),
      writer_(make_writer_()) {
  const bool is_colored = for_terminal(options, *sink_).color == OutputOptions::Color::always;
  // Into a file, colours would be no JSON.
  if (format.is_json && is_colored && (sink.where == "-" || sink_->is_terminal()))
    painter_.emplace();
}

void OutputFile::write(const Batch& batch, Effects& effects) {
  if (batch.rows.size() > rows_at_once) return write_parts(batch, effects);
  writer_->write(batch, pending_, effects);
  if (pending_.size() >= piece) hand_on();
}

void OutputFile::write_parts(const Batch& batch, Effects& effects) {
  Batch part = batch;
  for (std::size_t from = 0; from < batch.rows.size(); from += rows_at_once) {
    const std::size_t to = std::min(from + rows_at_once, batch.rows.size());
    part.rows.assign(batch.rows.data() + from, batch.rows.data() + to);
    writer_->write(part, pending_, effects);
    if (pending_.size() >= piece) hand_on();
  }
}

void OutputFile::write_formatted(std::string_view bytes) {
  if (bytes.size() >= piece && pending_.empty() && !painter_) {
    sink_->write(bytes);
    return;
  }
  pending_ += bytes;
  if (pending_.size() >= piece) hand_on();
}

void OutputFile::hand_on() {
  if (!pending_.empty() && painter_)
    sink_->write(painter_->painted(pending_));
  else if (!pending_.empty())
    sink_->write(pending_);
  pending_.clear();
}

void OutputFile::flush() {
  writer_->flush(pending_);
  hand_on();
}

void OutputFile::save(StateWriter& to) {
  hand_on();
  to.begin("output", 1);
  to.part([&] { writer_->save(to); });
  const bool has_length = sink_->promise() == Promise::exactly_once;
  to.number(has_length);
  to.number(has_length ? sink_->length() : std::uint64_t{0});
}

void OutputFile::load(StateReader& from) {
  from.begin("output", 1);
  StateReader writer = from.part();
  writer_->load(writer);
  writer.end();
  const auto has_length = from.number<bool>();
  const auto length = from.number<std::uint64_t>();
  if (has_length && sink_->promise() == Promise::exactly_once) sink_->cut_back(length);
}

void OutputFile::restart() {
  std::string state;
  StateWriter to(state);
  writer_->save(to);
  writer_ = make_writer_();
  StateReader from(state);
  writer_->load(from);
  from.end();
}

void OutputFile::pause() {
  hand_on();
  sink_->pause();
}

void OutputFile::finish(bool will_publish) {
  writer_->finish(pending_);
  hand_on();
  if (will_publish) sink_->prepare();
}

}  // namespace riffle
