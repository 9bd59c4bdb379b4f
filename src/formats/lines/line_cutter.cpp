#include "formats/lines/line_cutter.h"

#include <algorithm>

#include "formats/lines/lines.h"

namespace riffle {
namespace {

// So much of a record that is too long is kept for its reject.
constexpr std::size_t kept_of_bad = 64 * 1024;

class LineCutter : public Cutter {
 public:
  explicit LineCutter(const InputOptions& options) : max_record_(options.max_record) {}

  void cut(Block& block, std::size_t seen, bool last) override {
    const char* const begin = block.buffer.data();
    const char* const end = begin + block.size;
    const char* const good =
        skip_rest(begin, end) +
        (at_start_ && block.text().starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
    const char* const fresh = std::max(good, begin + seen);
    const char* whole = last ? end : behind_last_line_end(fresh, end);
    if (whole == fresh && !last) whole = good;

    // Two bytes more than allowed cannot be the record's line end.
    const bool endless = static_cast<std::size_t>(end - whole) > max_record_ + 1;
    if (whole == good && !endless && !last) whole = at_start_ ? begin : good;
    block.size = static_cast<std::uint32_t>((endless ? end : whole) - begin);
    if (block.size == 0) return;
    at_start_ = false;
    if (static_cast<std::size_t>(whole - good) > max_record_)
      split_off_long_lines(block, good, whole);
    else if (good > begin || endless)
      block.runs.push_back(run(block, good, whole));
    if (endless) {
      add_bad(block, whole);
      skipping_ = true;
    }
    block.lines = static_cast<std::uint32_t>(count_line_ends(block.text()));
    if (last && !block.text().ends_with('\n')) block.lines++;
  }

  void save(StateWriter& to) const override {
    to.begin("line cutter", 1);
    to.number(at_start_);
    to.number(skipping_);
  }
  void load(StateReader& from) override {
    from.begin("line cutter", 1);
    at_start_ = from.number<bool>();
    skipping_ = from.number<bool>();
  }

 private:
  static Run run(const Block& block, const char* begin, const char* end) {
    const char* const first = block.buffer.data();
    return {static_cast<std::uint32_t>(begin - first), static_cast<std::uint32_t>(end - first), 0,
            0};
  }

  // After the rest of a line whose beginning was too long already.
  const char* skip_rest(const char* begin, const char* end) {
    if (!skipping_) return begin;
    const char* const next = next_line(begin, end);
    skipping_ = next == begin || next[-1] != '\n';
    return next;
  }

  void add_bad(Block& block, const char* line) const {
    const Run kept = run(block, line, line + std::min(max_record_, kept_of_bad));
    block.bad.push_back({kept.begin, kept.end, "longer than --max-record"});
  }

  void split_off_long_lines(Block& block, const char* begin, const char* end) const {
    const char* good = begin;
    for (const char *line = begin, *next; line < end; line = next) {
      next = next_line(line, end);
      if (without_line_end(text_between(line, next)).size() <= max_record_) continue;
      if (line > good) block.runs.push_back(run(block, good, line));
      add_bad(block, line);
      good = next;
    }
    if (good < end || block.runs.empty()) block.runs.push_back(run(block, good, end));
  }

  std::size_t max_record_;
  bool at_start_ = true;   // no byte has been taken
  bool skipping_ = false;  // in a line that is too long
};

}  // namespace

std::unique_ptr<Cutter> make_line_cutter(const InputOptions& options) {
  return std::make_unique<LineCutter>(options);
}

}  // namespace riffle
