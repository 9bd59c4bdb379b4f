#include "text/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace riffle {
namespace {

// In tenths of an edit, so that a difference in letter case alone can cost less than one.
constexpr std::size_t one_edit = 10, case_only = 1;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t cost_of(char a, char b) {
  if (a == b) return 0;
  return lower(a) == lower(b) ? case_only : one_edit;
}

// Optimal string alignment: three rows of the table suffice.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); j++) above[j] = j * one_edit;
  for (std::size_t i = 1; i <= a.size(); i++) {
    row[0] = i * one_edit;
    for (std::size_t j = 1; j <= b.size(); j++) {
      row[j] = std::min(
          {above[j] + one_edit, row[j - 1] + one_edit, above[j - 1] + cost_of(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + one_edit);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  constexpr std::size_t longest = 256;  // no name that a person mistypes
  std::string best;
  if (word.empty() || word.size() > longest) return best;
  const std::size_t dashes = word.starts_with("--") ? 2 : 0;  // every flag's
  const std::size_t letters = word.size() - dashes;
  std::size_t limit = std::max<std::size_t>(1, letters / 3) * one_edit + one_edit - 1;
  for (const std::string& candidate : candidates) {
    const std::size_t gap =
        std::max(candidate.size(), word.size()) - std::min(candidate.size(), word.size());
    if (candidate.empty() || gap * one_edit > limit) continue;
    // A word of one or two letters has nothing in common with another but its length.
    const std::size_t d = distance(word, candidate);
    if (d > limit || d + one_edit * dashes >= one_edit * std::min(word.size(), candidate.size()))
      continue;
    best = candidate;
    if (d == 0) break;
    limit = d - 1;
  }
  return best;
}

std::string did_you_mean(std::string_view suggestion) {
  return suggestion.empty() ? std::string() : fmt::format("; did you mean '{}'?", suggestion);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  return did_you_mean(nearest(word, candidates));
}

}  // namespace riffle
