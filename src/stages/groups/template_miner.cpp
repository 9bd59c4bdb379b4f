#include "stages/groups/template_miner.h"

#include <algorithm>

namespace riffle {
namespace {

// How many words lead to a leaf, how many children a node has before further words share one, and
// what part of the words must be the same: as in the authors' implementation.
constexpr std::size_t words_of_path = 1;
constexpr std::uint32_t most_children = 100;
constexpr double least_similarity = 0.4;

constexpr std::size_t overhead = 64;  // of an entry in a table, about

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-';
}

bool has_digit(std::string_view word) { return std::any_of(word.begin(), word.end(), is_digit); }

// Numbers, addresses, and hexadecimal identifiers are never part of a template.
bool is_variable(std::string_view word) {
  if (!has_digit(word)) return false;
  constexpr std::size_t shortest_identifier = 8;
  return std::none_of(word.begin(), word.end(), is_letter) || word.starts_with("0x") ||
         (word.size() >= shortest_identifier &&
          std::all_of(word.begin(), word.end(), is_hexadecimal));
}

std::vector<std::string_view> words_of(std::string_view message) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = message.find_first_not_of(blanks, at)) != message.npos;) {
    const std::size_t end = std::min(message.find_first_of(blanks, at), message.size());
    const std::string_view word = message.substr(at, end - at);
    words.push_back(is_variable(word) ? TemplateMiner::wildcard : word);
    at = end;
  }
  return words;
}

// How many words are the same (numbers are: both are wildcards), and how many of the others are
// wildcards.
struct Similarity {
  std::size_t same = 0, wildcards = 0;

  bool operator>(const Similarity& other) const {
    return same != other.same ? same > other.same : wildcards > other.wildcards;
  }
};

Similarity similarity(const std::vector<std::string>& words,
                      const std::vector<std::string_view>& others) {
  Similarity found;
  for (std::size_t i = 0; i < words.size(); i++) {
    if (words[i] == others[i])
      found.same++;
    else
      found.wildcards += words[i] == TemplateMiner::wildcard;
  }
  return found;
}

}  // namespace

std::size_t TemplateMiner::add(std::string_view message, bool matches) {
  const std::vector<std::string_view> words = words_of(message);
  std::vector<std::uint32_t>& leaf = leaf_of(words);
  const std::uint32_t* best = nullptr;
  Similarity most;
  for (const std::uint32_t& number : leaf) {
    const Similarity found = similarity(templates_[number].words, words);
    if (best && !(found > most)) continue;
    best = &number;
    most = found;
  }
  const bool joins = best && static_cast<double>(most.same) >=
                                 least_similarity * static_cast<double>(words.size());
  if (!joins) {
    leaf.push_back(static_cast<std::uint32_t>(templates_.size()));
    Template& made = templates_.emplace_back();
    made.words.assign(words.begin(), words.end());
    made.example = message;
    held_ += sizeof made + message.size() * 2 + words.size() * sizeof(std::string) + overhead;
    best = &leaf.back();
  }
  Template& joined = templates_[*best];
  for (std::size_t i = 0; i < words.size(); i++)
    if (joined.words[i] != words[i]) joined.words[i] = wildcard;
  joined.count++;
  joined.matched += matches;
  return *best;
}

std::vector<std::uint32_t>& TemplateMiner::leaf_of(const std::vector<std::string_view>& words) {
  std::string node = std::to_string(words.size()) + '\x1f';
  for (std::size_t i = 0; i < std::min(words.size(), words_of_path); i++)
    node = child_of(node, words[i]);
  const auto [leaf, is_new] = leaves_.try_emplace(node);
  if (is_new) held_ += node.size() + sizeof *leaf + overhead;
  return leaf->second;
}

std::string TemplateMiner::child_of(const std::string& node, std::string_view word) {
  const std::string child = node + std::string(word) + '\x1f';
  if (children_.contains(child)) return child;
  std::uint32_t& siblings = children_[node];
  if (has_digit(word) || siblings >= most_children) return node + std::string(wildcard) + '\x1f';
  siblings++;
  children_.try_emplace(child, 0);
  held_ += child.size() + overhead;
  return child;
}

void TemplateMiner::save(StateWriter& to) const {
  to.count(templates_.size());
  for (const Template& one : templates_) {
    to.count(one.words.size());
    for (const std::string& word : one.words) to.text(word);
    to.text(one.example);
    to.number(one.count);
    to.number(one.matched);
  }
  to.count(children_.size());
  for (const auto& [node, children] : children_) {
    to.text(node);
    to.number(children);
  }
  to.count(leaves_.size());
  for (const auto& [node, numbers] : leaves_) {
    to.text(node);
    to.count(numbers.size());
    for (const std::uint32_t number : numbers) to.number(number);
  }
  to.count(held_);
}

void TemplateMiner::load(StateReader& from) {
  for (std::size_t left = from.count(); left > 0; left--) {
    Template& one = templates_.emplace_back();
    for (std::size_t words = from.count(); words > 0; words--) one.words.emplace_back(from.text());
    one.example = from.text();
    one.count = from.number<std::uint64_t>();
    one.matched = from.number<std::uint64_t>();
  }
  for (std::size_t left = from.count(); left > 0; left--) {
    const std::string node(from.text());
    children_[node] = from.number<std::uint32_t>();
  }
  for (std::size_t left = from.count(); left > 0; left--) {
    std::vector<std::uint32_t>& numbers = leaves_[std::string(from.text())];
    for (std::size_t count = from.count(); count > 0; count--) {
      numbers.push_back(from.number<std::uint32_t>());
      if (numbers.back() >= templates_.size()) throw StateReader::damaged();
    }
  }
  held_ = from.number<std::uint64_t>();
}

}  // namespace riffle
