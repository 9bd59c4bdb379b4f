#include "arguments/sort_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "expression/lexer.h"
#include "expression/parser.h"
#include "values/error.h"

namespace riffle {
namespace {

// Whether an expression can end with this token, so that a word after it is a direction.
bool ends_expression(const Token& token) {
  if (token.kind == Token::Kind::symbol)
    return token.spelling == ")" || token.spelling == "]" || token.spelling == "}";
  return token.kind != Token::Kind::end &&
         (token.kind != Token::Kind::word || binding_of(token.spelling) == Binding::none);
}

// Where a key ends, from its first byte on, and where its direction stands.
struct Extent {
  std::size_t end = 0;  // of the expression
  bool descending = false, last = false;
  std::size_t next = 0;  // after the comma
};

enum class Direction { none, up, down };

// `asc` and `desc`, in any letter case.
Direction direction_of(const Token& token) {
  if (token.kind != Token::Kind::word) return Direction::none;
  std::string word(token.spelling);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (word == "asc" || word == "ascending") return Direction::up;
  return word == "desc" || word == "descending" ? Direction::down : Direction::none;
}

// Refuses `sort count, desc`, in which the comma makes a key of the direction. After a key that
// has one, and alone, the word is the name of a field.
void check_lone_direction(const Text& text, const Token& word, std::size_t first) {
  if (first == 0) return;
  const std::string before = text.text.substr(0, text.text.find_last_not_of(" \t\r\n"
                                                                            ",",
                                                                            first - 1) +
                                                     1);
  if (before.ends_with(" desc") || before.ends_with(" asc")) return;
  throw usage_error_at(fmt::format("sort: a direction follows its key without a comma: sort {} {}; "
                                   "a field of that name is written `{}`",
                                   visible(before), word.spelling, word.spelling),
                       text.text, word.position, word.length);
}

Extent extent_of_key(const Text& text, std::size_t first) {
  Lexer lexer(text, first);
  Token before, token;  // the last two tokens of the key
  int depth = 0;
  for (;;) {
    Token next = lexer.next();
    const bool ends = next.kind == Token::Kind::end || (depth == 0 && next.is(","));
    if (ends) {
      Extent extent{next.position, false, next.kind == Token::Kind::end, next.end()};
      const Direction direction = direction_of(token);
      if (direction != Direction::none && ends_expression(before)) {
        extent.end = token.position;
        extent.descending = direction == Direction::down;
      } else if (direction != Direction::none && before.kind == Token::Kind::end) {
        check_lone_direction(text, token, first);
      }
      return extent;
    }
    if (next.is("(") || next.is("[") || next.is("{")) depth++;
    if (next.is(")") || next.is("]") || next.is("}")) depth--;
    before = std::move(token);
    token = std::move(next);
  }
}

}  // namespace

std::vector<SortItem> parse_sort_keys(const Text& text) {
  std::vector<SortItem> keys;
  for (std::size_t first = 0;;) {
    const Extent extent = extent_of_key(text, first);
    if (text.text.find_first_not_of(" \t\r\n", first) == extent.end)
      throw usage_error_at("sort: a key is missing here", text.text, extent.end, 1);
    const Text until_end{text.stage, text.text.substr(0, extent.end)};
    Parser parser(until_end, first);
    keys.push_back({parser.expression(), extent.descending});
    parser.end_of_expression();
    if (extent.last) return keys;
    first = extent.next;
  }
}

}  // namespace riffle
