#include "formats/logs/w3c.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/lines/line_cutter.h"
#include "formats/lines/line_records.h"
#include "formats/lines/lines.h"
#include "formats/lines/named_columns.h"
#include "formats/unique_names.h"
#include "records/saved_header.h"

namespace riffle {
namespace {

constexpr std::string_view own_format = "w3c";
constexpr std::string_view fields_of_w3c = "#Fields:", fields_of_zeek = "#fields";

struct W3cHeader : Header {
  char separator = 0;  // 0: tabs or blanks
};

bool names_fields(std::string_view line) {
  return line.starts_with(fields_of_w3c) || line.starts_with(fields_of_zeek);
}

// REQUIRES: names_fields(line).
std::shared_ptr<const W3cHeader> header_of(std::string_view line) {
  auto header = std::make_shared<W3cHeader>();
  UniqueNames names;
  line.remove_prefix(fields_of_zeek.size());
  std::string_view separators = " \t";
  if (line.starts_with(':')) {
    line.remove_prefix(1);
  } else if (!line.empty()) {
    header->separator = line[0];
    separators = line.substr(0, 1);
  }
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(separators), line.size()));
    if (line.empty()) return header;
    const std::string_view name = line.substr(0, line.find_first_of(separators));
    header->names.push_back(names.add(std::string(name)));
    line.remove_prefix(name.size());
  }
}

class W3cCutter : public Cutter {
 public:
  explicit W3cCutter(const InputOptions& options) : lines_(make_line_cutter(options)) {}

  void cut(Block& block, std::size_t seen, bool last) override {
    const std::size_t end = end_of_columns(block.text(), last);
    leaves_records_ = end < block.size;
    if (leaves_records_) block.size = static_cast<std::uint32_t>(end);
    lines_->cut(block, std::min<std::size_t>(seen, block.size), last && !leaves_records_);
    at_start_ = at_start_ && block.size == 0;
    block.header = header_;
  }
  bool leaves_records() const override { return leaves_records_; }

  void save(StateWriter& to) const override {
    to.begin("w3c cutter", 1);
    to.number(at_start_);
    to.number(header_ != nullptr);
    if (header_) {
      save_names(header_->names, to);
      to.number(header_->separator);
    }
    lines_->save(to);
  }
  void load(StateReader& from) override {
    from.begin("w3c cutter", 1);
    at_start_ = from.number<bool>();
    if (from.number<bool>()) {
      auto header = std::make_shared<W3cHeader>();
      header->names = load_names(from);
      header->separator = from.number<char>();
      header_ = std::move(header);
    }
    lines_->load(from);
  }

 private:
  // Where other columns begin than those of the first record; the text's size: nowhere. Takes note
  // of the columns that are named before it.
  std::size_t end_of_columns(std::string_view text, bool last) {
    const char* const end = text.data() + text.size();
    const char* at = text.data();
    if (at_start_ && text.starts_with(byte_order_mark)) at += byte_order_mark.size();
    bool has_records = false;
    while (at < end) {
      if (*at != '#' && *at != '\n') {
        has_records = true;
        at = next_directive(at, end);
        continue;
      }
      const char* const next = next_line(at, end);
      const bool is_whole = last || next[-1] == '\n';
      const std::string_view line = without_line_end(text_between(at, next));
      if (is_whole && names_fields(line)) {
        if (has_records) return static_cast<std::size_t>(at - text.data());
        header_ = header_of(line);
      }
      at = next;
    }
    return text.size();
  }

  // The next line that begins with #.
  static const char* next_directive(const char* at, const char* end) {
    const std::string_view text = text_between(at, end);
    const std::size_t found = text.find("\n#");
    return found == text.npos ? end : at + found + 1;
  }

  std::unique_ptr<Cutter> lines_;
  std::shared_ptr<const W3cHeader> header_;
  bool at_start_ = true;  // no byte has been taken
  bool leaves_records_ = false;
};

class W3cReader : public RecordReader, private LineTaker {
 public:
  explicit W3cReader(std::shared_ptr<const Shape> shape) : shape_(std::move(shape)) {}

  Batch read(const std::shared_ptr<const Block>& block, Effects& effects) override {
    header_ = std::static_pointer_cast<const W3cHeader>(block->header);
    return read_lines(block, shape_, own_format, *this, effects);
  }

 private:
  void start(Batch& batch, std::size_t most) override {
    columns_.start(batch, header_ ? header_ : std::make_shared<const W3cHeader>(), most);
  }

  Answer take(std::string_view line, Row row, std::string& reason) override {
    if (line.starts_with('#') || is_blank_line(line)) return Answer::nothing;
    if (!header_) {
      reason = "no #Fields line before it";
      return Answer::bad;
    }
    split(line);
    if (cells_.size() != header_->names.size()) {
      reason = fmt::format("{} {} where #Fields names {}", cells_.size(),
                           cells_.size() == 1 ? "cell" : "cells", header_->names.size());
      return Answer::bad;
    }
    columns_.set(row, cells_);
    return Answer::record;
  }

  void split(std::string_view line) {
    char separator = header_->separator;
    if (!separator) separator = line.find('\t') == line.npos ? ' ' : '\t';
    if (separator == ' ') line = line.substr(0, line.find_last_not_of(' ') + 1);
    cells_.clear();
    const char* const end = line.data() + line.size();
    for (const char* at = line.data();; at++) {
      if (separator == ' ' && at < end && *at == '"' && take_quoted(at, end)) {
        if (at == end) return;
        continue;
      }
      const char* const next = std::find(at, end, separator);
      const std::string_view cell = text_between(at, next);
      cells_.push_back(cell == "-" ? null_value() : cell_value(cell));
      if (next == end) return;
      at = next;
    }
  }

  // "...": `at` is then after it. False: no quote that ends a cell follows.
  bool take_quoted(const char*& at, const char* end) {
    for (const char* quote = at; (quote = std::find(quote + 1, end, '"')) < end;) {
      if (quote + 1 < end && quote[1] != ' ') continue;
      cells_.push_back(text_value(text_between(at + 1, quote)));
      at = quote + 1;
      return true;
    }
    return false;
  }

  std::shared_ptr<const Shape> shape_;
  std::shared_ptr<const W3cHeader> header_;
  std::vector<Value> cells_;
  NamedColumns columns_;
};

}  // namespace

std::unique_ptr<Cutter> make_w3c_cutter(const InputOptions& options) {
  return std::make_unique<W3cCutter>(options);
}

std::unique_ptr<RecordReader> make_w3c_reader(const InputOptions&,
                                              std::shared_ptr<const Shape> shape) {
  return std::make_unique<W3cReader>(std::move(shape));
}

bool is_w3c_directive(std::string_view line) {
  constexpr std::array<std::string_view, 7> first = {
      "#Fields:", "#fields\t", "#separator ", "#Software:", "#Version:", "#Date:", "#Start-Date:"};
  return std::any_of(first.begin(), first.end(),
                     [&](std::string_view word) { return line.starts_with(word); });
}

}  // namespace riffle
