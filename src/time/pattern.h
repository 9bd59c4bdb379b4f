// Patterns over a sequence of records: a regular expression whose letters are named steps. A record
// may fit several steps.
//
//   pattern = branch { "|" branch }        one or the other, the first one preferred
//   branch  = part { "then" part }         the next record
//   part    = (NAME | "(" pattern ")") [ "?" | "*" | "+" | "{" n "}" | "{" n "," [m] "}" ]      as
//   many as possible
//
// The step `any` fits every record. What is repeated any number of times is not one that may be no
// record. Matching is that of a backtracking matcher (leftmost, greedy), without its worst case:
// all ways are followed side by side, by preference (Pike's machine; Cox, "Regular Expression
// Matching: the Virtual Machine Approach", 2009).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/saved_state.h"

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
  friend class PatternPlaces;
  friend class PatternMatch;
  friend class PatternEnds;
  struct Instruction {
    enum class Kind { record, split, jump, match } kind;
    std::uint32_t step = 0;           // of record
    std::uint32_t to = 0, or_to = 0;  // of split (the preferred one first), jump
  };

  std::vector<std::string> steps_;
  std::vector<Instruction> program_;
};

// A way through a pattern: the instruction that it has reached, and a number that it carries along.
struct PatternWay {
  std::uint32_t at;
  std::uint64_t number;
};

// Which instructions of a pattern have been reached in one turn: each of them once, by the first
// way that comes there. Nothing is kept from turn to turn: attempts share one. The pattern outlives
// it.
class PatternPlaces {
 public:
  explicit PatternPlaces(const Pattern& pattern)
      : pattern_(pattern), reached_(pattern.program_.size()) {}

  // A turn begins: nothing is reached.
  void begin() { turn_++; }
  // Appends what can be reached from an instruction without a record, by preference.
  void follow(PatternWay from, std::vector<PatternWay>& ways);

 private:
  const Pattern& pattern_;
  std::vector<std::uint64_t> reached_;  // by instruction: the turn
  std::uint64_t turn_ = 0;
};

// One attempt to match, from a record on. One thread at a time.
class PatternMatch {
 public:
  // Both outlive it.
  PatternMatch(const Pattern& pattern, PatternPlaces& places);

  // The next record: bit i is set when it fits step i. False: what comes can change nothing any
  // more.
  bool add(std::uint64_t fits);
  bool is_decided() const { return ways_.empty(); }
  // The steps of the records that match, one after the other; empty: no match. Of an attempt that
  // is not decided: as if no record came any more.
  std::vector<std::uint32_t> matched() const;
  // REQUIRES for load(): of the same pattern, and no record has been added yet.
  void save(StateWriter& to) const;
  void load(StateReader& from);

 private:
  // What a way has been so far: its last record's step, and the node before; nodes are shared.
  struct Node {
    std::uint32_t step;
    std::uint64_t before;
  };
  static constexpr std::uint64_t no_node = ~std::uint64_t{0};

  void settle(std::vector<PatternWay> ways);

  const Pattern& pattern_;
  PatternPlaces& places_;
  std::vector<PatternWay> ways_;  // by preference; each waits for a record, and carries its node
  std::vector<Node> path_;
  std::uint64_t best_ = no_node;
};

// Where matches end, whichever record they begin at: it tells a matcher which attempts are in vain.
// Of all ways to an instruction it follows the one that began last.
class PatternEnds {
 public:
  struct End {
    // Of the matches that end with this record; none: there is no such match.
    std::optional<std::uint64_t> latest_begin;
    // No match goes on after this record that began before or with it.
    bool is_barrier = false;
  };

  // The next record's number. A match that begins before `first` is of no interest.
  End add(std::uint64_t fits, std::uint64_t number, std::uint64_t first, const Pattern& pattern,
          PatternPlaces& places);
  void save(StateWriter& to) const;
  void load(StateReader& from);

 private:
  // The latest begin first, which they carry; each waits for a record.
  std::vector<PatternWay> ways_;
};

}  // namespace riffle
