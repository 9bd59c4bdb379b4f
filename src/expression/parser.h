// The parser of syntax.h: precedence climbing over the tokens, one function per level of
// language.md 4 that differs.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "expression/lexer.h"
#include "expression/syntax.h"

namespace riffle {

class Parser {
 public:
  explicit Parser(const Text& text, std::size_t at = 0);

  // A whole expression, up to what cannot belong to it.
  std::unique_ptr<Syntax> expression();
  // What that is: the end, or a comma, for whoever has a list of them; anything else is refused
  // here.
  const Token& end_of_expression();

 private:
  using Tree = std::unique_ptr<Syntax>;

  Tree choice();
  Tree binary(int least);
  Tree unary();
  Tree power();
  Tree postfix();
  Tree primary();
  Tree literal();
  Tree word();
  Tree name();
  // Not part of the frames above, of which a deep expression has thousands.
  [[gnu::noinline]] Tree reserved_word();
  [[gnu::noinline]] Tree call_of_contains();
  [[gnu::noinline]] Tree path(const Token& first);
  [[gnu::noinline]] void take_key(Syntax& map);
  Tree call(const Token& function);
  Tree with_condition(Tree call);
  Tree parenthesised();
  Tree list();
  Tree map();
  Tree member(Tree of);
  Tree index_or_slice(Tree of);
  Tree lambda();
  bool lambda_follows();
  // Whether the token, followed by what the lexer reads, stands between two values.
  static bool is_operator(const Token& token, const Lexer& after);

  Tree leaf(Syntax::Kind kind, const Token& token) const;
  Tree node(Syntax::Kind kind, std::string_view text, const Token& head) const;
  // Adds a child, and widens the tree to hold it.
  void adopt(Syntax& parent, Tree child) const;
  void extend_to_last(Syntax& tree) const { tree.length = last_end_ - tree.position; }
  void check_depth(const Syntax& tree) const;

  void advance();
  bool accept(std::string_view symbol_or_word);
  void expect(std::string_view symbol, std::string_view message);
  std::string found() const;
  // A single '=', a stray `where`, AND: with what was probably meant.
  void refuse_known_mistakes() const;
  [[noreturn]] void refuse_equals() const;
  // What cannot begin a value.
  [[noreturn]] void refuse_value() const;
  [[noreturn]] void refuse_method(const Syntax& name);
  [[gnu::noinline]] void refuse_word_of_sql(const Token& word) const;
  [[gnu::noinline]] void refuse_foreign_count() const;
  [[noreturn]] void refuse(std::string_view message) const;
  [[noreturn]] void refuse(std::string_view message, std::size_t position,
                           std::size_t length) const;

  class Level;

  const Text& text_;
  Lexer lexer_;  // after token_
  Token token_;  // the one to be looked at
  std::size_t last_end_ = 0;
  int nesting_ = 0;  // calls of the levels above that are under way
};

// How tightly infix operators bind, by level.
enum Binding : int {
  none = 0,
  either = 1,
  both = 2,
  negation = 3,
  comparison = 4,
  fallback = 5,
  sum = 6,
  product = 7
};
// The level of an operator by its canonical text ("and", "not in"); none: it is no infix operator
// of these levels.
int binding_of(std::string_view infix);

}  // namespace riffle
