#include <algorithm>
#include <optional>

#include "formats/json/json.h"
#include "formats/json/scan.h"
#include "formats/lines/lines.h"
#include "values/json.h"
#include "values/json_blank.h"

namespace riffle {
namespace {

// So much of what is bad is kept for its reject.
constexpr std::string_view not_utf8 = "invalid UTF-8";
constexpr std::size_t kept_of_bad = 64 * 1024;

class JsonCutter : public Cutter {
 public:
  explicit JsonCutter(const InputOptions& options) : max_record_(options.max_record) {}

  void cut(Block& block, std::size_t seen, bool last) override {
    block_ = &block;
    begin_ = at_ = block.buffer.data();
    end_ = begin_ + block.size;
    last_ = last;
    skip_byte_order_mark();
    bool more = broken_ || !scan_.is_begun() || value(begin_ + (skipping_ ? 0 : seen));
    while (more && at_ < end_ && !broken_) more = step();
    if (broken_) at_ = end_;
    if (last && at_ == end_ && !broken_ && expects_ != Expects::value_at_top)
      fail(end_, "ends too early");

    block.size = static_cast<std::uint32_t>(at_ - begin_);
    block.lines = static_cast<std::uint32_t>(count_line_ends(block.text()));
    if (last && block.size > 0 && !block.text().ends_with('\n')) block.lines++;
  }

  void save(StateWriter& to) const override {
    to.begin("json cutter", 1);
    to.number(at_start_);
    to.number(expects_);
    to.number(skipping_);
    to.number(broken_);
    (skipping_ ? scan_ : ValueScan()).save(to);
  }
  void load(StateReader& from) override {
    from.begin("json cutter", 1);
    at_start_ = from.number<bool>();
    expects_ = from.number<Expects>();
    skipping_ = from.number<bool>();
    broken_ = from.number<bool>();
    scan_.load(from);
  }

 private:
  enum class Expects { value_at_top, value_or_end, value, comma_or_end };

  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - begin_); }

  void skip_byte_order_mark() {
    if (!at_start_) return;
    const std::string_view text = block_->text();
    at_start_ = !last_ && text.size() < byte_order_mark.size() && byte_order_mark.starts_with(text);
    if (text.starts_with(byte_order_mark)) at_ += byte_order_mark.size();
  }

  // One token between values, or a value. False: more bytes are needed.
  bool step() {
    if (at_start_) return false;
    const bool top = expects_ == Expects::value_at_top;
    if (is_json_blank(*at_)) return token(expects_);
    if (expects_ == Expects::comma_or_end) {
      if (*at_ == ',') return token(Expects::value);
      return *at_ == ']' ? token(Expects::value_at_top) : fail_here("expected ',' or ']'");
    }
    if (top && *at_ == '[') return token(Expects::value_or_end);
    if (expects_ == Expects::value_or_end && *at_ == ']') return token(Expects::value_at_top);
    if (std::string_view(",:]}").find(*at_) != std::string_view::npos)
      return fail_here("expected a value");
    return value(at_);
  }

  // Takes one byte. Inside an array one is always left: should the input end there, some block has
  // to tell.
  bool token(Expects next) {
    if (!last_ && at_ + 1 == end_ && next != Expects::value_at_top) return false;
    expects_ = next;
    at_++;
    return true;
  }

  // The value that begins at at_, or one that is too long, whose rest goes on there; it has been
  // scanned up to `from`. False: it is not yet whole.
  bool value(const char* from) {
    const char* const after = scan_.advance(from, end_);
    if (!skipping_ && static_cast<std::size_t>(after - at_) > max_record_) too_long();
    if (broken_) return false;
    if (skipping_) return skip(after);
    const bool whole =
        last_ || (scan_.is_done() && (after < end_ || expects_ == Expects::value_at_top));
    if (!whole || !take(after)) return false;
    end_value(after);
    return true;
  }

  // Passes over the rest of a value that is too long.
  bool skip(const char* after) {
    if (scan_.is_done()) {
      end_value(after);
      return true;
    }
    at_ = end_;
    broken_ = last_;
    return false;
  }

  void end_value(const char* after) {
    at_ = after;
    scan_ = {};
    skipping_ = false;
    if (expects_ != Expects::value_at_top) expects_ = Expects::comma_or_end;
  }

  bool take(const char* after) {
    const std::string_view text = text_between(at_, after);
    if (const std::optional<JsonFault> fault = check_json(text)) {
      // Brackets and quotes, which say where it ends, are what they are in any encoding that keeps
      // ASCII.
      if (std::string_view(fault->reason) != not_utf8) return fail(after, fault->reason);
      add_bad(after, fault->reason);
    } else {
      block_->runs.push_back({offset(at_), offset(after), 0, 0});
    }
    return true;
  }

  // What is no JSON as far as it may go is a syntax error: its end would be a guess.
  void too_long() {
    // Apart from strings and numbers: one cut off at the limit is no fault.
    constexpr std::size_t longest_token = 16;
    const char* const limit = at_ + max_record_;
    const std::optional<JsonFault> fault = check_json(text_between(at_, limit));
    if (fault && fault->offset + longest_token < max_record_) {
      fail(limit, fault->reason);
    } else {
      add_bad(limit, "longer than --max-record");
      skipping_ = true;
    }
  }

  // A fault between values: its line, as far as is needed for a look at it.
  bool fail_here(const char* reason) {
    constexpr std::ptrdiff_t enough = 256;
    const char* const limit = end_ - at_ > enough ? at_ + enough : end_;
    const char* const line = next_line(at_, limit);
    const bool complete = last_ || line[-1] == '\n' || limit < end_;
    return complete && fail(line, reason);
  }

  bool fail(const char* after, std::string_view reason) {
    add_bad(after, reason);
    broken_ = true;
    return false;
  }

  void add_bad(const char* after, std::string_view reason) {
    const std::string_view raw = without_line_end(text_between(at_, after).substr(0, kept_of_bad));
    std::string text(reason);
    if (reason == not_utf8) text += " (see --encoding)";
    const std::uint32_t first = offset(at_);
    block_->bad.push_back({first, first + static_cast<std::uint32_t>(raw.size()), std::move(text)});
  }

  std::size_t max_record_;
  bool at_start_ = true;
  Expects expects_ = Expects::value_at_top;
  ValueScan scan_;         // of the value that is not yet whole
  bool skipping_ = false;  // that value is too long
  bool broken_ = false;    // nothing more can be read

  // The call's.
  Block* block_ = nullptr;
  const char *begin_ = nullptr, *at_ = nullptr, *end_ = nullptr;
  bool last_ = false;
};

}  // namespace

std::unique_ptr<Cutter> make_json_cutter(const InputOptions& options) {
  return std::make_unique<JsonCutter>(options);
}

}  // namespace riffle
