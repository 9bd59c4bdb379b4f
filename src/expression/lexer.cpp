#include "expression/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "expression/escapes.h"
#include "expression/foreign_words.h"
#include "time/text.h"
#include "time/zone.h"
#include "values/error.h"
#include "values/number.h"

namespace riffle {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_start(char c) {
  return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word_byte(char c) { return is_word_start(c) || is_digit(c); }

// Longest first where one begins another.
constexpr std::array<std::string_view, 32> symbols = {
    "->", "==", "=~", "!=", "!~", "<=", ">=", "&&", "||", "??", "**", "//", "?", ":", "=", "<",
    ">",  "+",  "-",  "*",  "/",  "%",  "!",  ".",  ",",  "(",  ")",  "[",  "]", "{", "}", ""};

// What word processors make of blanks and quotes.
constexpr std::array<std::string_view, 5> typographic = {"\u00a0", "\u201c", "\u201d", "\u2018",
                                                         "\u2019"};

bool has_typographic(std::string_view text) {
  return std::any_of(typographic.begin(), typographic.end(),
                     [&](std::string_view mark) { return text.find(mark) != text.npos; });
}

}  // namespace

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 8> words = {"and",      "or",   "not",   "in",
                                                     "contains", "true", "false", "null"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_word(std::string_view text) {
  return !text.empty() && is_word_start(text[0]) &&
         std::all_of(text.begin(), text.end(), is_word_byte) && !has_typographic(text);
}

bool is_calendar_span(std::string_view text) {
  const std::size_t unit = std::min(text.find_first_not_of("0123456789"), text.size());
  return unit > 0 && (text.substr(unit) == "mo" || text.substr(unit) == "y");
}

std::size_t length_of_backquoted(std::string_view text, std::size_t open) {
  for (std::size_t i = open + 1; i < text.size(); i++) {
    if (text[i] != '`') continue;
    if (i + 1 == text.size() || text[i + 1] != '`') return i + 1 - open;
    i++;
  }
  return 0;
}

std::string inside_backquotes(std::string_view quoted) {
  std::string name;
  for (std::size_t i = 1; i + 1 < quoted.size(); i++) {
    name += quoted[i];
    if (quoted[i] == '`') i++;
  }
  return name;
}

Token Lexer::next() {
  skip_blanks();
  Token token;
  token.position = at_;
  const char c = at(at_), following = at(at_ + 1);
  if (at_ == text_.text.size()) return token;
  if (c == 'r' && (following == '"' || following == '\''))
    token = quoted(at_ + 1, true);
  else if (is_word_start(c))
    token = word();
  else if (is_digit(c))
    token = number();
  else if (c == '"' || c == '\'')
    token = quoted(at_, false);
  else if (c == '`')
    token = backquoted();
  else if (c == '@')
    token = time();
  else if (c == '$')
    token = argument();
  else
    token = symbol();
  at_ = token.end();
  return token;
}

Token Lexer::take(Token::Kind kind, std::size_t end) const {
  Token token;
  token.kind = kind;
  token.position = at_;
  token.length = end - at_;
  token.spelling = std::string_view(text_.text).substr(at_, token.length);
  return token;
}

void Lexer::skip_blanks() {
  at_ = std::min(text_.text.find_first_not_of(" \t\r\n", at_), text_.text.size());
}

Token Lexer::word() const {
  std::size_t end = at_;
  while (is_word_byte(at(end))) {
    for (const std::string_view mark : typographic)
      if (std::string_view(text_.text).substr(end, mark.size()) == mark)
        refuse(mark == typographic[0]
                   ? "a no-break space stands here; write a plain blank"
                   : "a typographic quote stands here; texts are written \"...\" or '...'",
               end, mark.size());
    end++;
  }
  return take(Token::Kind::word, end);
}

Token Lexer::backquoted() const {
  const std::size_t length = length_of_backquoted(text_.text, at_);
  if (length == 0) refuse("a name in backquotes is not closed", at_, 1);
  Token token = take(Token::Kind::quoted_name, at_ + length);
  token.text = inside_backquotes(token.spelling);
  return token;
}

Token Lexer::quoted(std::size_t quote, bool raw) const {
  std::size_t end = quote + 1;
  while (end < text_.text.size() && text_.text[end] != text_.text[quote])
    end += !raw && text_.text[end] == '\\' ? 2 : 1;
  if (end >= text_.text.size()) refuse("a text is not closed", at_, quote + 1 - at_);
  Token token = take(Token::Kind::text, end + 1);
  const std::string_view inside = std::string_view(text_.text).substr(quote + 1, end - quote - 1);
  if (raw)
    token.text = inside;
  else
    token.unknown_escape = !unescape(inside, token.text).ok;
  return token;
}

Token Lexer::number() const {
  refuse_bare_text();
  std::size_t end = at_;
  const auto skip_digits = [&] {
    while (is_digit(at(end))) end++;
  };
  skip_digits();
  const bool whole = at(end) != '.' || !is_digit(at(end + 1));
  if (!whole) end++, skip_digits();
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t sign = at(end + 1) == '-' || at(end + 1) == '+' ? 1 : 0;
    if (is_digit(at(end + 1 + sign))) end += 1 + sign, skip_digits();
  }
  const bool has_unit = is_word_byte(at(end));
  if (has_unit) {
    while (is_word_byte(at(end))) end++;
  }
  Token token = take(Token::Kind::literal, end);
  if (!has_unit) {
    token.value = parse_number(token.spelling);
    if (token.value.is_missing())
      refuse(fmt::format("a number has no leading zeros; write \"{}\" if it is a text",
                         token.spelling),
             at_, token.length);
    if (token.value.kind == Kind::real && !std::isfinite(token.value.real))
      refuse(fmt::format("{} is too large a number to compute with", token.spelling), at_,
             token.length);
    return token;
  }
  if (const auto duration = parse_duration(token.spelling))
    token.value = duration_value(*duration);
  else if (is_calendar_span(token.spelling))
    token.value = text_value(token.spelling);
  else if (!whole)
    refuse(fmt::format("'{}' is no duration; its numbers are whole, as in 1h30m", token.spelling),
           at_, token.length);
  else
    refuse(fmt::format("'{}' is neither a number nor a duration (250ms, 5m, 1h30m, 2d, 1w); a name "
                       "that begins with a digit needs backquotes",
                       token.spelling),
           at_, token.length);
  return token;
}

// Refuses a date or an address that would be numbers, with minus signs or points between.
void Lexer::refuse_bare_text() const {
  std::size_t end = at_;
  while (is_word_byte(at(end)) ||
         (end > at_ && (at(end) == '-' || at(end) == '.' || at(end) == ':' || at(end) == '+')))
    end++;
  const std::string_view run = std::string_view(text_.text).substr(at_, end - at_);
  const auto is_shaped = [run](std::string_view shape) {
    return run.size() >= shape.size() &&
           std::equal(shape.begin(), shape.end(), run.begin(),
                      [](char s, char c) { return s == '0' ? is_digit(c) : s == c; });
  };
  if (is_shaped("0000-00-00") && !is_digit(at(at_ + 10))) {
    const bool is_time = parse_time(run, Zone()).has_value();
    refuse(fmt::format("a date is written @{}, a difference with blanks: 2026 - 1 - 31",
                       is_time ? run : run.substr(0, 10)),
           at_, is_time ? run.size() : 10);
  }
  const bool is_address = std::count(run.begin(), run.end(), '.') == 3 &&
                          run.find_first_not_of("0123456789.") == run.npos;
  if (is_address) refuse(fmt::format("a text is written in quotes: \"{}\"", run), at_, run.size());
}

// The longest run of bytes that is a time, so that `@2026-01-31-5h` is a time minus five hours.
Token Lexer::time() const {
  std::size_t end = at_ + 1;
  const auto is_part = [](char c) {
    return is_digit(c) || is_letter(c) || c == ':' || c == '.' || c == '+' || c == '-';
  };
  while (is_part(at(end)) || (at(end) == ' ' && end == at_ + 11 && is_digit(at(end + 1)))) end++;
  const std::string_view text = text_.text;
  for (std::size_t stop = end; is_digit(at(at_ + 1)) && stop > at_ + 1; stop--) {
    const auto time = parse_time(text.substr(at_ + 1, stop - at_ - 1), Zone());
    if (!time) continue;
    Token token = take(Token::Kind::literal, stop);
    token.value = time_value(*time);
    return token;
  }
  const std::string_view written = text.substr(at_, std::max<std::size_t>(end - at_, 1));
  if (is_word_start(at(at_ + 1)))
    refuse(
        fmt::format(
            "'{}' is no time (@2026-01-31T10:00:00Z); a name that begins with '@' needs backquotes",
            written),
        at_, written.size());
  refuse(fmt::format("'{}' is no time; one is written @2026-01-31T10:00:00Z", written), at_,
         written.size());
}

Token Lexer::argument() const {
  std::size_t end = at_ + 1;
  while (is_word_byte(at(end))) end++;
  if (end == at_ + 1)
    refuse("a name must follow '$', that of an --arg; a field is written without it", at_, 1);
  Token token = take(Token::Kind::argument, end);
  token.text = token.spelling.substr(1);
  return token;
}

Token Lexer::symbol() const {
  const std::string_view rest = std::string_view(text_.text).substr(at_);
  const auto found = std::find_if(symbols.begin(), symbols.end(),
                                  [&](std::string_view s) { return rest.starts_with(s); });
  if (found->empty()) {
    const std::string_view here = character_here(rest[0]);
    refuse(fmt::format("'{}' has no meaning here{}{}", visible(rest.substr(0, 1)),
                       here.empty() ? "" : "; ", here),
           at_, 1);
  }
  return take(Token::Kind::symbol, at_ + found->size());
}

void Lexer::refuse(std::string_view message, std::size_t position, std::size_t length) const {
  throw usage_error_at(fmt::format("{}: {}", text_.stage, message), text_.text, position, length);
}

}  // namespace riffle
