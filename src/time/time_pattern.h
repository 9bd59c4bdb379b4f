// Times by a pattern as strftime and strptime have them: what one writes the other reads back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "time/zone.h"

namespace riffle {

// One part of a pattern. Conversions that stand for several (%F, %T, %c) are taken apart.
struct PatternStep {
  static constexpr char blanks = ' ', text = '"', fraction = '.';
  static constexpr int any_digits = -1;

  // A conversion's letter, or blanks, text, or a fraction of a second with its point (of %E3S,
  // %E*S).
  char what = text;
  std::string literal = {};  // of blanks and text
  int digits = 0;            // of a fraction (%f, %L, %N, fraction): as many are written
  int colons = 0;            // of an offset (%z): 1 is +02:00, 2 is +02:00:00
  bool exact = false;        // read as it is written, since digits (or letters) may follow
};

class TimePattern {
 public:
  // Throws std::invalid_argument: it has a conversion that means nothing.
  explicit TimePattern(std::string_view pattern);

  // Throws std::invalid_argument when what the pattern reads would say no day or no hour, or could
  // be read in several ways, or would have to be ignored; with what to write instead.
  void check_readable() const;

  void write(std::int64_t time, const Zone& zone, std::string& to) const;

  // What the pattern does not say is that of 1970-01-01T00:00:00; a text without an offset is local
  // time of `zone`, by the rule of Zone::moment. Nothing: the text is not so, contradicts itself (a
  // weekday that is not the date's), or is outside the range of times.
  std::optional<std::int64_t> read(std::string_view text, const Zone& zone) const;

 private:
  std::vector<PatternStep> steps_;
};

// The number that a conversion writes (%Y 2026, %p 0 or 1), where it is one of a local time alone.
// `conversion`: one letter of numeric_conversions.
int number_of_conversion(char conversion, const Civil& local);

// How a conversion's number is written and read.
struct NumericConversion {
  char letter;
  int digits;
  int least, greatest;
  char filling = '0';
  char same_as = letter;  // %e is %d with another filling
};
// Null: it is none of them.
const NumericConversion* numeric_conversion(char letter);

// English names, as strftime has them in the C locale: from "Monday" and from "January".
std::string_view weekday_name(int weekday);
std::string_view month_name(int month);
constexpr std::size_t short_name_size = 3;

}  // namespace riffle
