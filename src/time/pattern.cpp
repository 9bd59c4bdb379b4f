#include "time/pattern.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace riffle {
namespace {

// Reads a pattern into a tree.
struct Part {
  enum class Kind { step, sequence, choice } kind = Kind::step;
  std::uint32_t step = 0;
  std::vector<Part> parts;
  std::uint32_t least = 1, most = 1;  // most 0: any number
};

bool may_be_nothing(const Part& part) {
  if (part.least == 0) return true;
  switch (part.kind) {
    case Part::Kind::step:
      return false;
    case Part::Kind::sequence:
      return std::all_of(part.parts.begin(), part.parts.end(), may_be_nothing);
    case Part::Kind::choice:
      return std::any_of(part.parts.begin(), part.parts.end(), may_be_nothing);
  }
  return false;
}

constexpr std::uint32_t greatest_count = 10000;
constexpr int deepest = 100;

class Parser {
 public:
  Parser(std::string_view text, std::vector<std::string>& steps) : text_(text), steps_(steps) {}

  Part parse() {
    Part whole = choice(0);
    if (!at_end())
      refuse(text_[at_] == ')' ? "a ')' without its '('"
                               : "'then', '|' or a quantifier is expected here");
    return whole;
  }

 private:
  [[noreturn]] void refuse(const std::string& reason) const {
    std::string rest(text_.substr(std::min(at_, text_.size())));
    throw std::invalid_argument(reason +
                                (rest.empty() ? ", at the end" : ", before '" + rest + "'"));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
      at_++;
  }
  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    at_++;
    return true;
  }

  Part choice(int depth) {
    if (depth > deepest) refuse("groups in groups, too deep");
    Part choice{Part::Kind::choice, 0, {sequence(depth)}};
    while (take('|')) choice.parts.push_back(sequence(depth));
    return choice.parts.size() == 1 ? std::move(choice.parts[0]) : std::move(choice);
  }

  Part sequence(int depth) {
    Part sequence{Part::Kind::sequence, 0, {part(depth)}};
    while (take_then()) sequence.parts.push_back(part(depth));
    return sequence.parts.size() == 1 ? std::move(sequence.parts[0]) : std::move(sequence);
  }

  bool take_then() {
    skip_blanks();
    if (word() != "then") return false;
    at_ += 4;
    return true;
  }

  std::string_view word() const {
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    std::size_t end = at_;
    while (end < text_.size() && is_letter(text_[end])) end++;
    return text_.substr(at_, end - at_);
  }

  Part part(int depth) {
    Part part;
    if (take('(')) {
      Part inside = choice(depth + 1);
      if (!take(')')) refuse("a ')' is missing");
      part = inside.least == 1 && inside.most == 1
                 ? std::move(inside)
                 : Part{Part::Kind::sequence, 0, {std::move(inside)}};
    } else {
      skip_blanks();
      const std::string_view name = word();
      if (name.empty() || name == "then") refuse("the name of a step is expected");
      at_ += name.size();
      part.step = number_of(name);
    }
    quantify(part);
    return part;
  }

  std::uint32_t number_of(std::string_view name) {
    const auto known = std::find(steps_.begin(), steps_.end(), name);
    if (known != steps_.end()) return static_cast<std::uint32_t>(known - steps_.begin());
    if (steps_.size() == Pattern::most_steps) refuse("more than 64 steps");
    steps_.emplace_back(name);
    return static_cast<std::uint32_t>(steps_.size() - 1);
  }

  void quantify(Part& part) {
    const bool may_be_nothing_once = may_be_nothing(part);
    if (take('?'))
      part.least = 0;
    else if (take('*'))
      part.least = part.most = 0;
    else if (take('+'))
      part.most = 0;
    else if (take('{')) {
      part.least = part.most = count();
      if (take(','))
        part.most = take('}') ? 0 : counted_end(part.least);
      else if (!take('}'))
        refuse("a '}' is missing");
      if (part.least == 0 && part.most == 0 && text_[at_ - 2] != ',') refuse("{0} matches nothing");
    }
    // How often nothing is repeated is a question that each kind of regular expressions answers in
    // another way.
    const bool is_fixed = part.most == part.least && part.most > 0;
    if (may_be_nothing_once && !is_fixed && part.most != 1)
      refuse("what is repeated may match no record; leave out the ? or * inside");
  }
  std::uint32_t counted_end(std::uint32_t least) {
    const std::uint32_t most = count();
    if (most < least || most == 0) refuse("{n,m}: m must not be less than n, nor zero");
    if (!take('}')) refuse("a '}' is missing");
    return most;
  }
  std::uint32_t count() {
    skip_blanks();
    std::uint32_t number = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
    if (error != std::errc() || number > greatest_count) refuse("a number up to 10000 is expected");
    at_ = static_cast<std::size_t>(end - text_.data());
    return number;
  }

  std::string_view text_;
  std::vector<std::string>& steps_;
  std::size_t at_ = 0;
};

}  // namespace

Pattern::Pattern(std::string_view text) {
  const Part whole = Parser(text, steps_).parse();
  if (may_be_nothing(whole)) throw std::invalid_argument("the pattern may match no record at all");
  using Do = Instruction::Kind;
  const auto add = [&](Do kind, std::uint32_t step = 0) {
    if (program_.size() == most_instructions)
      throw std::invalid_argument("the pattern is too large, with its repetitions written out");
    program_.push_back({kind, step});
    return static_cast<std::uint32_t>(program_.size() - 1);
  };
  const auto here = [&] { return static_cast<std::uint32_t>(program_.size()); };
  const auto write_once = [&](const Part& part, const auto& write) -> void {
    if (part.kind == Part::Kind::step) return void(add(Do::record, part.step));
    if (part.kind == Part::Kind::sequence) {
      for (const Part& next : part.parts) write(next, write);
      return;
    }
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < part.parts.size(); i++) {
      const std::uint32_t split = add(Do::split);
      program_[split].to = here();
      write(part.parts[i], write);
      ends.push_back(add(Do::jump));
      program_[split].or_to = here();
    }
    write(part.parts.back(), write);
    for (const std::uint32_t end : ends) program_[end].to = here();
  };
  const auto write = [&](const Part& part, const auto& self) -> void {
    for (std::uint32_t i = 0; i < part.least; i++) write_once(part, self);
    if (part.most == 0) {
      const std::uint32_t split = add(Do::split);
      program_[split].to = here();
      write_once(part, self);
      program_[add(Do::jump)].to = split;
      program_[split].or_to = here();
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = part.least; i < part.most; i++) {
      splits.push_back(add(Do::split));
      program_[splits.back()].to = here();
      write_once(part, self);
    }
    for (const std::uint32_t split : splits) program_[split].or_to = here();
  };
  write(whole, write);
  add(Do::match);
}

void PatternPlaces::follow(PatternWay from, std::vector<PatternWay>& ways) {
  std::vector<std::uint32_t> next = {from.at};
  while (!next.empty()) {
    const std::uint32_t at = next.back();
    next.pop_back();
    if (reached_[at] == turn_) continue;
    reached_[at] = turn_;
    const Pattern::Instruction& instruction = pattern_.program_[at];
    switch (instruction.kind) {
      case Pattern::Instruction::Kind::split:
        next.push_back(instruction.or_to);
        next.push_back(instruction.to);
        break;
      case Pattern::Instruction::Kind::jump:
        next.push_back(instruction.to);
        break;
      default:
        ways.push_back({at, from.number});
    }
  }
}

PatternMatch::PatternMatch(const Pattern& pattern, PatternPlaces& places)
    : pattern_(pattern), places_(places) {
  std::vector<PatternWay> ways;
  places_.begin();
  places_.follow({0, no_node}, ways);
  settle(std::move(ways));
}

bool PatternMatch::add(std::uint64_t fits) {
  std::vector<PatternWay> ways;
  places_.begin();
  for (const PatternWay& way : ways_) {
    const std::uint32_t step = pattern_.program_[way.at].step;
    if (!(fits >> step & 1)) continue;
    path_.push_back({step, way.number});
    places_.follow({way.at + 1, path_.size() - 1}, ways);
  }
  settle(std::move(ways));
  return !ways_.empty();
}

// A way that is a match makes all that are less preferred of no interest.
void PatternMatch::settle(std::vector<PatternWay> ways) {
  const auto match = std::find_if(ways.begin(), ways.end(), [&](const PatternWay& way) {
    return pattern_.program_[way.at].kind == Pattern::Instruction::Kind::match;
  });
  if (match != ways.end()) best_ = match->number;
  ways.erase(match, ways.end());
  ways_ = std::move(ways);
}

std::vector<std::uint32_t> PatternMatch::matched() const {
  std::vector<std::uint32_t> steps;
  for (std::uint64_t node = best_; node != no_node; node = path_[node].before)
    steps.push_back(path_[node].step);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

PatternEnds::End PatternEnds::add(std::uint64_t fits, std::uint64_t number, std::uint64_t first,
                                  const Pattern& pattern, PatternPlaces& places) {
  std::vector<PatternWay> before, after;
  places.begin();
  places.follow({0, number}, before);
  before.insert(before.end(), ways_.begin(), ways_.end());
  places.begin();
  for (const PatternWay& way : before)
    if (way.number >= first && (fits >> pattern.program_[way.at].step & 1))
      places.follow({way.at + 1, way.number}, after);
  const auto match = std::find_if(after.begin(), after.end(), [&](const PatternWay& way) {
    return pattern.program_[way.at].kind == Pattern::Instruction::Kind::match;
  });
  End end;
  if (match != after.end()) {
    end.latest_begin = match->number;
    after.erase(match);
  }
  end.is_barrier = after.empty();
  ways_ = std::move(after);
  return end;
}

void save_ways(const std::vector<PatternWay>& ways, StateWriter& to) {
  to.count(ways.size());
  for (const PatternWay& way : ways) {
    to.number(way.at);
    to.number(way.number);
  }
}

std::vector<PatternWay> load_ways(StateReader& from) {
  std::vector<PatternWay> ways;
  for (std::size_t left = from.count(sizeof(PatternWay::number)); left > 0; left--) {
    const auto at = from.number<std::uint32_t>();
    ways.push_back({at, from.number<std::uint64_t>()});
  }
  return ways;
}

void PatternMatch::save(StateWriter& to) const {
  save_ways(ways_, to);
  to.count(path_.size());
  for (const Node& node : path_) {
    to.number(node.step);
    to.number(node.before);
  }
  to.number(best_);
}

void PatternMatch::load(StateReader& from) {
  ways_ = load_ways(from);
  path_.clear();
  for (std::size_t left = from.count(sizeof(Node::before)); left > 0; left--) {
    const auto step = from.number<std::uint32_t>();
    path_.push_back({step, from.number<std::uint64_t>()});
  }
  best_ = from.number<std::uint64_t>();
  for (const PatternWay& way : ways_)
    if (way.at >= pattern_.program_.size() || (way.number != no_node && way.number >= path_.size()))
      throw StateReader::damaged();
  if (best_ != no_node && best_ >= path_.size()) throw StateReader::damaged();
}

void PatternEnds::save(StateWriter& to) const { save_ways(ways_, to); }

void PatternEnds::load(StateReader& from) { ways_ = load_ways(from); }

}  // namespace riffle
