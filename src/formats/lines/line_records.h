// Blocks of lines, each of which is a record, as batches; and such records written as they came.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "records/block.h"
#include "text/text_buffer.h"

namespace riffle {

// What a format makes of the lines.
class LineTaker {
 public:
  enum class Answer { record, nothing, bad };

  virtual ~LineTaker() = default;
  // A batch begins; it will have `most` rows at most.
  virtual void start(Batch& batch, std::size_t most) = 0;
  // The line (UTF-8, without its end) would be row `row`. When it is bad, `reason` says why.
  virtual Answer take(std::string_view line, Row row, std::string& reason) = 0;
};

// The block's lines as rows of `format` with source and positions. What the block's cutter found
// bad, lines that are not UTF-8 and those that the taker refuses are rejected. `joins`: each of the
// block's runs is one record, however many lines it has.
Batch read_lines(const std::shared_ptr<const Block>& block,
                 const std::shared_ptr<const Shape>& shape, std::string_view format,
                 LineTaker& taker, Effects& effects, bool joins = false);

// Appends the living rows' lines as they came; one without a line end (an input's last) gets one.
void copy_lines(const Batch& batch, TextBuffer& out);

// The line end of a row that is built from its values: its source's, where that is a line of
// `format`.
std::string_view line_end_of(const Batch& batch, Row row, std::string_view format);

}  // namespace riffle
