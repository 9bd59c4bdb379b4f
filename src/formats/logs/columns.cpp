#include "formats/logs/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/lines/line_cutter.h"
#include "formats/lines/line_records.h"
#include "formats/lines/lines.h"
#include "formats/lines/named_columns.h"
#include "formats/unique_names.h"
#include "records/saved_header.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::string_view own_format = "columns";
constexpr std::string_view blanks = " \t";

struct ColumnsHeader : Header {
  std::string line;                 // as it is written
  std::vector<std::size_t> begins;  // in characters; empty: cells are parted by blanks
};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// A part of a line, and the character with which it begins.
struct Piece {
  std::string_view text;
  std::size_t begin;
};

// What stands between runs of at least `least` blanks.
std::vector<Piece> pieces_of(std::string_view line, std::size_t least) {
  std::vector<Piece> pieces;
  std::size_t character = 0, blank_run = least, end = 0;
  for (std::size_t i = 0; i < line.size(); i++) {
    const bool is_blank = blanks.find(line[i]) != blanks.npos;
    if (is_blank) {
      blank_run++;
    } else {
      if (blank_run >= least) pieces.push_back({line.substr(i, 0), character});
      blank_run = 0;
      end = i + 1;
      std::string_view& text = pieces.back().text;
      text = {text.data(), static_cast<std::size_t>(line.data() + end - text.data())};
    }
    if (begins_character(line[i])) character++;
  }
  return pieces;
}

bool begins_under(const std::vector<Piece>& row, const std::vector<Piece>& header) {
  return std::all_of(row.begin(), row.end(), [&](const Piece& cell) {
    return std::any_of(header.begin(), header.end(),
                       [&](const Piece& name) { return name.begin == cell.begin; });
  });
}

// Whether the first column has no name: `free`.
bool lacks_first_name(const std::vector<Piece>& row, const std::vector<Piece>& header) {
  return row.size() > header.size() &&
         row.front().begin + row.front().text.size() <= header.front().begin;
}

// `Mounted on` of `df` is one name, also where a path with blanks stands under it.
std::size_t words_of(std::string_view header, std::size_t words) {
  constexpr std::string_view two_words = " Mounted on";
  return header.ends_with(two_words) ? words - 1 : words;
}

// REQUIRES: neither line is blank.
std::shared_ptr<const ColumnsHeader> header_of(std::string_view line, std::string_view row) {
  auto header = std::make_shared<ColumnsHeader>();
  header->line = line;
  UniqueNames names;
  const auto add = [&](std::string_view name) {
    header->names.push_back(names.add(std::string(name)));
  };
  const std::vector<Piece> cells = pieces_of(line, 2);
  if (cells.size() > 1 && begins_under(pieces_of(row, 2), cells)) {
    for (const Piece& cell : cells) {
      add(cell.text);
      header->begins.push_back(cell.begin);
    }
    return header;
  }
  const std::vector<Piece> words = pieces_of(line, 1), first = pieces_of(row, 1);
  const bool lacks_name = lacks_first_name(first, words);
  if (lacks_name) add("c1");
  const std::size_t count =
      std::min(words_of(trimmed(line), words.size()), first.size() - (lacks_name ? 1 : 0));
  for (std::size_t i = 0; i < count; i++) {
    const std::string_view rest =
        trimmed(line.substr(static_cast<std::size_t>(words[i].text.data() - line.data())));
    add(i + 1 == count ? rest : words[i].text);
  }
  return header;
}

class ColumnsCutter : public Cutter {
 public:
  explicit ColumnsCutter(const InputOptions& options)
      : lines_(make_line_cutter(options)), most_(2 * options.max_record) {}

  void cut(Block& block, std::size_t seen, bool last) override {
    if (!header_ && !find_header(block.text(), last)) {
      block.size = 0;
      return;
    }
    lines_->cut(block, seen, last);
    at_start_ = at_start_ && block.size == 0;
    block.header = header_;
  }

  void save(StateWriter& to) const override {
    to.begin("columns cutter", 1);
    to.number(at_start_);
    to.number(header_ != nullptr);
    if (header_) {
      save_names(header_->names, to);
      to.text(header_->line);
      to.count(header_->begins.size());
      for (const std::size_t begin : header_->begins) to.count(begin);
    }
    lines_->save(to);
  }
  void load(StateReader& from) override {
    from.begin("columns cutter", 1);
    at_start_ = from.number<bool>();
    if (from.number<bool>()) {
      auto header = std::make_shared<ColumnsHeader>();
      header->names = load_names(from);
      header->line = from.text();
      for (std::size_t left = from.count(sizeof(std::uint64_t)); left > 0; left--)
        header->begins.push_back(from.number<std::uint64_t>());
      header_ = std::move(header);
    }
    lines_->load(from);
  }

 private:
  // False: the first two lines that are not blank are not there yet.
  bool find_header(std::string_view text, bool last) {
    if (at_start_ && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    std::string_view lines[2];
    std::size_t found = 0;
    const char* const end = text.data() + text.size();
    for (const char *at = text.data(), *next; at < end && found < 2; at = next) {
      next = next_line(at, end);
      if (next[-1] != '\n' && !last) break;
      const std::string_view line = without_line_end(text_between(at, next));
      if (!is_blank_line(line)) lines[found++] = line;
    }
    // A line that is too long is the line cutter's to refuse.
    if (found < 2 && !last && text.size() <= most_) return false;
    if (found > 0) header_ = header_of(lines[0], found < 2 ? lines[0] : lines[1]);
    return true;
  }

  std::unique_ptr<Cutter> lines_;
  std::size_t most_;
  bool at_start_ = true;  // no byte has been taken
  std::shared_ptr<const ColumnsHeader> header_;
};

class ColumnsReader : public RecordReader, private LineTaker {
 public:
  explicit ColumnsReader(std::shared_ptr<const Shape> shape) : shape_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    header_ = std::static_pointer_cast<const ColumnsHeader>(block->header);
    if (!header_) header_ = std::make_shared<const ColumnsHeader>();
    return read_lines(block, shape_, own_format, *this, effects);
  }

 private:
  void start(Batch& batch, std::size_t most) override { columns_.start(batch, header_, most); }

  Answer take(std::string_view line, Row row, std::string& reason) override {
    if (is_blank_line(line) || line == header_->line) return Answer::nothing;
    cells_.clear();
    const bool fits =
        header_->begins.empty() ? take_words(line, reason) : take_places(line, reason);
    if (!fits) return Answer::bad;
    columns_.set(row, cells_);
    return Answer::record;
  }

  bool take_words(std::string_view line, std::string& reason) {
    const std::size_t columns = header_->names.size();
    std::string_view rest = trimmed(line);
    while (!rest.empty()) {
      const std::size_t end = cells_.size() + 1 == columns ? rest.npos : rest.find_first_of(blanks);
      const std::string_view cell = rest.substr(0, end);
      cells_.push_back(cell_value(cell));
      rest.remove_prefix(cell.size());
      rest = trimmed(rest);
    }
    if (cells_.size() == columns) return true;
    reason = fmt::format("{} {} where the header has {}", cells_.size(),
                         cells_.size() == 1 ? "cell" : "cells", columns);
    return false;
  }

  bool take_places(std::string_view line, std::string& reason) {
    const std::vector<std::size_t>& begins = header_->begins;
    std::size_t at = 0, character = 0;
    for (std::size_t column = 0; column < begins.size(); column++) {
      const std::size_t begin = at;
      const bool is_last = column + 1 == begins.size();
      while (at < line.size() && (is_last || character < begins[column + 1])) {
        at++;
        while (at < line.size() && !begins_character(line[at])) at++;
        character++;
      }
      const auto is_text = [&](std::size_t i) { return blanks.find(line[i]) == blanks.npos; };
      if (at < line.size() && at > 0 && is_text(at) && is_text(at - 1)) {
        reason =
            fmt::format("a cell reaches into the column {}", visible(header_->names[column + 1]));
        return false;
      }
      const std::string_view cell = trimmed(line.substr(begin, at - begin));
      cells_.push_back(cell.empty() ? null_value() : cell_value(cell));
    }
    return true;
  }

  std::shared_ptr<const Shape> shape_;
  std::shared_ptr<const ColumnsHeader> header_;
  std::vector<Value> cells_;
  NamedColumns columns_;
};

}  // namespace

std::unique_ptr<Cutter> make_columns_cutter(const InputOptions& options) {
  return std::make_unique<ColumnsCutter>(options);
}

std::unique_ptr<RecordReader> make_columns_reader(const InputOptions&,
                                                  std::shared_ptr<const Shape> shape) {
  return std::make_unique<ColumnsReader>(std::move(shape));
}

}  // namespace riffle
