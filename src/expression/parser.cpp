#include "expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "expression/foreign_words.h"
#include "text/letter_case.h"
#include "values/error.h"

namespace riffle {
namespace {

constexpr std::string_view limit_text = "1,000";
static_assert(expression_depth_limit == 1000);

struct Infix {
  std::string_view written, text;
  Binding binding;
};

constexpr std::array<Infix, 24> infixes = {{
    {"or", "or", either},
    {"||", "or", either},
    {"and", "and", both},
    {"&&", "and", both},
    {"==", "==", comparison},
    {"!=", "!=", comparison},
    {"<", "<", comparison},
    {"<=", "<=", comparison},
    {">", ">", comparison},
    {">=", ">=", comparison},
    {"=~", "=~", comparison},
    {"!~", "!~", comparison},
    {"in", "in", comparison},
    {"contains", "contains", comparison},
    {"not", "not", comparison},
    {"??", "??", fallback},
    {"+", "+", sum},
    {"-", "-", sum},
    {"*", "*", product},
    {"/", "/", product},
    {"//", "//", product},
    {"%", "%", product},
    {"not in", "not in", comparison},
    {"not contains", "not contains", comparison},
}};

const Infix* find_infix(const Token& token) {
  if (token.kind != Token::Kind::symbol && token.kind != Token::Kind::word) return nullptr;
  const auto found = std::find_if(infixes.begin(), infixes.end(),
                                  [&](const Infix& i) { return i.written == token.spelling; });
  return found == infixes.end() ? nullptr : &*found;
}

// What a literal or a list is called, which has no members; empty: the tree's value may have some.
std::string_view memberless(const Syntax& tree) {
  if (tree.kind == Syntax::Kind::list) return "a list";
  if (tree.kind != Syntax::Kind::literal) return {};
  switch (tree.value.kind) {
    case Kind::boolean:
      return "a boolean";
    case Kind::null:
      return "null";
    case Kind::time:
      return "a time";
    case Kind::duration:
      return "a duration";
    default:
      return tree.value.is_number() ? "a number" : "a text";
  }
}

}  // namespace

int binding_of(std::string_view infix) {
  for (const Infix& i : infixes)
    if (i.text == infix) return i.binding;
  return none;
}

// Counts the recursion, so that a text of brackets cannot exhaust the stack before a tree is made
// of it.
class Parser::Level {
 public:
  explicit Level(Parser& parser) : parser_(parser) {
    if (++parser_.nesting_ > expression_depth_limit)
      parser_.refuse(fmt::format("the expression is nested deeper than {}", limit_text));
  }
  ~Level() { parser_.nesting_--; }
  Level(const Level&) = delete;
  Level& operator=(const Level&) = delete;

 private:
  Parser& parser_;
};

Parser::Parser(const Text& text, std::size_t at) : text_(text), lexer_(text, at), last_end_(at) {
  token_ = lexer_.next();
}

std::unique_ptr<Syntax> Parser::expression() {
  const Level level(*this);
  if (lambda_follows()) return lambda();
  Tree tree = choice();
  return token_.is("where") ? with_condition(std::move(tree)) : std::move(tree);
}

const Token& Parser::end_of_expression() {
  if (token_.kind == Token::Kind::end || token_.is(",")) return token_;
  refuse_known_mistakes();
  if (token_.is(":")) refuse("unexpected ':'; == compares, and = gives a field its value");
  if (token_.kind == Token::Kind::symbol) refuse(fmt::format("unexpected {}", found()));
  const std::string_view before = std::string_view(text_.text).substr(0, token_.position);
  const bool compares = before.find_first_of("=~<>") != before.npos;
  refuse(fmt::format("an operator is missing before {}{}", found(),
                     compares && token_.kind == Token::Kind::word
                         ? "; a text of several words is written in quotes"
                         : ""));
}

void Parser::refuse_known_mistakes() const {
  if (token_.is("=")) refuse_equals();
  if (token_.is("->")) refuse("a lambda can only be a function's argument: map(list, x -> x + 1)");
  if (token_.is("where"))
    refuse(
        "'where' belongs to the call before it; inside a larger expression, put both in "
        "parentheses");
  const std::string small = lower_ascii(token_.spelling);
  if (token_.kind == Token::Kind::word && small != token_.spelling && is_reserved(small))
    refuse(fmt::format("unexpected '{}'; did you mean '{}'?", token_.spelling, small));
  if (token_.kind != Token::Kind::word) return;
  const std::string here =
      operator_here(token_.spelling, std::string_view(text_.text).substr(token_.end()));
  if (!here.empty()) refuse(fmt::format("'{}' is no operator; {}", token_.spelling, here));
}

void Parser::refuse_equals() const {
  const std::string_view before = std::string_view(text_.text).substr(0, token_.position);
  if (before.ends_with("=="))
    refuse("'===' compares nothing; write: ==", token_.position - 2, token_.length + 2);
  refuse("a single '=' does not compare; did you mean '=='?");
}

// Binds least, and to the right.
std::unique_ptr<Syntax> Parser::choice() {
  Tree condition = binary(either);
  if (!token_.is("?")) return condition;
  const Level level(*this);
  Tree tree = node(Syntax::Kind::choice, "?", token_);
  tree->position = condition->position;
  advance();
  adopt(*tree, std::move(condition));
  adopt(*tree, choice());
  expect(":", "expected ':' and what holds otherwise");
  adopt(*tree, choice());
  return tree;
}

std::unique_ptr<Syntax> Parser::binary(int least) {
  Tree left;
  if (token_.is("not")) {
    if (least > negation)
      refuse("'not' binds less than the operator before it; put it in parentheses");
    const Level level(*this);
    left = node(Syntax::Kind::unary, "not", token_);
    advance();
    adopt(*left, binary(negation));
  } else {
    left = unary();
  }
  for (const Infix* infix; (infix = find_infix(token_)) && infix->binding >= least;) {
    Tree tree = node(Syntax::Kind::binary, infix->text, token_);
    tree->position = left->position;
    advance();
    if (infix->text == "not") {
      if (!token_.is("in") && !token_.is("contains"))
        refuse(fmt::format("expected 'in' or 'contains' after 'not', found {}", found()));
      tree->text = fmt::format("not {}", token_.spelling);
      advance();
    }
    adopt(*tree, std::move(left));
    adopt(*tree, binary(infix->binding + 1));
    const Infix* const next = find_infix(token_);
    if (infix->binding == comparison && next && next->binding == comparison)
      refuse(
          "comparisons do not chain: join two with 'and' (a < b and b < c), or put one in "
          "parentheses");
    left = std::move(tree);
  }
  return left;
}

std::unique_ptr<Syntax> Parser::unary() {
  if (!token_.is("-") && !token_.is("!")) return power();
  const Level level(*this);
  Tree tree = node(Syntax::Kind::unary, token_.is("-") ? "-" : "not", token_);
  advance();
  adopt(*tree, unary());
  return tree;
}

std::unique_ptr<Syntax> Parser::power() {
  Tree base = postfix();
  if (!token_.is("**")) return base;
  const Level level(*this);
  Tree tree = node(Syntax::Kind::binary, "**", token_);
  tree->position = base->position;
  advance();
  adopt(*tree, std::move(base));
  adopt(*tree, unary());
  return tree;
}

std::unique_ptr<Syntax> Parser::postfix() {
  Tree tree = primary();
  while (true) {
    if (token_.is("."))
      tree = member(std::move(tree));
    else if (token_.is("["))
      tree = index_or_slice(std::move(tree));
    else
      return tree;
  }
}

std::unique_ptr<Syntax> Parser::member(Tree of) {
  if (const std::string_view what = memberless(*of); !what.empty()) {
    std::string_view hint;
    if (what == "a text") hint = "; a name that needs quotes is written in backquotes: `a b`.c";
    if (what == "a number") hint = "; a point has digits on both sides: 1.0";
    refuse(fmt::format("{} has no members{}", what, hint));
  }
  Tree tree = node(Syntax::Kind::member, "", token_);
  tree->position = of->position;
  advance();
  if (token_.kind == Token::Kind::word)
    tree->text = token_.spelling;
  else if (token_.kind == Token::Kind::quoted_name)
    tree->text = token_.text;
  else
    refuse(fmt::format("expected a name after '.', found {}", found()));
  advance();
  adopt(*tree, std::move(of));
  extend_to_last(*tree);
  return tree;
}

std::unique_ptr<Syntax> Parser::index_or_slice(Tree of) {
  const std::string_view what = memberless(*of);
  if (!what.empty() && what != "a text" && what != "a list")
    refuse(fmt::format("{} has no elements", what));
  Tree tree = node(Syntax::Kind::index, "[]", token_);
  tree->position = of->position;
  advance();
  adopt(*tree, std::move(of));
  Tree from = token_.is(":") ? nullptr : expression();
  if (accept(":")) {
    tree->kind = Syntax::Kind::slice;
    tree->text = "[:]";
    adopt(*tree, std::move(from));
    adopt(*tree, token_.is("]") ? nullptr : expression());
  } else {
    adopt(*tree, std::move(from));
  }
  expect("]", "expected ']'");
  extend_to_last(*tree);
  return tree;
}

std::unique_ptr<Syntax> Parser::with_condition(Tree call) {
  const bool bare =
      call->kind == Syntax::Kind::call && call->position == call->head && !call->where;
  if (!bare) refuse_known_mistakes();
  advance();
  call->where = true;
  adopt(*call, choice());
  return call;
}

bool Parser::is_operator(const Token& token, const Lexer& after) {
  if (!token.is("not")) return find_infix(token) != nullptr;
  const Token next = Lexer(after).next();
  return next.is("in") || next.is("contains");
}

bool Parser::lambda_follows() {
  if (token_.kind == Token::Kind::word) return Lexer(lexer_).next().is("->");
  if (!token_.is("(")) return false;
  Lexer ahead(lexer_);
  for (Token t = ahead.next();; t = ahead.next()) {
    if (t.kind != Token::Kind::word && t.kind != Token::Kind::quoted_name) return false;
    t = ahead.next();
    if (t.is(")")) return ahead.next().is("->");
    if (!t.is(",")) return false;
  }
}

std::unique_ptr<Syntax> Parser::lambda() {
  Tree tree = node(Syntax::Kind::lambda, "->", token_);
  const auto take_name = [&] {
    if (token_.kind == Token::Kind::word && is_reserved(token_.spelling))
      refuse(fmt::format("'{}' means something of its own and cannot name a parameter",
                         token_.spelling));
    const std::string text =
        token_.kind == Token::Kind::word ? std::string(token_.spelling) : token_.text;
    if (std::find(tree->names.begin(), tree->names.end(), text) != tree->names.end())
      refuse(fmt::format("two parameters are called '{}'", text));
    tree->names.push_back(text);
    advance();
  };
  if (accept("(")) {
    do take_name();
    while (accept(","));
    advance();
  } else {
    take_name();
  }
  tree->head = token_.position;
  advance();
  adopt(*tree, expression());
  return tree;
}

void Parser::adopt(Syntax& parent, Tree child) const {
  if (child) {
    parent.depth = std::max(parent.depth, child->depth + 1);
    parent.length = std::max(parent.position + parent.length, child->position + child->length) -
                    parent.position;
  }
  parent.children.push_back(std::move(child));
  check_depth(parent);
}

void Parser::check_depth(const Syntax& tree) const {
  if (tree.depth > expression_depth_limit)
    refuse(
        fmt::format(
            "the expression is nested deeper than {}; a long list of values is written x in [1, 2]",
            limit_text),
        tree.head, 1);
}

std::unique_ptr<Syntax> Parser::leaf(Syntax::Kind kind, const Token& token) const {
  Tree tree = node(kind, token.text, token);
  tree->length = token.length;
  return tree;
}

std::unique_ptr<Syntax> Parser::node(Syntax::Kind kind, std::string_view text,
                                     const Token& head) const {
  auto tree = std::make_unique<Syntax>();
  tree->kind = kind;
  tree->text = text;
  tree->position = tree->head = head.position;
  tree->length = head.length;
  return tree;
}

void Parser::advance() {
  last_end_ = token_.end();
  token_ = lexer_.next();
}

bool Parser::accept(std::string_view symbol_or_word) {
  if (!token_.is(symbol_or_word)) return false;
  advance();
  return true;
}

void Parser::expect(std::string_view symbol, std::string_view message) {
  if (accept(symbol)) return;
  refuse_known_mistakes();
  refuse(fmt::format("{}, found {}", message, found()));
}

std::string Parser::found() const {
  return token_.kind == Token::Kind::end ? "the end"
                                         : fmt::format("'{}'", visible(token_.spelling, 40));
}

void Parser::refuse(std::string_view message) const {
  refuse(message, token_.position, std::max<std::size_t>(token_.length, 1));
}

void Parser::refuse(std::string_view message, std::size_t position, std::size_t length) const {
  throw usage_error_at(fmt::format("{}: {}", text_.stage, message), text_.text, position, length);
}

}  // namespace riffle
