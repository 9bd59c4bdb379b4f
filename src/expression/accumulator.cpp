#include "expression/accumulator.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace riffle {
namespace {

using Children = std::span<const std::unique_ptr<Syntax>>;

bool is_parameter(const Syntax& tree, std::string_view name) {
  return tree.kind == Syntax::Kind::name && !tree.name.is_path() && tree.name.path[0] == name;
}

bool mentions(const Syntax& tree, std::string_view name) {
  if (tree.kind == Syntax::Kind::name && tree.name.path[0] == name) return true;
  return std::any_of(tree.children.begin(), tree.children.end(),
                     [&](const auto& child) { return child && mentions(*child, name); });
}

// It gives a part of its first operand, or something else than it; not the whole.
bool gives_a_part(const Syntax& tree) {
  constexpr std::array<std::string_view, 4> functions = {"get", "has", "length", "keys"};
  return tree.kind == Syntax::Kind::index || tree.kind == Syntax::Kind::member ||
         (tree.kind == Syntax::Kind::call && !tree.children.empty() &&
          std::find(functions.begin(), functions.end(), tree.text) != functions.end());
}

bool only_looks_into(const Syntax& tree, std::string_view name) {
  if (tree.kind == Syntax::Kind::name) return !is_parameter(tree, name);
  Children children = tree.children;
  if (gives_a_part(tree) && is_parameter(*children[0], name)) children = children.subspan(1);
  return std::all_of(children.begin(), children.end(),
                     [&](const auto& child) { return !child || only_looks_into(*child, name); });
}

bool gives_it_changed(const Syntax& tree, std::string_view name) {
  if (is_parameter(tree, name)) return true;
  if (tree.kind == Syntax::Kind::choice)
    return only_looks_into(*tree.children[0], name) && gives_it_changed(*tree.children[1], name) &&
           gives_it_changed(*tree.children[2], name);
  const bool changes =
      tree.kind == Syntax::Kind::call && (tree.text == "set" || tree.text == "merge");
  if (!changes || tree.children.empty() || !gives_it_changed(*tree.children[0], name)) return false;
  // What is computed after the first change must not see it.
  const bool is_first = is_parameter(*tree.children[0], name);
  return std::all_of(tree.children.begin() + 1, tree.children.end(), [&](const auto& child) {
    return is_first ? only_looks_into(*child, name) : !mentions(*child, name);
  });
}

}  // namespace

bool changes_accumulator_alone(const Syntax& lambda) {
  return gives_it_changed(*lambda.children[0], lambda.names[0]);
}

}  // namespace riffle
