#include "time/text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace riffle {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t nanoseconds_in_second = 1000000000;
// As many of a decimal fraction can matter, and fit in 64 bits.
constexpr int most_decimals = 18;

// Decimal digits at fixed places; `bad` remembers whether one of them was none.
struct Digits {
  const char* at;
  bool bad = false;

  unsigned one(std::size_t i) {
    const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
    bad |= digit > 9;
    return digit;
  }
  unsigned two(std::size_t i) { return one(i) * 10 + one(i + 1); }
};

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

bool is_date(unsigned year, unsigned month, unsigned day) {
  static constexpr unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month - 1 >= 12) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day - 1 < lengths[month - 1] + unsigned{month == 2 && leap};
}

// The first 16 characters, "2026-01-31T10:00": as numbers.
struct Minute {
  unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0;
};

// Eight characters at once: byte i less "0" where a digit shall stand, and less the separator
// elsewhere. No byte may be above what `room` leaves to 128.
struct Eight {
  std::uint64_t bytes, room;

  static constexpr std::uint64_t word(const char* text) {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | static_cast<unsigned char>(text[i]);
    return word;
  }
  bool are_good() const { return (((bytes + room) | bytes) & 0x8080808080808080) == 0; }
  // The number that two digits, the first of them at byte i, are.
  unsigned two(int i) const {
    return static_cast<unsigned>((bytes * 10 + (bytes >> 8)) >> (8 * i) & 0xff);
  }
};

bool read_minute(const char* text, Minute& minute) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t date = Eight::word("0000-00-"), rest = Eight::word(
                                                              "00\0"
                                                              "00:00");
  constexpr std::uint64_t date_room = Eight::word("\x76\x76\x76\x76\x7f\x76\x76\x7f"),
                          rest_room = Eight::word("\x76\x76\x7f\x76\x76\x7f\x76\x76");
  const char separator = text[10];
  if (separator != 'T' && separator != ' ' && separator != 't') return false;
  std::uint64_t words[2];
  std::memcpy(words, text, sizeof words);
  const Eight first{words[0] ^ date, date_room},
      second{words[1] ^ (rest | std::uint64_t{static_cast<unsigned char>(separator)} << 16),
             rest_room};
  if (!first.are_good() || !second.are_good()) return false;
  minute = {first.two(0) * 100 + first.two(2), first.two(5), second.two(0), second.two(3),
            second.two(6)};
  return is_date(minute.year, minute.month, minute.day) && minute.hour <= 23 && minute.minute <= 59;
}

// What follows the minute.
struct Rest {
  unsigned second = 0, nanosecond = 0;
  bool has_offset = false;
  std::int32_t offset = 0;  // seconds ahead of UTC
};

// The fraction after its point: 1 to 9 digits. Moves `at` after it; false when there are none, or
// more.
bool read_fraction(std::string_view text, std::size_t& at, unsigned& nanosecond) {
  const std::size_t first = at;
  unsigned value = 0;
  for (; at < text.size() && is_digit(text[at]); at++) {
    if (at - first == 9) return false;
    value = value * 10 + static_cast<unsigned>(text[at] - '0');
  }
  static constexpr unsigned powers[] = {1000000000, 100000000, 10000000, 1000000, 100000,
                                        10000,      1000,      100,      10,      1};
  nanosecond = value * powers[at - first];
  return at > first;
}

// "Z", "+02:00", "+0200", "+02": all that is left of the text.
bool read_offset(std::string_view text, Rest& time) {
  time.has_offset = true;
  const char sign = text[0];
  if (sign == 'Z' || sign == 'z') return text.size() == 1;
  if ((sign != '+' && sign != '-') || text.size() < 3) return false;
  Digits digits{text.data()};
  const unsigned hours = digits.two(1);
  unsigned minutes = 0;
  if (text.size() == 6 && text[3] == ':')
    minutes = digits.two(4);
  else if (text.size() == 5)
    minutes = digits.two(3);
  else if (text.size() != 3)
    return false;
  if (digits.bad || hours > 23 || minutes > 59) return false;
  const auto seconds = static_cast<std::int32_t>(hours * 3600 + minutes * 60);
  time.offset = sign == '-' ? -seconds : seconds;
  return true;
}

// `text` is the whole, its minute included.
bool read_rest(std::string_view text, Rest& time) {
  std::size_t at = 16;
  if (text.size() >= 19 && text[16] == ':') {
    Digits digits{text.data()};
    time.second = digits.two(17);
    at = 19;
    if (digits.bad || time.second > 59) return false;
    if (at < text.size() && (text[at] == '.' || text[at] == ',') &&
        !read_fraction(text, ++at, time.nanosecond))
      return false;
  }
  text.remove_prefix(at);
  return text.empty() || read_offset(text, time);
}

std::optional<std::int64_t> as_nanoseconds(std::int64_t seconds, unsigned nanosecond) {
  if (seconds < least_time / nanoseconds_in_second ||
      seconds > greatest_time / nanoseconds_in_second)
    return std::nullopt;
  std::int64_t time = 0;
  if (__builtin_add_overflow(seconds * nanoseconds_in_second, nanosecond, &time))
    return std::nullopt;
  return time;
}

// Half away from zero; nothing when 64 bits do not hold it.
std::optional<std::int64_t> rounded_quotient(Wide number, std::int64_t divisor) {
  const Wide quotient = (number + (number < 0 ? -(divisor / 2) : divisor / 2)) / divisor;
  if (quotient < INT64_MIN || quotient > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(quotient);
}

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Largest first.
constexpr Unit units[] = {
    {"w", 7 * 86400 * nanoseconds_in_second},
    {"d", 86400 * nanoseconds_in_second},
    {"h", 3600 * nanoseconds_in_second},
    {"m", 60 * nanoseconds_in_second},
    {"s", nanoseconds_in_second},
    {"ms", 1000000},
    {"us", 1000},
    {"ns", 1},
};

}  // namespace

namespace {

// All forms but a date alone and the basic one.
std::optional<std::int64_t> parse_extended(std::string_view text, const Zone& zone) {
  Minute minute;
  Rest rest;
  if (text.size() < 16 || !read_minute(text.data(), minute) || !read_rest(text, rest))
    return std::nullopt;
  const auto [year, month, day, hour, of_hour] = minute;
  if (!rest.has_offset && !zone.is_utc())
    return zone.moment({year, static_cast<int>(month), static_cast<int>(day),
                        static_cast<int>(hour), static_cast<int>(of_hour),
                        static_cast<int>(rest.second), static_cast<int>(rest.nanosecond)});
  const std::int64_t of_day = hour * 3600 + of_hour * 60 + rest.second;
  const std::int64_t days = days_from_civil(year, static_cast<int>(month), static_cast<int>(day));
  return as_nanoseconds(days * 86400 + of_day - rest.offset, rest.nanosecond);
}

// The 'T' of "20260131T1000", where the extended form has the second digit of the day.
bool is_basic(std::string_view text) {
  return text.size() >= 13 && (text[8] == 'T' || text[8] == 't');
}

std::optional<std::int64_t> parse_basic(std::string_view text, const Zone& zone) {
  constexpr std::size_t longest = 32;  // 20260131T100000.123456789+02:00
  if (text.size() > longest) return std::nullopt;
  char extended[longest + 5] = "yyyy-mm-ddThh:mm:ss";
  const auto put = [&](std::size_t at, std::size_t from, std::size_t size) {
    std::memcpy(extended + at, text.data() + from, size);
  };
  put(0, 0, 4), put(5, 4, 2), put(8, 6, 2), put(11, 9, 2), put(14, 11, 2);
  std::size_t from = 13, size = 16;
  if (text.size() >= 15 && is_digit(text[13]) && is_digit(text[14]))
    put(17, 13, 2), from = 15, size = 19;
  put(size, from, text.size() - from);
  return parse_extended({extended, size + text.size() - from}, zone);
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text, const Zone& zone) {
  if (text.size() == 10) {
    char midnight[] = "yyyy-mm-ddT00:00";
    std::memcpy(midnight, text.data(), text.size());
    return parse_extended(midnight, zone);
  }
  return is_basic(text) ? parse_basic(text, zone) : parse_extended(text, zone);
}

std::int64_t nanoseconds_in(std::string_view unit) {
  for (const Unit& known : units)
    if (known.nanoseconds <= nanoseconds_in_second && known.name == unit) return known.nanoseconds;
  return 0;
}

std::optional<std::int64_t> nanoseconds_from_number(double number, std::int64_t unit) {
  const double rough = number * static_cast<double>(unit);
  if (!(std::abs(rough) < 1e19)) return std::nullopt;
  // Most reals that mean a moment have six decimals at most. Below 2^52 millionths no two of those
  // read as one double.
  constexpr double millionths = 1e6;
  const double scaled = std::round(number * millionths);
  if (std::abs(scaled) < 0x1p52 && scaled / millionths == number)
    return rounded_quotient(static_cast<Wide>(scaled) * unit, 1000000);
  if (std::abs(rough) < 0.25) return 0;

  char text[64];
  const auto written =
      std::to_chars(text, text + sizeof text, std::abs(number), std::chars_format::fixed);
  Wide value = 0;
  int decimals = -1;  // before the point
  for (const char* at = text; at < written.ptr && decimals < most_decimals; at++) {
    if (*at != '.') value = value * 10 + (*at - '0');
    if (decimals >= 0 || *at == '.') decimals++;
  }
  std::int64_t scale = 1;
  for (int i = 0; i < decimals; i++) scale *= 10;
  return rounded_quotient(value * (number < 0 ? -unit : unit), scale);
}

std::optional<std::int64_t> time_from_number(double number, std::int64_t unit) {
  const auto time = nanoseconds_from_number(number, unit);
  return time && *time >= least_time ? time : std::nullopt;
}

std::optional<std::int64_t> time_from_number(std::int64_t number, std::int64_t unit) {
  std::int64_t time = 0;
  if (__builtin_mul_overflow(number, unit, &time) || time < least_time) return std::nullopt;
  return time;
}

namespace {

// Reads numbers, and what stands between them.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && is_digit(rest_[0]); }
  void skip_blanks() {
    while (take(" ")) continue;
  }
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  // '-' is true; '+' may stand there too.
  bool take_sign() {
    const bool negative = take("-");
    if (!negative) take("+");
    return negative;
  }

  // A whole number, and perhaps a fraction after a point, or a comma where none can part
  // thousands. False: there is none, or it is too large.
  bool number(bool comma = false) {
    if (!at_digit() || !digits(whole_, 19, digits_of_whole_)) return false;
    fraction_ = 0;
    decimals_ = 0;
    if (!take(".") && !(comma && take(","))) return true;
    if (!at_digit()) return false;
    digits(fraction_, most_decimals, decimals_);
    while (at_digit()) rest_.remove_prefix(1);
    return true;
  }
  // Of the number that was read.
  bool has_fraction() const { return decimals_ > 0; }
  int digits_of_whole() const { return digits_of_whole_; }
  std::uint64_t whole() const { return whole_; }
  Wide times(std::int64_t unit) const {
    Wide scale = 1;
    for (int i = 0; i < decimals_; i++) scale *= 10;
    return static_cast<Wide>(whole_) * unit +
           (static_cast<Wide>(fraction_) * unit + scale / 2) / scale;
  }

 private:
  // False: there are more than `most`.
  bool digits(std::uint64_t& value, int most, int& count) {
    value = 0;
    for (count = 0; count < most && at_digit(); count++, rest_.remove_prefix(1))
      value = value * 10 + static_cast<std::uint64_t>(rest_[0] - '0');
    return !at_digit();
  }

  std::string_view rest_;
  std::uint64_t whole_ = 0, fraction_ = 0;
  int digits_of_whole_ = 0, decimals_ = 0;
};

std::optional<std::int64_t> as_signed(Wide length, bool negative) {
  if (negative) length = -length;
  if (length < INT64_MIN || length > INT64_MAX) return std::nullopt;
  return static_cast<std::int64_t>(length);
}

// 5.4ms, 1h 2m 3.5s.
std::optional<Wide> read_units(NumberReader reader) {
  Wide total = 0;
  const Unit* next = std::begin(units);  // the largest that may still come
  do {
    if (!reader.number()) return std::nullopt;
    reader.skip_blanks();
    // "m" begins "ms", and "µ" is written in two ways.
    const bool micro = reader.take("us") || reader.take("\u00b5s") || reader.take("\u03bcs");
    const auto is_here = [&](const Unit& unit) {
      if (micro) return unit.name == "us";
      NumberReader after = reader;
      return after.take(unit.name) && !(unit.name == "m" && after.take("s")) &&
             (reader = after, true);
    };
    next = std::find_if(next, std::end(units), is_here);
    if (next == std::end(units)) return std::nullopt;
    total += reader.times(next->nanoseconds);
    next++;
    reader.skip_blanks();
  } while (!reader.at_end());
  return total;
}

// What follows the P of ISO 8601; years and months have no fixed length.
std::optional<Wide> read_iso(NumberReader reader) {
  struct Designator {
    std::string_view letter;
    std::int64_t seconds;
    bool of_time;
  };
  constexpr Designator designators[] = {{"W", 7 * 86400, false},
                                        {"D", 86400, false},
                                        {"H", 3600, true},
                                        {"M", 60, true},
                                        {"S", 1, true}};
  Wide total = 0;
  const Designator* next = std::begin(designators);
  bool in_time = false;
  do {
    if (!in_time) in_time = reader.take("T");
    const bool negative = reader.take_sign();
    if (!reader.number(true)) return std::nullopt;
    next = std::find_if(next, std::end(designators), [&](const Designator& designator) {
      return designator.of_time == in_time && reader.take(designator.letter);
    });
    if (next == std::end(designators) || (reader.has_fraction() && !reader.at_end()))
      return std::nullopt;
    const Wide part = reader.times(next->seconds * nanoseconds_in_second);
    total += negative ? -part : part;
    next++;
  } while (!reader.at_end());
  return total;
}

// 36:00:00.5; two parts could be hours and minutes, or minutes and seconds.
std::optional<Wide> read_clock(NumberReader reader) {
  Wide total = 0;
  for (const std::int64_t unit : {3600, 60, 1}) {
    if (unit != 3600 && !reader.take(":")) return std::nullopt;
    if (!reader.number(true) || (reader.has_fraction() && unit != 1)) return std::nullopt;
    if (unit != 3600 && (reader.digits_of_whole() != 2 || reader.whole() > 59)) return std::nullopt;
    total += reader.times(unit * nanoseconds_in_second);
  }
  return reader.at_end() ? std::optional(total) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> nanoseconds_from_text(std::string_view number, std::int64_t unit) {
  NumberReader reader(number);
  const bool negative = reader.take("-");
  if (!reader.number() || !reader.at_end()) return std::nullopt;
  return as_signed(reader.times(unit), negative);
}

std::optional<std::int64_t> read_duration(std::string_view text) {
  NumberReader reader(text);
  const bool negative = reader.take_sign();
  const bool is_clock = text.find(':') != text.npos;
  const auto length = reader.take("P") ? read_iso(reader)
                      : is_clock       ? read_clock(reader)
                                       : read_units(reader);
  return length ? as_signed(*length, negative) : std::nullopt;
}

std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  const Unit* next = std::begin(units);  // the largest that may still come
  const char* at = text.data();
  const char* const end = at + text.size();
  do {
    std::int64_t count = 0;
    if (at == end || !is_digit(*at)) return std::nullopt;
    const auto number = std::from_chars(at, end, count);
    if (number.ec != std::errc()) return std::nullopt;
    const char* const unit = at = number.ptr;
    while (at < end && !is_digit(*at)) at++;
    const std::string_view name(unit, static_cast<std::size_t>(at - unit));
    while (next < std::end(units) && next->name != name) next++;
    if (next == std::end(units)) return std::nullopt;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(count, next->nanoseconds, &part) ||
        __builtin_add_overflow(total, part, &total))
      return std::nullopt;
    next++;
  } while (at < end);
  return total;
}

}  // namespace riffle
