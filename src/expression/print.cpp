#include <fmt/format.h>

#include <string>

#include "expression/lexer.h"
#include "expression/parser.h"
#include "expression/syntax.h"
#include "values/calendar.h"
#include "values/json.h"

namespace riffle {
namespace {

// Besides Binding: what binds less than every infix operator, and more.
constexpr int open_ended = -1, choosing = 0, with_sign = 8, raised = 9, tight = 10;

int binding_of(const Syntax& tree) {
  switch (tree.kind) {
    case Syntax::Kind::lambda:
      return open_ended;
    case Syntax::Kind::call:
      return tree.where ? open_ended : tight;
    case Syntax::Kind::choice:
      return choosing;
    case Syntax::Kind::unary:
      return tree.text == "-" ? with_sign : negation;
    case Syntax::Kind::binary:
      return tree.text == "**" ? raised : riffle::binding_of(tree.text);
    default:
      return tight;
  }
}

std::string quoted_step(std::string_view step) {
  if (is_word(step) && !is_reserved(step)) return std::string(step);
  std::string out = "`";
  for (const char c : step) out.append(c == '`' ? 2 : 1, c);
  return out + '`';
}

class Printer {
 public:
  std::string out;

  void print(const Syntax& tree, int least) {
    const bool parentheses = binding_of(tree) < least;
    if (parentheses) out += '(';
    print_bare(tree);
    if (parentheses) out += ')';
  }

 private:
  void print_bare(const Syntax& tree) {
    switch (tree.kind) {
      case Syntax::Kind::literal:
        return print_literal(tree);
      case Syntax::Kind::name:
        out += riffle::print(tree.name);
        return;
      case Syntax::Kind::argument:
        out.append("$").append(tree.text);
        return;
      case Syntax::Kind::unary:
        return print_unary(tree);
      case Syntax::Kind::binary:
        return print_binary(tree);
      case Syntax::Kind::choice:
        print(*tree.children[0], either);
        out += " ? ";
        print(*tree.children[1], choosing);
        out += " : ";
        print(*tree.children[2], choosing);
        return;
      case Syntax::Kind::member:
        print_base(*tree.children[0], true);
        out.append(".").append(quoted_step(tree.text));
        return;
      case Syntax::Kind::index:
      case Syntax::Kind::slice:
        return print_index_or_slice(tree);
      case Syntax::Kind::call:
        return print_call(tree);
      case Syntax::Kind::list:
        return print_list(tree, "[", "]");
      case Syntax::Kind::map:
        return print_list(tree, "{", "}");
      case Syntax::Kind::lambda:
        return print_lambda(tree);
    }
  }

  void print_literal(const Syntax& tree) {
    if (!tree.raw.empty())
      out += tree.raw;
    else if (tree.value.kind == Kind::time)
      out += '@' + time_text(tree.value.integer);
    else if (tree.value.kind == Kind::duration)
      out += fmt::format("{}ns", tree.value.integer);
    else
      out += json_text(tree.value);
  }

  void print_unary(const Syntax& tree) {
    out += tree.text == "-" ? "-" : "not ";
    print(*tree.children[0], binding_of(tree));
  }

  void print_binary(const Syntax& tree) {
    const int binding = binding_of(tree);
    int left = binding, right = binding + 1;
    if (binding == comparison) left++;
    if (binding == raised) left = tight, right = with_sign;
    print(*tree.children[0], left);
    out.append(" ").append(tree.text).append(" ");
    print(*tree.children[1], right);
  }

  // Numbers, times and durations take what follows them for their own; a name takes a member for a
  // step of its path.
  void print_base(const Syntax& base, bool for_member) {
    const bool takes_more = (base.kind == Syntax::Kind::literal && base.value.kind != Kind::text) ||
                            (for_member && base.kind == Syntax::Kind::name);
    if (takes_more) out += '(';
    print(base, takes_more ? open_ended : tight);
    if (takes_more) out += ')';
  }

  void print_index_or_slice(const Syntax& tree) {
    print_base(*tree.children[0], false);
    out += '[';
    if (tree.children[1]) print(*tree.children[1], open_ended);
    if (tree.kind == Syntax::Kind::slice) {
      const bool plain = !tree.children[1] || tree.children[1]->value.is_number();
      out += plain ? ":" : " : ";  // a time would take the colon for its own
      if (tree.children[2]) print(*tree.children[2], open_ended);
    }
    out += ']';
  }

  void print_call(const Syntax& tree) {
    const std::size_t arguments = tree.children.size() - (tree.where ? 1 : 0);
    out.append(tree.text).append("(");
    for (std::size_t i = 0; i < arguments; i++) {
      if (i > 0) out += ", ";
      print(*tree.children[i], open_ended);
    }
    out += ')';
    if (!tree.where) return;
    out += " where ";
    print(*tree.children.back(), choosing);
  }

  void print_list(const Syntax& tree, std::string_view open, std::string_view close) {
    out += open;
    for (std::size_t i = 0; i < tree.children.size(); i++) {
      if (i > 0) out += ", ";
      if (tree.kind == Syntax::Kind::map) {
        if (is_word(tree.names[i]))
          out += tree.names[i];
        else
          out += json_string(tree.names[i]);
        out += ": ";
      }
      print(*tree.children[i], open_ended);
    }
    out += close;
  }

  void print_lambda(const Syntax& tree) {
    const bool several = tree.names.size() > 1 || !is_word(tree.names[0]);
    if (several) out += '(';
    for (std::size_t i = 0; i < tree.names.size(); i++)
      out.append(i > 0 ? ", " : "").append(quoted_step(tree.names[i]));
    out += several ? ") -> " : " -> ";
    print(*tree.children[0], open_ended);
  }
};

}  // namespace

std::string print(const Syntax& syntax) {
  Printer printer;
  printer.print(syntax, open_ended);
  return std::move(printer.out);
}

std::string print(const Name& name) {
  std::string out;
  for (std::size_t i = 0; i < name.path.size(); i++)
    out.append(i > 0 ? "." : "").append(quoted_step(name.path[i]));
  return out;
}

}  // namespace riffle
