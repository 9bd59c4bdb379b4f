// Patterns over a sequence of records: a regular expression whose letters are named steps. A record may fit several steps.
//
//   pattern = branch { "|" branch }        one or the other, the first one preferred
//   branch  = part { "then" part }         the next record
//   part    = (NAME | "(" pattern ")") [ "?" | "*" | "+" | "{" n "}" | "{" n "," [m] "}" ]      as many as possible
//
// The step `any` fits every record. Matching is that of a backtracking matcher (leftmost, greedy), without its worst case: all
// ways are followed side by side, by preference (Pike's machine; Cox, "Regular Expression Matching: the Virtual Machine
// Approach", 2009).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace riffle {

class Pattern {
 public:
  static constexpr std::size_t most_steps = 64;
  static constexpr std::size_t most_instructions = 20000;

  // Throws std::invalid_argument with the reason.
  explicit Pattern(std::string_view text);

  // In the order in which they first stand in the pattern.
  const std::vector<std::string>& steps() const { return steps_; }

 private:
  friend class PatternMatch;
  struct Instruction {
    enum class Kind { record, split, jump, match } kind;
    std::uint32_t step = 0;        // of record
    std::uint32_t to = 0, or_to = 0;  // of split (the preferred one first), jump
  };

  std::vector<std::string> steps_;
  std::vector<Instruction> program_;
};

// One attempt to match, from a record on. The pattern outlives it. One thread at a time.
class PatternMatch {
 public:
  explicit PatternMatch(const Pattern& pattern);

  // The next record: bit i is set when it fits step i. False: what comes can change nothing any more.
  bool add(std::uint64_t fits);
  bool is_decided() const { return threads_.empty(); }
  // The steps of the records that match, one after the other; empty: no match. Of an attempt that is not decided: as if no
  // record came any more.
  std::vector<std::uint32_t> matched() const;
  std::size_t held() const { return path_.capacity() * sizeof(Node) + threads_.capacity() * sizeof(Thread) * 2; }

 private:
  // A way so far: its last record's step, and the node before; nodes are shared.
  struct Node {
    std::uint32_t step, before;
  };
  struct Thread {
    std::uint32_t at, node;
  };
  static constexpr std::uint32_t no_node = ~std::uint32_t{0};

  void follow(std::uint32_t at, std::uint32_t node, std::vector<Thread>& threads);
  void settle(std::vector<Thread>& threads);

  const Pattern& pattern_;
  std::vector<Thread> threads_;  // by preference; each waits for a record
  std::vector<Node> path_;
  std::uint32_t best_ = no_node;
  std::vector<std::uint32_t> seen_;  // by instruction: the turn in which it was reached
  std::uint32_t turn_ = 0;
};

}  // namespace riffle
