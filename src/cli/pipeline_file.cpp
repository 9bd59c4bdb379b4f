#include "cli/pipeline_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/connector.h"
#include "manual/options.h"
#include "values/error.h"

namespace riffle {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  std::vector<std::string> words() {
    if (text_.starts_with("#!")) skip_comment();
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n')
        end_line();
      else if (c == ' ' || c == '\t' || c == '\r')
        at_++;
      else if (c == '#')
        skip_comment();
      else if (line_goes_on())
        go_on();
      else
        take_word();
    }
    return std::move(words_);
  }

 private:
  void skip_comment() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  bool line_goes_on() const {
    const std::string_view rest = text_.substr(at_);
    return rest.starts_with("\\\n") || rest.starts_with("\\\r\n") || rest == "\\";
  }

  // Nothing is left between the lines, as in a shell: a word may go on too.
  void go_on() {
    at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
    line_++;
  }

  void end_line() {
    stage_ended_ = stage_ended_ || line_has_words_;
    line_has_words_ = false;
    at_++, line_++;
  }

  // A line of options ends no stage; `then` at the end of a line or at the start of the next is the
  // one separator.
  void add(std::string word) {
    line_has_words_ = true;
    const bool option = find_option(word.substr(0, word.find('='))) || is_option_value();
    if (!option) {
      if (stage_ended_ && in_stage_ && word != "then") words_.emplace_back("then");
      stage_ended_ = false;
      in_stage_ = word != "then";
    }
    words_.push_back(std::move(word));
  }

  bool is_option_value() const {
    if (words_.empty()) return false;
    const Option* const option = find_option(words_.back());
    return option && !option->value.empty();
  }

  void take_word() {
    std::string word;
    while (at_ < text_.size() && !is_blank(text_[at_])) {
      const char c = text_[at_];
      if (c == '\'' || c == '"')
        word += quoted(c);
      else if (line_goes_on())
        go_on();
      else
        word += c, at_++;
    }
    add(std::move(word));
  }

  std::string quoted(char quote) {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == text_.npos)
      throw usage_error(fmt::format("{}:{}: the quote {} is not closed", file_, line_, quote));
    std::string inside(text_.substr(at_ + 1, close - at_ - 1));
    line_ += static_cast<int>(std::count(inside.begin(), inside.end(), '\n'));
    at_ = close + 1;
    return inside;
  }

  std::string_view text_, file_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool line_has_words_ = false, stage_ended_ = false, in_stage_ = false;
  std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> words_of_pipeline(std::string_view text, std::string_view file) {
  return Reader(text, file).words();
}

std::string read_pipeline_file(const std::string& file) {
  const Connector& connector = connector_of(file);
  connector.check_exists({file});
  const auto source = connector.open({file});
  std::string text;
  for (char piece[65536];;) {
    const std::size_t n = source->read(piece, sizeof piece);
    if (n == 0) return text;
    text.append(piece, n);
  }
}

}  // namespace riffle
