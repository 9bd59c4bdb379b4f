#include "formats/lines/multiline_cutter.h"

#include <algorithm>

#include "formats/lines/line_cutter.h"
#include "formats/lines/lines.h"
#include "formats/lines/multiline.h"

namespace riffle {
namespace {

// So much of a record that is too long is kept for its reject.
constexpr std::size_t kept_of_bad = 64 * 1024;

class MultilineCutter : public Cutter {
 public:
  explicit MultilineCutter(const InputOptions& options)
      : continuation_(make_continuation(options.multiline)), max_record_(options.max_record) {}

  void cut(Block& block, std::size_t, bool last) override {
    text_ = block.text();
    if (at_start_ && !has_record_)
      record_ = at_ = confirmed_ = text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    skip_rest_of_line();
    take_lines(block, last);
    // Lines that may have belonged to the record are looked at again.
    for (; (last || releases_) && has_record_; take_lines(block, last)) end_record(block);
    finish(block, last);
  }

  bool holds_record() const override { return has_record_ && !is_skipping_; }
  void release() override { releases_ = true; }

  void save(StateWriter& to) const override {
    to.begin("multiline cutter", 1);
    to.number(at_start_);
    to.number(is_skipping_);
    to.number(is_in_long_line_);
    to.number(confirmed_state_);
  }
  void load(StateReader& from) override {
    from.begin("multiline cutter", 1);
    at_start_ = from.number<bool>();
    has_record_ = is_skipping_ = from.number<bool>();
    is_in_long_line_ = from.number<bool>();
    confirmed_state_ = from.number<std::uint8_t>();
    continuation_->go_on_from(confirmed_state_);
  }

 private:
  // Of a line whose beginning was too long already, which has been looked at.
  void skip_rest_of_line() {
    if (!is_in_long_line_) return;
    const std::size_t end = text_.find('\n', at_);
    is_in_long_line_ = end == text_.npos;
    at_ = record_ = confirmed_ = is_in_long_line_ ? text_.size() : end + 1;
  }

  // Where the line at `at_` ends; 0: it is not whole. One that is too long is when that is known.
  std::size_t end_of_line(bool last) {
    if (at_ == text_.size()) return 0;
    const std::size_t end = text_.find('\n', std::max(at_, searched_));
    if (end != text_.npos) return end + 1;
    searched_ = text_.size();
    // Two bytes more than allowed cannot be the line's end.
    is_in_long_line_ = !last && text_.size() - at_ > max_record_ + 1;
    return last || is_in_long_line_ ? text_.size() : 0;
  }

  void take_lines(Block& block, bool last) {
    while (const std::size_t end = end_of_line(last)) take_line(block, end);
  }

  void take_line(Block& block, std::size_t end) {
    const std::string_view line =
        without_line_end(text_.substr(at_, end - at_)).substr(0, max_record_);
    if (!has_record_) {
      begin_record(line);
    } else {
      const auto answer =
          continuation_->is_complete() ? Continuation::Answer::no : continuation_->continues(line);
      if (answer == Continuation::Answer::no) {
        is_in_long_line_ = false;  // it is looked at again
        return end_record(block);
      }
      at_ = end;
      if (answer == Continuation::Answer::maybe) return;
    }
    at_ = confirmed_ = end;
    confirmed_state_ = continuation_->state();
    check_length(block);
    if (continuation_->is_complete()) end_record(block);
  }

  void begin_record(std::string_view line) {
    has_record_ = true;
    is_skipping_ = false;
    record_ = at_;
    continuation_->begin(line);
  }

  void check_length(Block& block) {
    if (!is_skipping_) {
      const std::string_view record = text_.substr(record_, confirmed_ - record_);
      if (without_line_end(record).size() <= max_record_) return;
      const std::size_t kept = std::min(max_record_, kept_of_bad);
      block.bad.push_back({static_cast<std::uint32_t>(record_),
                           static_cast<std::uint32_t>(record_ + kept), "longer than --max-record"});
      is_skipping_ = true;
    }
    record_ = confirmed_;
  }

  // The record is what is confirmed; the lines after that are looked at again.
  void end_record(Block& block) {
    if (!is_skipping_ && confirmed_ > record_)
      block.runs.push_back(
          {static_cast<std::uint32_t>(record_), static_cast<std::uint32_t>(confirmed_), 0, 0});
    has_record_ = is_skipping_ = false;
    at_ = record_ = confirmed_;
    searched_ = at_;
  }

  void finish(Block& block, bool last) {
    releases_ = false;
    const std::size_t taken = last ? text_.size() : has_record_ ? record_ : at_;
    block.size = static_cast<std::uint32_t>(taken);
    record_ -= std::min(record_, taken);
    at_ -= taken;
    searched_ -= std::min(searched_, taken);
    confirmed_ -= std::min(confirmed_, taken);
    if (taken == 0) return;
    at_start_ = false;
    if (block.runs.empty()) block.runs.push_back({});
    block.lines = static_cast<std::uint32_t>(count_line_ends(block.text()));
    if (last && !block.text().ends_with('\n')) block.lines++;
  }

  std::unique_ptr<Continuation> continuation_;
  std::size_t max_record_;
  bool at_start_ = true;          // no byte has been taken
  bool has_record_ = false;       // lines of one have been looked at, which may go on
  bool is_skipping_ = false;      // it is too long
  bool is_in_long_line_ = false;  // of a line that is too long the rest is to come
  bool releases_ = false;
  std::uint8_t confirmed_state_ = 0;  // the continuation's, at `confirmed_`
  // In the text of this call, and then in what was left of it.
  std::string_view text_;
  std::size_t record_ = 0;     // where the record begins
  std::size_t confirmed_ = 0;  // where the last line ends that belongs to it
  std::size_t at_ = 0;         // the next line
  std::size_t searched_ = 0;   // so far there is no line end after `at_`
};

}  // namespace

std::unique_ptr<Cutter> make_multiline_cutter(const InputOptions& options) {
  if (options.multiline.empty()) return make_line_cutter(options);
  return std::make_unique<MultilineCutter>(options);
}

}  // namespace riffle
