#include "manual/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "aggregates/aggregate.h"
#include "expression/foreign_words.h"
#include "expression/language.h"
#include "formats/format.h"
#include "functions/function.h"
#include "manual/options.h"
#include "manual/wrapping.h"
#include "sequences/sequence.h"
#include "stages/stage.h"
#include "text/letter_case.h"

namespace riffle {
namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool begins_word_in(std::string_view text, const std::string& word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1))
    if (at == 0 || !is_letter(text[at - 1]) || !is_letter(word[0])) return true;
  return false;
}

class Search {
 public:
  explicit Search(std::string_view text) {
    const std::string all = lower_ascii(text);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find(' ', at), all.size());
      if (end > at) words_.push_back(all.substr(at, end - at));
      at = end + 1;
    }
  }

  // One row of a table: what is listed, and what else is looked through.
  void look_at(std::string_view kind, std::string_view name, std::string_view summary,
               std::string_view details = {}) {
    const std::string all = lower_ascii(fmt::format("{} {} {}", name, summary, details));
    const bool has_all = std::all_of(words_.begin(), words_.end(), [&](const std::string& word) {
      return begins_word_in(all, word);
    });
    if (words_.empty() || !has_all) return;
    if (kind != kind_) found_ += fmt::format("{}{}:\n", found_.empty() ? "" : "\n", kind);
    kind_ = kind;
    found_ += entry(name, summary, 32);
  }

  std::string found() { return std::move(found_); }

 private:
  std::vector<std::string> words_;
  std::string found_;
  std::string_view kind_;
};

}  // namespace

std::string found_in_help(std::string_view text) {
  Search search(text);
  for (const StageRow& row : stages()) {
    std::string details(row.details);
    for (const Parameter* const parameter : row.parameters())
      details.append(" ").append(parameter->name).append(" ").append(parameter->summary);
    search.look_at("Stages", row.name, row.summary, details);
  }
  for (const Function& function : functions())
    search.look_at("Functions", function.usage, function.summary);
  for (const SequenceFunction& function : sequence_functions())
    search.look_at("Functions of earlier records, in transform", function.usage, function.summary);
  for (const AggregateFunction& function : aggregate_functions())
    search.look_at("Aggregates", function.usage, function.summary);
  for (const LanguageRow& row : language()) search.look_at("Language", row.usage, row.summary);
  for (const Format& format : formats()) search.look_at("Formats", format.name, format.summary);
  for (const Option& option : options())
    search.look_at("Options", option.name, option.summary, option.value);
  for (const auto& [word, here] : functions_elsewhere())
    search.look_at("Functions of other languages", word, here);
  return search.found();
}

}  // namespace riffle
