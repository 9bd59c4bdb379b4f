// What stands between operators: literals, names, calls, brackets.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expression/foreign_words.h"
#include "expression/parser.h"
#include "functions/function.h"
#include "values/error.h"

namespace riffle {
namespace {

void join(Name& name, std::string_view step) {
  if (!name.path.empty()) name.literal += '.';
  name.literal += step;
  name.path.emplace_back(step);
}

}  // namespace

std::unique_ptr<Syntax> Parser::primary() {
  switch (token_.kind) {
    case Token::Kind::literal:
    case Token::Kind::text:
      return literal();
    case Token::Kind::word:
      return word();
    case Token::Kind::quoted_name:
      return name();
    case Token::Kind::argument: {
      Tree tree = leaf(Syntax::Kind::argument, token_);
      advance();
      return tree;
    }
    default:
      break;
  }
  if (token_.is("(")) return parenthesised();
  if (token_.is("[")) return list();
  if (token_.is("{")) return map();
  refuse_value();
}

void Parser::refuse_value() const {
  if (token_.is("=")) refuse_equals();
  const std::string_view before = std::string_view(text_.text).substr(0, token_.position);
  if (token_.is(">") && before.ends_with("<"))
    refuse("'<>' compares nothing; write: !=", token_.position - 1, 2);
  const Token next = Lexer(lexer_).next();
  const bool is_name = next.kind == Token::Kind::word && next.position == token_.end();
  if (token_.is(".") && is_name)
    refuse(fmt::format("a field is written without a point before it: {}", next.spelling));
  if (token_.is("/")) refuse("expected a value, found '/'; a regex or a path is written in quotes");
  const bool is_infix = token_.kind == Token::Kind::symbol && binding_of(token_.spelling) != none;
  if (is_infix && before.find_first_not_of(" \t\r\n") == before.npos)
    refuse(
        fmt::format("a value is missing before {}; a $name in double quotes is the shell's: "
                    "write the expression in single quotes",
                    found()));
  refuse(fmt::format("expected a value, found {}", found()));
}

std::unique_ptr<Syntax> Parser::literal() {
  Tree tree = leaf(Syntax::Kind::literal, token_);
  tree->raw = token_.spelling;
  tree->value = token_.value;
  if (token_.kind == Token::Kind::text)
    tree->value = token_.unknown_escape ? Value{} : text_value(tree->text);
  if (tree->value.kind == Kind::text && token_.kind == Token::Kind::literal)
    tree->value = text_value(tree->raw);
  advance();
  return tree;
}

std::unique_ptr<Syntax> Parser::word() {
  return is_reserved(token_.spelling) ? reserved_word() : name();
}

std::unique_ptr<Syntax> Parser::reserved_word() {
  const std::string_view spelling = token_.spelling;
  const bool is_call = Lexer(lexer_).next().is("(");
  if (is_call && spelling == "contains") return call_of_contains();
  if (is_call && spelling == "in") refuse("'in' stands between its sides; write: x in [1, 2]");
  if (spelling != "true" && spelling != "false" && spelling != "null")
    refuse(fmt::format("expected a value, found '{0}'; a field of that name is written `{0}`",
                       spelling));
  Tree tree = leaf(Syntax::Kind::literal, token_);
  tree->raw = spelling;
  tree->value = spelling == "null" ? null_value() : boolean_value(spelling == "true");
  advance();
  return tree;
}

// contains(text, part), as starts_with() is called: the operator.
std::unique_ptr<Syntax> Parser::call_of_contains() {
  Tree tree = node(Syntax::Kind::binary, "contains", token_);
  advance();
  advance();
  if (token_.is(")")) refuse("contains() takes 2 arguments: contains(text, part)");
  adopt(*tree, expression());
  if (!token_.is(",")) refuse("contains() takes 2 arguments: contains(text, part)");
  advance();
  adopt(*tree, expression());
  expect(")", "expected ')'; contains() takes 2 arguments: contains(text, part)");
  extend_to_last(*tree);
  return tree;
}

std::unique_ptr<Syntax> Parser::name() {
  const Token first = token_;
  advance();
  if (first.kind == Token::Kind::word) refuse_word_of_sql(first);
  return first.kind == Token::Kind::word && token_.is("(") ? call(first) : path(first);
}

std::unique_ptr<Syntax> Parser::path(const Token& first) {
  Tree tree = node(Syntax::Kind::name, "", first);
  join(tree->name, first.kind == Token::Kind::word ? first.spelling : std::string_view(first.text));
  while (accept(".")) {
    if (token_.kind == Token::Kind::word)
      join(tree->name, token_.spelling);
    else if (token_.kind == Token::Kind::quoted_name)
      join(tree->name, token_.text);
    else
      refuse(fmt::format("expected a name after '.', found {}", found()));
    advance();
  }
  extend_to_last(*tree);
  check_steps(tree->name, text_);
  if (token_.is("(")) refuse_method(*tree);
  return tree;
}

// `NOT x`, `case when`: words that would be fields, with a value right after them.
void Parser::refuse_word_of_sql(const Token& word) const {
  const bool value_follows =
      !is_operator(token_, lexer_) &&
      (token_.kind == Token::Kind::word || token_.kind == Token::Kind::quoted_name ||
       token_.kind == Token::Kind::text || token_.kind == Token::Kind::literal || token_.is("("));
  const std::string_view spelling = word.spelling;
  if (spelling == "NOT" && value_follows)
    refuse("'NOT' is no operator; write: not", word.position, word.length);
  const bool is_choice =
      spelling == "case" || spelling == "CASE" || spelling == "if" || spelling == "IF";
  if (is_choice && value_follows && !token_.is("("))
    refuse(fmt::format("'{}' is no operator; {}", spelling, operator_here(spelling, {})),
           word.position, word.length);
}

// `message.lower()`, `message.str.contains("x")`
void Parser::refuse_method(const Syntax& name) {
  const std::string& last = name.name.path.back();
  Name object = name.name;
  object.path.pop_back();
  if (!object.path.empty() && object.path.back() == "str") object.path.pop_back();
  const std::string of = fmt::format("{}", fmt::join(object.path, "."));
  std::string hint = "one is called with its argument in parentheses: length(path)";
  if (last == "contains" && !of.empty())
    hint = fmt::format("write: {} contains \"part\"", of);
  else if (find_function(last) && !of.empty())
    hint = fmt::format("write: {}({})", last, of);
  else if (const std::string_view here = function_here(last); !here.empty())
    hint = fmt::format("write: {}", here);
  refuse(fmt::format("'{}' is no function; {}", name.name.literal, hint), name.position,
         name.length);
}

// SQL's count(*) and count(distinct x).
void Parser::refuse_foreign_count() const {
  if (token_.is("*")) refuse("records are counted by count()");
  if (!token_.is("distinct") && !token_.is("DISTINCT")) return;
  Lexer after(lexer_);
  const Token next = after.next();
  if (is_operator(next, after)) return;
  if (next.kind == Token::Kind::word || next.kind == Token::Kind::quoted_name)
    refuse(fmt::format("different values are counted by distinct({})", next.spelling));
}

std::unique_ptr<Syntax> Parser::call(const Token& function) {
  Tree tree = node(Syntax::Kind::call, function.spelling, function);
  advance();
  if (function.spelling == "count" || function.spelling == "COUNT") refuse_foreign_count();
  if (!accept(")")) {
    do adopt(*tree, expression());
    while (accept(","));
    expect(")", "expected ',' or ')'");
  }
  extend_to_last(*tree);
  return tree;
}

std::unique_ptr<Syntax> Parser::parenthesised() {
  const std::size_t open = token_.position;
  advance();
  if (token_.is(")")) refuse("expected a value, found ')'");
  Tree tree = expression();
  if (token_.is(",")) refuse("expected ')', found ','; a list is written [1, 2]");
  expect(")", "expected ')'");
  tree->position = open;
  extend_to_last(*tree);
  return tree;
}

std::unique_ptr<Syntax> Parser::list() {
  Tree tree = node(Syntax::Kind::list, "[]", token_);
  advance();
  if (!accept("]")) {
    do adopt(*tree, expression());
    while (accept(","));
    expect("]", "expected ',' or ']'");
  }
  extend_to_last(*tree);
  return tree;
}

void Parser::take_key(Syntax& map) {
  std::string key = token_.text;
  if (token_.kind == Token::Kind::word)
    key = token_.spelling;
  else if (token_.kind != Token::Kind::quoted_name && token_.kind != Token::Kind::text)
    refuse(fmt::format("expected a key, found {}; a map is written {{a: 1, \"b c\": 2}}", found()));
  if (token_.unknown_escape) refuse("the key has an escape that JSON lacks");
  if (std::find(map.names.begin(), map.names.end(), key) != map.names.end())
    refuse(fmt::format("the key '{}' stands twice", key));
  map.names.push_back(std::move(key));
  advance();
  expect(":", "expected ':' after the key");
}

std::unique_ptr<Syntax> Parser::map() {
  Tree tree = node(Syntax::Kind::map, "{}", token_);
  advance();
  if (!accept("}")) {
    do {
      take_key(*tree);
      adopt(*tree, expression());
    } while (accept(","));
    expect("}", "expected ',' or '}'");
  }
  extend_to_last(*tree);
  return tree;
}

}  // namespace riffle
