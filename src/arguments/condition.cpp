#include "arguments/condition.h"

#include <memory>

#include "expression/syntax.h"
#include "values/error.h"

namespace riffle {
namespace {

// Null: it is no expression.
std::unique_ptr<Syntax> parsed(const std::string& text) {
  try {
    return parse_expression(std::make_shared<const Text>(Text{{}, text}));
  } catch (const Error&) {
    return nullptr;
  }
}

bool is_one_of(const Syntax& tree, std::string_view operators) {
  return tree.kind == Syntax::Kind::binary &&
         operators.find(" " + tree.text + " ") != operators.npos;
}

}  // namespace

bool is_condition(const std::string& text) {
  if (text.find_first_of(" 0123456789'\"") == text.npos) return false;
  const auto tree = parsed(text);
  return tree && is_one_of(*tree, " == != < <= > >= =~ !~ and or in contains not in not contains ");
}

std::optional<std::string> with_lost_quotes(const std::string& text) {
  const auto tree = parsed(text);
  if (!tree) return std::nullopt;
  const bool compares = is_one_of(*tree, " == != contains ");
  if (!compares || tree->children[1]->kind != Syntax::Kind::name) return text;
  std::string whole = text;
  return whole.insert(tree->children[1]->position, "\"").append("\"");
}

}  // namespace riffle
