// The tokens of an expression, found one by one: what lies after the token asked for is never
// looked at, so that an expression may end at a comma with anything after it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "expression/syntax.h"
#include "values/value.h"

namespace riffle {

struct Token {
  enum class Kind { end, word, quoted_name, argument, text, literal, symbol };
  Kind kind = Kind::end;
  std::size_t position = 0, length = 0;
  std::string_view spelling;  // the bytes of the token in the text
  std::string text;           // quoted_name, argument: the name; text: its characters
  // literal: a number, time, duration, or a calendar span (1mo) as the text it is.
  Value value;
  bool unknown_escape = false;  // text: has one that JSON lacks, and so can only be a regex

  std::size_t end() const { return position + length; }
  bool is(std::string_view symbol_or_word) const {
    return (kind == Kind::symbol || kind == Kind::word) && spelling == symbol_or_word;
  }
};

// Whether a word means something of its own and so is a name only in backquotes.
bool is_reserved(std::string_view word);
// Whether the whole of `text` is a word: letters, digits, '_' and anything beyond ASCII but
// typographic quotes and blanks, no digit first.
bool is_word(std::string_view text);
// Whether `text` is a duration of calendar units, which have no fixed length: 1mo, 2y.
bool is_calendar_span(std::string_view text);

class Lexer {
 public:
  // Reads from byte `at` of the text, which must outlive the tokens.
  explicit Lexer(const Text& text, std::size_t at = 0) : text_(text), at_(at) {}

  // The next token; end when there is none. Throws Error (usage) where none can begin.
  Token next();

 private:
  Token take(Token::Kind kind, std::size_t end) const;
  void skip_blanks();
  Token word() const;
  Token backquoted() const;
  Token quoted(std::size_t quote, bool raw) const;
  Token number() const;
  Token time() const;
  Token argument() const;
  Token symbol() const;
  void refuse_bare_text() const;
  [[noreturn]] void refuse(std::string_view message, std::size_t position,
                           std::size_t length) const;
  char at(std::size_t position) const {
    return position < text_.text.size() ? text_.text[position] : '\0';
  }

  const Text& text_;
  std::size_t at_;
};

// The bytes that a name in backquotes beginning at `open` takes, both backquotes included; 0 when
// it is not closed.
std::size_t length_of_backquoted(std::string_view text, std::size_t open);
// The name inside; a doubled backquote stands for one.
std::string inside_backquotes(std::string_view quoted);

}  // namespace riffle
