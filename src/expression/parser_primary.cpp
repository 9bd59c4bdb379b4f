// What stands between operators: literals, names, calls, brackets.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "expression/parser.h"
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
  if (token_.is("=")) refuse("a single '=' does not compare; did you mean '=='?");
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
  if (!is_reserved(token_.spelling)) return name();
  const std::string_view spelling = token_.spelling;
  if (spelling != "true" && spelling != "false" && spelling != "null")
    refuse(fmt::format("expected a value, found '{0}'; a field of that name is written `{0}`",
                       spelling));
  Tree tree = leaf(Syntax::Kind::literal, token_);
  tree->raw = spelling;
  tree->value = spelling == "null" ? null_value() : boolean_value(spelling == "true");
  advance();
  return tree;
}

std::unique_ptr<Syntax> Parser::name() {
  const Token first = token_;
  advance();
  if (first.kind == Token::Kind::word && token_.is("(")) return call(first);
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
  if (token_.is("("))
    refuse(fmt::format(
               "'{}' is no function; one is called with its argument in parentheses: length(path)",
               tree->name.literal),
           tree->position, tree->length);
  return tree;
}

std::unique_ptr<Syntax> Parser::call(const Token& function) {
  Tree tree = node(Syntax::Kind::call, function.spelling, function);
  advance();
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

std::unique_ptr<Syntax> Parser::map() {
  Tree tree = node(Syntax::Kind::map, "{}", token_);
  const auto take_member = [&] {
    std::string key = token_.text;
    if (token_.kind == Token::Kind::word)
      key = token_.spelling;
    else if (token_.kind != Token::Kind::quoted_name && token_.kind != Token::Kind::text)
      refuse(
          fmt::format("expected a key, found {}; a map is written {{a: 1, \"b c\": 2}}", found()));
    if (token_.unknown_escape) refuse("the key has an escape that JSON lacks");
    if (std::find(tree->names.begin(), tree->names.end(), key) != tree->names.end())
      refuse(fmt::format("the key '{}' stands twice", key));
    tree->names.push_back(std::move(key));
    advance();
    expect(":", "expected ':' after the key");
    adopt(*tree, expression());
  };
  advance();
  if (!accept("}")) {
    do take_member();
    while (accept(","));
    expect("}", "expected ',' or '}'");
  }
  extend_to_last(*tree);
  return tree;
}

}  // namespace riffle
