// Parameters: what the rows of the table of stages say of the arguments that a stage takes.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace riffle {

struct Parameter {
  // What is written there, and the type that it is parsed into (Arguments).
  enum class Kind {
    expression,     // EXPR
    lambda,         // of one parameter: x -> EXPR
    assignments,    // NAME = EXPR, ...
    aggregates,     // the same over aggregates; names may be left out
    annotations,    // the same over aggregates and fields
    items,          // names, patterns or NAME = EXPR
    names,          // names or patterns
    plain_names,    // names
    name,           // one name
    renamings,      // NEW = OLD, ...
    keys,           // names or NAME = EXPR
    key_pairs,      // KEY or KEY=OTHER, ...
    key_pair,       // one of these
    sort_keys,      // EXPR [asc|desc], ...
    event_time,     // one name, or NAME = EXPR
    count,          // 10, 10k
    share,          // a count, or a percentage: 5%
    number,         // a positive real
    duration,       // 5s, 1h30m
    delay,          // the same: how far records may be out of order
    offset,         // the same, or less than zero: -15m
    length,         // the same, or by the calendar: 1mo, 1y
    choice,         // one of `choices`
    pattern,        // of `match`
    word,           // a text with a meaning of its own
    format,         // the name of a format
    path_template,  // a file's name with {NAME} in it
    file,           // a file that the stage writes
    input,          // an input that the stage reads
    zone,           // a time zone
    flag            // nothing follows it
  };
  std::string_view name;  // "EXPR" (positional) or "--by"
  Kind kind = Kind::expression;
  std::string_view summary;
  bool required = false;
  bool rest = false;     // positional: takes all words, joined by blanks (sort)
  bool repeats = false;  // may be given several times: the values are joined by commas
  std::vector<std::string_view> choices = {};
  // What other tools call a choice, and its name here.
  std::vector<std::pair<std::string_view, std::string_view>> elsewhere = {};
  std::uint64_t least = 0, most = UINT64_MAX;  // of a count, or of a duration in nanoseconds
  // One of these must be given with it; `reason` says why, for the message.
  std::vector<std::string_view> needs = {};
  std::string_view reason = {};

  bool is_flag() const { return name.starts_with("--"); }
  bool takes_value() const { return kind != Kind::flag; }
};

// Of the stages that gather.
inline const Parameter group_keys{"--by", Parameter::Kind::keys,
                                  "names, or NAME = EXPR: the fields that tell groups apart"};

// One form of a stage's command. Which one is meant, its first word tells (`window session 30m`),
// or a flag (`distinct --within 10m`); without either it is the form that has neither.
struct Signature {
  std::string_view usage;  // "window session GAP --on TIME [--by KEYS]"
  std::vector<Parameter> parameters;
  std::string_view word = {};  // "session"
  std::string_view flag = {};  // "--within"

  const Parameter* find(std::string_view name) const;
};

}  // namespace riffle
