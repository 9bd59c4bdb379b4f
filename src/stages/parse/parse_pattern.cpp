#include <algorithm>
#include <optional>

#include "stages/parse/text_parsers.h"
#include "values/error.h"

namespace riffle {
namespace {

bool can_begin_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}
bool can_be_in_name(char c) {
  return can_begin_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// The length of the field `<name>` at the beginning of a text; 0: there is none.
std::size_t field_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '<' || !can_begin_name(text[1])) return 0;
  const auto end = std::find_if_not(text.begin() + 1, text.end(), can_be_in_name);
  return end != text.end() && *end == '>' ? static_cast<std::size_t>(end - text.begin()) + 1 : 0;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// What stands between two fields. Blanks in it stand for as many or more blanks and tabs, all else
// for itself. So do tabs alone: cells between them may be empty.
class Separator {
 public:
  Separator() = default;
  explicit Separator(std::string_view text) {
    for (const char c : text) {
      if (parts_.empty() || is_blank(c) != is_blank(parts_.back().text[0])) parts_.emplace_back();
      parts_.back().text += c;
      parts_.back().is_blanks = parts_.back().is_blanks || c == ' ';
    }
  }

  bool empty() const { return parts_.empty(); }
  bool begins_with_blank() const { return !empty() && parts_.front().is_blanks; }

  // Where it ends if it begins at `at`; nothing: it does not.
  std::optional<std::size_t> end_at(std::string_view text, std::size_t at) const {
    for (const Part& part : parts_)
      if (const std::size_t length = part.length_at(text, at))
        at += length;
      else
        return std::nullopt;
    return at;
  }

  struct Found {
    std::size_t begin, end;
  };
  // The first place of it.
  std::optional<Found> find(std::string_view text) const {
    const Part& first = parts_.front();
    for (std::size_t at = 0;; at++) {
      at = first.find(text, at);
      if (at >= text.size()) return std::nullopt;
      if (const auto end = end_at(text, at)) return Found{at, *end};
      if (first.is_blanks) at += blanks_at(text, at) - 1;
    }
  }

  // Where it begins if it is the end of a text.
  std::optional<std::size_t> find_at_end(std::string_view text) const {
    std::size_t begin = text.size();
    for (auto part = parts_.rbegin(); part != parts_.rend(); part++) {
      const std::string_view before = text.substr(0, begin);
      std::size_t length = part->text.size();
      if (part->is_blanks) {
        const auto last = std::find_if_not(before.rbegin(), before.rend(), is_blank);
        length = static_cast<std::size_t>(last - before.rbegin());
        if (length < part->text.size()) return std::nullopt;
      } else if (!before.ends_with(part->text)) {
        return std::nullopt;
      }
      begin -= length;
    }
    return begin;
  }

 private:
  static std::size_t blanks_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_blank(text[end])) end++;
    return end - at;
  }

  struct Part {
    bool is_blanks = false;
    std::string text = {};

    // How much of a text it takes at `at`; 0: it is not there.
    std::size_t length_at(std::string_view whole, std::size_t at) const {
      if (!is_blanks) return whole.substr(at).starts_with(text) ? text.size() : 0;
      const std::size_t length = blanks_at(whole, at);
      return length >= text.size() ? length : 0;
    }
    // Where it may begin; after the end of the text: nowhere.
    std::size_t find(std::string_view whole, std::size_t at) const {
      if (!is_blanks) return whole.find(text, at);
      while (at < whole.size() && !is_blank(whole[at])) at++;
      return at;
    }
  };

  std::vector<Part> parts_;
};

class PatternParser : public TextParser {
 public:
  explicit PatternParser(const std::string& pattern) {
    const std::string_view text = pattern;
    std::string between;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = field_length(text.substr(at));
      if (length == 0) {
        between += text[at++];
        continue;
      }
      if (!fields_.empty() && between.empty())
        throw usage_error_at(
            "parse: --pattern: two fields stand side by side; nothing says where the first one "
            "ends",
            text, at, length);
      end_field(between);
      const std::string name(text.substr(at + 1, length - 2));
      fields_.push_back({name == "_" ? skipped : names_.size(), {}});
      if (name != "_") names_.push_back(name);
      at += length;
    }
    if (names_.empty())
      throw usage_error("parse: --pattern: it names no field; a field is written <name>");
    end_field(between);
  }

  // The first place where a text stands leaves the most for the others: there is no need to come
  // back to it.
  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    const auto start = before_.end_at(text, 0);
    if (!start) return false;
    text.remove_prefix(*start);
    // Nothing ends at blanks that stand before the first field.
    if (before_.empty() && fields_.front().after.begins_with_blank())
      text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    for (const Field& field : fields_) {
      const bool is_last = &field == &fields_.back();
      const auto found = is_last ? end_of_last(field, text) : field.after.find(text);
      if (!found) return false;
      if (field.name != skipped) values[field.name] = cell_value(text.substr(0, found->begin));
      text.remove_prefix(found->end);
    }
    return true;
  }

 private:
  static constexpr std::size_t skipped = static_cast<std::size_t>(-1);

  struct Field {
    std::size_t name;  // its place in names_
    Separator after;   // between it and the next one
  };

  static std::optional<Separator::Found> end_of_last(const Field& field, std::string_view text) {
    const auto begin = field.after.find_at_end(text);
    return begin ? std::optional(Separator::Found{*begin, text.size()}) : std::nullopt;
  }

  void end_field(std::string& between) {
    (fields_.empty() ? before_ : fields_.back().after) = Separator(between);
    between.clear();
  }

  Separator before_;
  std::vector<Field> fields_;
};

}  // namespace

std::unique_ptr<TextParser> make_pattern_parser(const std::string& pattern) {
  return std::make_unique<PatternParser>(pattern);
}

}  // namespace riffle
