#include <fmt/format.h>
#include <re2/re2.h>

#include "stages/parse/text_parsers.h"
#include "values/error.h"

namespace riffle {
namespace {

// (?<name>...) as (?P<name>...): older versions of RE2 know that spelling alone.
std::string with_old_names(const std::string& regex) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < regex.size(); i++) {
    out += regex[i];
    if (regex[i] == '\\' && i + 1 < regex.size())
      out += regex[++i];
    else if (regex[i] == '[' && !in_class)
      in_class = true;
    else if (regex[i] == ']')
      in_class = false;
    else if (!in_class && regex.compare(i, 3, "(?<") == 0 && i + 3 < regex.size() &&
             regex[i + 3] != '=' && regex[i + 3] != '!')
      out += "?P", i++;
  }
  return out;
}

class RegexParser : public TextParser {
 public:
  explicit RegexParser(const std::string& regex) : regex_(with_old_names(regex), RE2::Quiet) {
    if (!regex_.ok()) throw usage_error(fmt::format("parse: --regex: {}", regex_.error()));
    for (const auto& [group, name] : regex_.CapturingGroupNames()) {
      groups_.push_back(static_cast<std::size_t>(group));
      names_.push_back(name);
    }
    if (names_.empty())
      throw usage_error("parse: --regex: no group has a name; a field is made by (?<name>...)");
  }

  bool parse(std::string_view text, Memory&, std::span<Value> values) const override {
    thread_local std::vector<re2::StringPiece> found;
    found.resize(groups_.back() + 1);
    if (!regex_.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(), RE2::UNANCHORED,
                      found.data(), static_cast<int>(found.size())))
      return false;
    for (std::size_t i = 0; i < groups_.size(); i++)
      if (const re2::StringPiece& part = found[groups_[i]]; part.data())
        values[i] = cell_value({part.data(), part.size()});
    return true;
  }

 private:
  RE2 regex_;
  std::vector<std::size_t> groups_;  // of the names, ascending
};

}  // namespace

std::unique_ptr<TextParser> make_regex_parser(const std::string& regex) {
  return std::make_unique<RegexParser>(regex);
}

}  // namespace riffle
