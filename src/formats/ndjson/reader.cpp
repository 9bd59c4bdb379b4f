#include "formats/ndjson/reader.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "formats/lines/lines.h"
#include "formats/ndjson/ndjson.h"
#include "values/json.h"

namespace riffle {
namespace {

// So much is indexed at once. A longer line has an index of its own, up to the second size: an
// index takes four bytes for each mark.
constexpr std::size_t piece_size = 512 * 1024, largest_piece = 4 * 1024 * 1024;

// `at` is after a record: where the next line begins; null: something else follows on this one.
const char* end_of_line(const char* at, const char* end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\r')) at++;
  if (at == end) return end;
  return *at == '\n' ? at + 1 : nullptr;
}

// Where to cut a piece in two, at a line's beginning near its middle; null: it is one line.
const char* middle_of(const char* begin, const char* end) {
  const char* const middle = begin + (end - begin) / 2;
  if (const char* const after = next_line(middle, end); after < end) return after;
  const char* const before = behind_last_line_end(begin, middle);
  return before > begin ? before : nullptr;
}

std::string reason_of(const JsonFault& fault) {
  const std::string reason = fault.reason;
  return reason == "invalid UTF-8" ? reason + " (see --encoding)" : reason;
}

}  // namespace

LineReader::LineReader(std::shared_ptr<const Shape> shape, std::string_view kernel)
    : shape_(std::move(shape)), fields_(shape_->slots()), index_(kernel), walk_(fields_) {}

void LineReader::start(std::size_t lines, const Block& block, Effects& effects) {
  effects_ = &effects;
  batch_ = new_batch(shape_);
  batch_.dialect.format = "ndjson";
  batch_.origin = origin_of(block);
  source_ = batch_.memory->allocate<std::string_view>(lines);
  positions_ = batch_.memory->allocate<Position>(lines);
  fields_.start_batch(batch_, static_cast<Row>(lines));
  rows_ = 0;
}

Batch LineReader::finish() {
  batch_.size = rows_;
  batch_.revive_rows();
  batch_.source.text = source_;
  batch_.origin.positions = positions_;
  index_.shrink();
  return std::move(batch_);
}

void LineReader::reject(std::uint64_t line, std::uint64_t offset, std::string reason,
                        std::string_view raw) {
  const Position position{batch_.origin.where.turn, batch_.origin.where.input, offset, line};
  effects_->rejects.push_back({position, "read", std::move(reason), std::string(raw)});
}

void LineReader::read(std::string_view lines, std::uint64_t first_line, std::uint64_t offset,
                      std::optional<std::size_t> line_ends) {
  line_ = first_line;
  lines_ = lines;
  first_offset_ = offset;
  line_ends_ = line_ends;
  const char* const end = lines.data() + lines.size();
  for (const char *at = lines.data(), *next; at < end; at = next) {
    next = end;
    if (static_cast<std::size_t>(end - at) > piece_size) {
      next = behind_last_line_end(at, at + piece_size);
      if (next == at) next = next_line(at + piece_size, end);
    }
    if (static_cast<std::size_t>(next - at) <= largest_piece)
      read_piece(at, next);
    else
      read_line(at, next);
  }
}

// A piece whose index is refused is halved, until the lines that spoil it stand alone.
void LineReader::read_piece(const char* begin, const char* end) {
  if (index_.make(text_between(begin, end))) {
    if (!walk(begin, end, false)) walk(begin, end, true);
  } else if (const char* const middle = middle_of(begin, end); middle && index_.is_usable()) {
    read_piece(begin, middle);
    read_piece(middle, end);
  } else {
    for (const char *at = begin, *next; at < end; at = next)
      read_line(at, next = next_line(at, end));
  }
}

// Reads a piece by its index. To the walk, a line end between two tokens of a record is a blank
// like others: then fewer line ends are met between the records than there are. The answer is
// false, nothing has been read, and the piece has to be walked strictly, which looks for them in
// each record.
bool LineReader::walk(const char* begin, const char* end, bool strictly) {
  const Row first_row = rows_;
  const std::uint64_t first_line = line_;
  const std::size_t first_reject = effects_->rejects.size();
  walk_.start(begin, end);
  const char* line = begin;
  const std::uint32_t* const last = index_.end();
  for (const std::uint32_t* entry = index_.begin(); entry < last;) {
    const char* const start = begin + *entry;
    if (start != line) {
      line_ += count_line_ends(text_between(line, start));
      line = std::max(line, behind_last_line_end(line, start));
    }
    const char* next = walk_record(entry, begin, end, strictly);
    if (next) {
      add_row(line, next);
    } else {
      next = next_line(start, end);
      fields_.clear_rows(rows_, rows_ + 1);
      read_line(line, next);
      walk_.resume(next);
      while (entry < last && begin + *entry < next) entry++;
    }
    line = next;
  }
  line_ += count_line_ends(text_between(line, end));
  if (strictly || line_ - first_line == line_ends_between(begin, end)) return true;
  fields_.clear_rows(first_row, rows_);
  rows_ = first_row;
  line_ = first_line;
  effects_->rejects.resize(first_reject);
  return false;
}

// The record that begins at `entry`: where the next line begins, with `entry` there. Null: its line
// is no record.
const char* LineReader::walk_record(const std::uint32_t*& entry, const char* begin, const char* end,
                                    bool strictly) {
  const char* const start = begin + *entry;
  if (*start != '{') return nullptr;
  fields_.start_record(rows_);
  const std::uint32_t* const after = walk_.record(entry);
  if (!after) return nullptr;
  const char* const next = end_of_line(begin + after[-1] + 1, end);
  if (!next || (strictly && next_line(start, end) != next)) return nullptr;
  entry = after;
  return next;
}

std::size_t LineReader::line_ends_between(const char* begin, const char* end) const {
  const std::string_view text = text_between(begin, end);
  const bool is_all = text.data() == lines_.data() && text.size() == lines_.size();
  return is_all && line_ends_ ? *line_ends_ : count_line_ends(text);
}

void LineReader::add_row(const char* begin, const char* end) {
  source_[rows_] = text_between(begin, end);
  positions_[rows_] = {batch_.origin.where.turn, batch_.origin.where.input, offset_of(begin),
                       line_};
  rows_++;
  line_ += end[-1] == '\n';
}

// Reads a line by the scalar checker, whose verdict and reason are final.
void LineReader::read_line(const char* begin, const char* end) {
  const std::string_view text = without_line_end(text_between(begin, end));
  const std::size_t first = text.find_first_not_of(" \t\r");
  std::string reason;
  if (first == text.npos) {
    line_ += end[-1] == '\n';
    return;
  }
  if (const std::optional<JsonFault> fault = check_json(text))
    reason = reason_of(*fault);
  else if (text[first] != '{')
    reason = "not an object";
  if (!reason.empty()) {
    reject(line_, offset_of(begin), std::move(reason), text);
    line_ += end[-1] == '\n';
    return;
  }
  fields_.start_record(rows_);
  fields_.store_all_of(text.substr(first, text.find_last_not_of(" \t\r") + 1 - first));
  add_row(begin, end);
}

namespace {

class NdjsonReader : public RecordReader {
 public:
  explicit NdjsonReader(std::shared_ptr<const Shape> shape) : reader_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    reader_.start(block->lines, *block, effects);
    reader_.memory().keep(block);
    if (block->runs.empty())
      reader_.read(block->text(), block->first_line + 1, block->offset, line_ends_of(*block));
    else
      read_runs(*block);
    return reader_.finish();
  }

 private:
  static std::size_t line_ends_of(const Block& block) {
    return block.lines - (block.size > 0 && block.text().back() != '\n' ? 1 : 0);
  }

  // Good lines and bad bytes, in their order.
  void read_runs(const Block& block) {
    std::uint64_t line = block.first_line + 1;
    std::uint32_t counted = 0;
    const auto count_until = [&](std::uint32_t at) {
      line += count_line_ends(block.text().substr(counted, at - counted));
      counted = at;
    };
    auto bad = block.bad.begin();
    const auto reject_until = [&](std::uint32_t at) {
      for (; bad != block.bad.end() && bad->begin < at; ++bad) {
        count_until(bad->begin);
        const std::string_view raw = block.text().substr(bad->begin, bad->end - bad->begin);
        reader_.reject(line, block.offset + bad->begin, bad->reason, raw);
      }
    };
    for (const Run& run : block.runs) {
      reject_until(run.begin);
      count_until(run.begin);
      reader_.read(block.text().substr(run.begin, run.end - run.begin), line,
                   block.offset + run.begin);
    }
    reject_until(block.size);
  }

  LineReader reader_;
};

}  // namespace

std::unique_ptr<RecordReader> make_ndjson_reader(const InputOptions&,
                                                 std::shared_ptr<const Shape> shape) {
  return std::make_unique<NdjsonReader>(std::move(shape));
}

}  // namespace riffle
