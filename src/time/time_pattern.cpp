#include "time/time_pattern.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "time/calendar_day.h"

namespace riffle {
namespace {

// Conversions that are others written one after the other, in the C locale.
std::string_view expansion_of(char letter) {
  switch (letter) {
    case 'c':
      return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
      return "%m/%d/%y";
    case 'F':
      return "%Y-%m-%d";
    case 'h':
      return "%b";
    case 'n':
      return "\n";
    case 'r':
      return "%I:%M:%S %p";
    case 'R':
      return "%H:%M";
    case 't':
      return "\t";
    case 'T':
    case 'X':
      return "%H:%M:%S";
    default:
      return "";
  }
}

// Takes a pattern apart, one conversion after the other.
class PatternParser {
 public:
  explicit PatternParser(std::vector<PatternStep>& steps) : steps_(steps) {}

  void parse(std::string_view pattern) {
    for (rest_ = pattern; !rest_.empty();) {
      const std::size_t literal = std::min(rest_.find('%'), rest_.size());
      add_literal(taken(literal));
      if (!rest_.empty()) conversion();
    }
  }

 private:
  std::string_view taken(std::size_t size) {
    const std::string_view part = rest_.substr(0, size);
    rest_.remove_prefix(part.size());
    return part;
  }

  void add_literal(std::string_view literal) {
    for (const char c : literal) {
      const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
      const char what = blank ? PatternStep::blanks : PatternStep::text;
      if (steps_.empty() || steps_.back().what != what) steps_.push_back({what});
      steps_.back().literal += c;
    }
  }

  void conversion() {
    const std::string_view from_here = rest_;
    taken(1);
    const char letter = rest_.empty() ? '\0' : taken(1)[0];
    const std::string_view expansion = expansion_of(letter);
    if (letter == '%') return add_literal("%");
    if (letter == 'f') return steps_.push_back({.what = 'f', .digits = 6});
    if (letter == 'L') return steps_.push_back({.what = 'f', .digits = 3});
    if (letter == 'N') return steps_.push_back({.what = 'f', .digits = 9});
    if (letter == ':' && rest_.starts_with('z')) {
      taken(1);
      return steps_.push_back({.what = 'z', .colons = 1});
    }
    if (!expansion.empty()) return PatternParser(steps_).parse(expansion);
    if (letter == 'E' && extension()) return;
    if (letter != '\0' && (numeric_conversion(letter) ||
                           std::string_view("aAbBpszZ").find(letter) != std::string_view::npos))
      return steps_.push_back({letter});
    throw std::invalid_argument("'" + std::string(from_here.substr(0, 2)) +
                                "' means nothing in a pattern of a time; %Y-%m-%d %H:%M:%S is one");
  }

  // Abseil's own: %Ez, %E*z, %E4Y, %ET, %E*S, %E3S, %E*f, %E3f. False: it is none of them.
  bool extension() {
    const char first = rest_.empty() ? '\0' : rest_[0], second = rest_.size() > 1 ? rest_[1] : '\0';
    const bool is_digit = first >= '0' && first <= '9';
    if (first == 'z') {
      steps_.push_back({.what = 'z', .colons = 1});
    } else if (first == 'T') {
      add_literal("T");
    } else if (first == '*' && second == 'z') {
      steps_.push_back({.what = 'z', .colons = 2});
    } else if (first == '4' && second == 'Y') {
      steps_.push_back({'Y'});
    } else if ((first == '*' || is_digit) && (second == 'S' || second == 'f')) {
      if (second == 'S') steps_.push_back({'S'});
      const int digits = is_digit ? first - '0' : PatternStep::any_digits;
      if (digits != 0)
        steps_.push_back({.what = second == 'S' ? PatternStep::fraction : 'f', .digits = digits});
    } else {
      return false;
    }
    taken(first == 'z' || first == 'T' ? 1 : 2);
    return true;
  }

  std::vector<PatternStep>& steps_;
  std::string_view rest_;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Whether a step's text may begin with a digit; blanks before it are none.
bool may_begin_with_digit(const PatternStep& step) {
  if (step.what == PatternStep::text) return is_digit(step.literal[0]);
  return numeric_conversion(step.what) || step.what == 's' || step.what == 'f';
}

// What a pattern says, as far as it must say more.
struct Said {
  explicit Said(const std::vector<PatternStep>& steps) {
    for (const PatternStep& step : steps) {
      const NumericConversion* const number = numeric_conversion(step.what);
      letters += number ? number->same_as : step.what;
    }
  }
  bool has(std::string_view any_of) const {
    return letters.find_first_of(any_of) != std::string::npos;
  }
  bool year() const { return has("Yy"); }
  bool month() const { return has("mbB"); }
  bool weekday() const { return has("aAuw"); }
  bool date() const { return has("s") || (year() && ((month() && has("d")) || has("j"))); }
  // Whether a week and its day say the date.
  bool iso_date() const { return has("V") && has("Gg") && weekday(); }
  bool week_date() const { return year() && has("UW") && weekday(); }

  std::string letters;
};

// Why what a pattern reads does not say a day, or an hour; empty: it does.
std::string_view what_is_unsaid(const Said& said) {
  if (said.has("C") && !said.year() && !said.has("s"))
    return "%C is the century alone; add %y, or write %Y";
  if (!said.date() && !said.iso_date()) {
    if (said.has("V") && !said.has("Gg"))
      return "%V needs the year of its weeks, %G, and the day, %u: %G-W%V-%u";
    if (said.has("V"))
      return "%V leaves the day of the week unsaid; add %u (1 is Monday): %G-W%V-%u";
    if (said.has("Gg"))
      return "%G is the year of an ISO week, and needs %V and %u; the calendar's year is %Y";
  }
  if (!said.date() && !said.iso_date() && !said.week_date()) {
    if (said.has("UW") && !said.year())
      return "%U and %W need the year, %Y, and the day, %w: %Y-%U-%w";
    if (said.has("UW"))
      return "%U and %W leave the day of the week unsaid; add %w (0 is Sunday): %Y-%U-%w";
    if (said.weekday())
      return "a weekday (%a, %u, %w) says no date, and needs the year, the month and the day with "
             "it; a year can be put before the text: parse_time('2026 ' + x, '%Y %a %b %d')";
  }
  if (said.has("I") && !said.has("pHs"))
    return "%I (1 to 12) needs %p (AM or PM); the hour of 24 is %H";
  if (said.has("p") && !said.has("IHs")) return "%p needs %I, the hour from 1 to 12";
  return "";
}

std::string written(const PatternStep& step) {
  if (step.what == PatternStep::fraction) return "%E*S";
  if (step.what == 'f' && step.digits == PatternStep::any_digits) return "%E*f";
  return step.what == 'z' && step.colons == 1 ? "%:z" : std::string("%") + step.what;
}

// A step without a fixed end, and what comes next and could be part of it.
bool runs_into(const PatternStep& step, const PatternStep& next) {
  const char begins = next.what == PatternStep::text ? next.literal[0] : '\0';
  const NumericConversion* const number = numeric_conversion(step.what);
  const bool has_any_digits = step.what == 's' || step.digits == PatternStep::any_digits ||
                              (number && number->filling == ' ');
  if (step.what == PatternStep::fraction && next.what == PatternStep::fraction) return true;
  if (has_any_digits || step.what == PatternStep::fraction)
    if (may_begin_with_digit(next)) return true;
  if (step.what == PatternStep::fraction) return begins == '.' || begins == ',';
  if (step.what == 'z') return may_begin_with_digit(next) || begins == ':';
  if (step.what != 'Z' || next.what == PatternStep::blanks) return false;
  const bool ends_zone = begins != '\0' && !is_letter(begins) && !is_digit(begins) &&
                         std::string_view("_+-/").find(begins) == std::string_view::npos;
  return !ends_zone;
}

constexpr NumericConversion numbers[] = {
    {'Y', 4, 0, 9999},
    {'C', 2, 0, 99},
    {'y', 2, 0, 99},
    {'G', 4, 0, 9999},
    {'g', 2, 0, 99},
    {'m', 2, 1, 12},
    {'d', 2, 1, 31},
    {'e', 2, 1, 31, ' ', 'd'},
    {'j', 3, 1, 366},
    {'H', 2, 0, 23},
    {'k', 2, 0, 23, ' ', 'H'},
    {'I', 2, 1, 12},
    {'l', 2, 1, 12, ' ', 'I'},
    {'M', 2, 0, 59},
    {'S', 2, 0, 60},
    {'U', 2, 0, 53},
    {'W', 2, 0, 53},
    {'V', 2, 1, 53},
    {'u', 1, 1, 7},
    {'w', 1, 0, 6},
};

}  // namespace

const NumericConversion* numeric_conversion(char letter) {
  const auto* const found =
      std::find_if(std::begin(numbers), std::end(numbers),
                   [&](const NumericConversion& number) { return number.letter == letter; });
  return found == std::end(numbers) ? nullptr : found;
}

int number_of_conversion(char conversion, const Civil& local) {
  const auto year = static_cast<int>(local.year);
  const auto weekday = [&] { return weekday_of(days_of(local)); };
  switch (conversion) {
    case 'Y':
      return year;
    case 'C':
      return year / 100;
    case 'y':
      return year % 100;
    case 'G':
      return static_cast<int>(iso_week_of(local).year);
    case 'g':
      return static_cast<int>(iso_week_of(local).year % 100);
    case 'm':
      return local.month;
    case 'd':
    case 'e':
      return local.day;
    case 'j':
      return yearday_of(local);
    case 'H':
    case 'k':
      return local.hour;
    case 'I':
    case 'l':
      return (local.hour + 11) % 12 + 1;
    case 'p':
      return local.hour >= 12;
    case 'M':
      return local.minute;
    case 'S':
      return local.second;
    case 'U':
      return (yearday_of(local) + 6 - weekday() % 7) / 7;
    case 'W':
      return (yearday_of(local) + 7 - weekday()) / 7;
    case 'V':
      return iso_week_of(local).week;
    case 'u':
      return weekday();
    default:
      return weekday() % 7;  // %w
  }
}

std::string_view weekday_name(int weekday) {
  static constexpr std::string_view names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
  return names[weekday - 1];
}

std::string_view month_name(int month) {
  static constexpr std::string_view names[] = {"January",   "February", "March",    "April",
                                               "May",       "June",     "July",     "August",
                                               "September", "October",  "November", "December"};
  return names[month - 1];
}

TimePattern::TimePattern(std::string_view pattern) {
  PatternParser(steps_).parse(pattern);
  for (std::size_t i = 0; i + 1 < steps_.size(); i++) {
    const PatternStep& next = steps_[i + 1];
    const bool is_name = std::string_view("aAbB").find(steps_[i].what) != std::string_view::npos;
    steps_[i].exact = is_name ? next.what == PatternStep::text && is_letter(next.literal[0])
                              : may_begin_with_digit(next);
  }
}

void TimePattern::check_readable() const {
  for (std::size_t i = 0; i + 1 < steps_.size(); i++)
    if (runs_into(steps_[i], steps_[i + 1]))
      throw std::invalid_argument(
          "nothing tells where " + written(steps_[i]) +
          " ends and the next part begins; take the text apart with substr() first");
  if (const std::string_view unsaid = what_is_unsaid(Said(steps_)); !unsaid.empty())
    throw std::invalid_argument(std::string(unsaid));
}

}  // namespace riffle
