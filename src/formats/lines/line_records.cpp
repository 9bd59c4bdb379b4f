#include "formats/lines/line_records.h"

#include <simdjson.h>

#include "formats/lines/lines.h"

namespace riffle {
namespace {

class LineReading {
 public:
  LineReading(const Block& block, Batch& batch, LineTaker& taker, Effects& effects, bool joins)
      : block_(block),
        batch_(batch),
        taker_(taker),
        effects_(effects),
        joins_(joins),
        is_utf8_(simdjson::validate_utf8(block.buffer.data(), block.size)),
        source_(batch.memory->allocate<std::string_view>(block.lines)),
        positions_(batch.memory->allocate<Position>(block.lines)) {}

  void read() {
    taker_.start(batch_, block_.lines);
    if (block_.runs.empty()) read_run(0, block_.size);
    for (const Run& run : block_.runs) read_run(run.begin, run.end);
    counted_ = 0, line_ = 0;
    for (const BadBytes& bad : block_.bad) {
      count_until(bad.begin);
      reject(block_.text().substr(bad.begin, bad.end - bad.begin), block_.first_line + line_ + 1,
             bad.reason);
    }
    batch_.source.text = source_;
    batch_.origin.positions = positions_;
    batch_.revive_rows();
  }

 private:
  void count_until(std::uint32_t at) {
    line_ += count_line_ends(block_.text().substr(counted_, at - counted_));
    counted_ = at;
  }

  void read_run(std::uint32_t from, std::uint32_t to) {
    const char* const begin = block_.buffer.data();
    const char* const end = begin + to;
    count_until(from);
    std::uint64_t number = block_.first_line + line_;
    if (joins_) {
      if (from < to) take(text_between(begin + from, end), number + 1);
      return;
    }
    for (const char *at = begin + from, *next; at < end; at = next) {
      next = next_line(at, end);
      number++;
      take(text_between(at, next), number);
    }
  }

  void take(std::string_view whole, std::uint64_t number) {
    const std::string_view line = without_line_end(whole);
    if (!is_utf8_ && !simdjson::validate_utf8(line.data(), line.size()))
      return reject(line, number, "invalid UTF-8 (see --encoding)");
    std::string reason;
    const LineTaker::Answer answer = taker_.take(line, batch_.size, reason);
    if (answer == LineTaker::Answer::bad) return reject(line, number, reason);
    if (answer == LineTaker::Answer::nothing) return;
    source_[batch_.size] = whole;
    positions_[batch_.size++] = {block_.turn, block_.input, offset_of(whole), number};
  }

  void reject(std::string_view raw, std::uint64_t number, const std::string& reason) {
    effects_.rejects.push_back({{block_.turn, block_.input, offset_of(raw), number},
                                "read",
                                reason,
                                std::string(without_line_end(raw))});
  }

  std::uint64_t offset_of(std::string_view part) const {
    return block_.offset + static_cast<std::uint64_t>(part.data() - block_.buffer.data());
  }

  const Block& block_;
  Batch& batch_;
  LineTaker& taker_;
  Effects& effects_;
  bool joins_;
  bool is_utf8_;
  std::string_view* source_;
  Position* positions_;
  std::uint32_t counted_ = 0;  // bytes of the block in which the line ends were counted
  std::uint64_t line_ = 0;     // how many there were
};

}  // namespace

Batch read_lines(const std::shared_ptr<const Block>& block,
                 const std::shared_ptr<const Shape>& shape, std::string_view format,
                 LineTaker& taker, Effects& effects, bool joins) {
  Batch batch = new_batch(shape);
  batch.dialect.format = format;
  batch.memory->keep(block);
  batch.origin = origin_of(*block);
  LineReading(*block, batch, taker, effects, joins).read();
  return batch;
}

// Neighbours are copied as one.
void copy_lines(const Batch& batch, TextBuffer& out) {
  std::string_view run;
  const auto end_run = [&] {
    out += run;
    if (!run.empty() && run.back() != '\n') out += '\n';
  };
  for (const Row row : batch.rows) {
    const std::string_view line = batch.source.text[row];
    if (!run.empty() && line.data() == run.data() + run.size() && run.back() == '\n') {
      run = {run.data(), run.size() + line.size()};
    } else {
      end_run();
      run = line;
    }
  }
  end_run();
}

std::string_view line_end_of(const Batch& batch, Row row, std::string_view format) {
  const bool is_line =
      batch.shape->is_open() && batch.source.text && batch.dialect.format == format;
  return is_line && batch.source.text[row].ends_with("\r\n") ? "\r\n" : "\n";
}

}  // namespace riffle
