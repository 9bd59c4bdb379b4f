#include "manual/page_text.h"

#include <algorithm>
#include <array>

#include "manual/wrapping.h"

namespace riffle {
namespace {

constexpr std::size_t body = 4, inner = 8;

// A line of text without roff's escapes.
std::string unescaped(std::string_view line) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> escapes = {
      {{"\\fB", ""},
       {"\\fR", ""},
       {"\\&", ""},
       {"\\e", "\\"},
       {"\\-", "-"},
       {"\\(aq", "'"},
       {"\\(ha", "^"},
       {"\\(ti", "~"},
       {"\\(ga", "`"}}};
  std::string out;
  while (!line.empty()) {
    const auto found = std::find_if(escapes.begin(), escapes.end(), [&](const auto& escape) {
      return line.starts_with(escape.first);
    });
    out += found == escapes.end() ? line.substr(0, 1) : found->second;
    line.remove_prefix(found == escapes.end() ? 1 : found->first.size());
  }
  return out;
}

class TextPage {
 public:
  void take(std::string_view line) {
    if (line.starts_with(".SH ")) return head(line.substr(4), 0);
    if (line.starts_with(".SS ")) return head(line.substr(4), body / 2);
    if (line == ".nf" || line == ".fi") {
      is_block_ = line == ".nf";
      return;
    }
    if (line == ".PP" || line == ".TP") {
      if (!out_.ends_with("\n\n") && !is_first_) out_ += '\n';
      is_tagged_ = line == ".TP";
      is_tag_ = is_tagged_;
      return;
    }
    if (line.starts_with(".TH ") || line.starts_with(".R")) return;
    text(unescaped(line));
  }

  std::string done() { return std::move(out_); }

 private:
  void head(std::string_view title, std::size_t indent) {
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += '\n';
    out_.append(indent, ' ').append(unescaped(title)).append("\n");
    is_tagged_ = is_tag_ = false;
    is_first_ = true;
  }

  void text(const std::string& line) {
    const std::size_t indent = is_block_ || (is_tagged_ && !is_tag_) ? inner : body;
    out_.append(indent, ' ').append(is_block_ ? line : wrapped(line, indent)).append("\n");
    is_tag_ = is_first_ = false;
  }

  std::string out_;
  bool is_block_ = false, is_tagged_ = false, is_tag_ = false;
  bool is_first_ = true;  // nothing has followed the last heading
};

}  // namespace

std::string page_as_text(std::string_view page) {
  TextPage text;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    text.take(page.substr(0, end));
    page.remove_prefix(std::min(end + 1, page.size()));
  }
  return text.done();
}

}  // namespace riffle
