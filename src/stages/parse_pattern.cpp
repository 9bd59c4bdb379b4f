#include <algorithm>

#include "data/error.h"
#include "stages/text_parsers.h"

namespace riffle {
namespace {

bool can_begin_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@'; }
bool can_be_in_name(char c) { return can_begin_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

// The length of the field `<name>` at the beginning of a text; 0: there is none.
std::size_t field_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '<' || !can_begin_name(text[1])) return 0;
  const auto end = std::find_if_not(text.begin() + 1, text.end(), can_be_in_name);
  return end != text.end() && *end == '>' ? static_cast<std::size_t>(end - text.begin()) + 1 : 0;
}

class PatternParser : public TextParser {
 public:
  explicit PatternParser(const std::string& pattern) {
    const std::string_view text = pattern;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = field_length(text.substr(at));
      if (length == 0) {
        (fields_.empty() ? before_ : fields_.back().behind) += text[at++];
        continue;
      }
      if (!fields_.empty() && fields_.back().behind.empty())
        throw usage_error_at("parse: --pattern: two fields stand side by side; nothing says where the first one ends", text, at, length);
      const std::string name(text.substr(at + 1, length - 2));
      fields_.push_back({name == "_" ? skipped : names_.size(), {}});
      if (name != "_") names_.push_back(name);
      at += length;
    }
    if (names_.empty()) throw usage_error("parse: --pattern: it names no field; a field is written <name>");
  }

  // The first place where a text stands leaves the most for the others: there is no need to come back to it.
  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    if (!text.starts_with(before_)) return false;
    text.remove_prefix(before_.size());
    for (const Field& field : fields_) {
      const bool last = &field == &fields_.back();
      if (last && !text.ends_with(field.behind)) return false;
      const std::size_t end = last ? text.size() - field.behind.size() : text.find(field.behind);
      if (end == text.npos) return false;
      if (field.name != skipped) values[field.name] = typed_part(text.substr(0, end));
      text.remove_prefix(end + field.behind.size());
    }
    return true;
  }

 private:
  static constexpr std::size_t skipped = static_cast<std::size_t>(-1);

  struct Field {
    std::size_t name;    // its place in names_
    std::string behind;  // what stands between it and the next one
  };

  std::string before_;
  std::vector<Field> fields_;
};

}  // namespace

std::unique_ptr<TextParser> make_pattern_parser(const std::string& pattern) { return std::make_unique<PatternParser>(pattern); }

}  // namespace riffle
