#include "formats/logs/log_lines.h"

#include <fmt/format.h>

#include "formats/lines/line_records.h"
#include "formats/lines/lines.h"
#include "formats/lines/named_columns.h"

namespace riffle {
namespace {

class LogReader : public RecordReader, private LineTaker {
 public:
  LogReader(std::string_view form, const InputOptions& options, std::shared_ptr<const Shape> shape)
      : form_(form),
        parser_(find_log_form(form)->make(options.logs)),
        shape_(std::move(shape)),
        header_(std::make_shared<const Header>(Header{parser_->names()})),
        parts_(parser_->names().size()),
        joins_(!options.multiline.empty()) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    return read_lines(block, shape_, form_, *this, effects, joins_);
  }

 private:
  void start(Batch& batch, std::size_t most) override {
    memory_ = batch.memory.get();
    columns_.start(batch, header_, most);
  }

  Answer take(std::string_view line, Row row, std::string& reason) override {
    if (is_blank_line(line)) return Answer::nothing;
    std::fill(parts_.begin(), parts_.end(), Value());
    if (!parser_->parse(line, *memory_, parts_)) {
      reason = fmt::format("not a line of {}", form_);
      return Answer::bad;
    }
    columns_.set(row, parts_);
    return Answer::record;
  }

  std::string_view form_;
  std::unique_ptr<TextParser> parser_;
  std::shared_ptr<const Shape> shape_;
  std::shared_ptr<const Header> header_;
  std::vector<Value> parts_;
  bool joins_;
  NamedColumns columns_;
  Memory* memory_ = nullptr;
};

}  // namespace

std::unique_ptr<RecordReader> make_clf_reader(const InputOptions& options,
                                              std::shared_ptr<const Shape> shape) {
  return std::make_unique<LogReader>("clf", options, std::move(shape));
}

std::unique_ptr<RecordReader> make_syslog_reader(const InputOptions& options,
                                                 std::shared_ptr<const Shape> shape) {
  return std::make_unique<LogReader>("syslog", options, std::move(shape));
}

}  // namespace riffle
