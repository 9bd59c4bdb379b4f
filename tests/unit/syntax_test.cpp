#include "expression/syntax.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "values/error.h"

using namespace riffle;

namespace {

using Tree = std::unique_ptr<Syntax>;

Tree parse(const std::string& expression) {
  return parse_expression(std::make_shared<const Text>(Text{"filter", expression}));
}

std::string mistake(const std::string& expression) {
  try {
    parse(expression);
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    return error.what();
  }
  return "no mistake";
}

// The tree with every pair of parentheses, without positions.
std::string shown(const Syntax& tree) {
  std::string out;
  const auto children = [&] {
    for (const Tree& child : tree.children) out += fmt::format(" {}", child ? shown(*child) : "~");
    out += ')';
  };
  switch (tree.kind) {
    case Syntax::Kind::literal:
      return tree.raw;
    case Syntax::Kind::name:
      return fmt::format("<{}>", fmt::join(tree.name.path, "|"));
    case Syntax::Kind::argument:
      return "$" + tree.text;
    case Syntax::Kind::unary:
      out = "(u" + tree.text;
      break;
    case Syntax::Kind::binary:
      out = "(" + tree.text;
      break;
    case Syntax::Kind::choice:
      out = "(?";
      break;
    case Syntax::Kind::member:
      out = "(." + tree.text;
      break;
    case Syntax::Kind::index:
      out = "(index";
      break;
    case Syntax::Kind::slice:
      out = "(slice";
      break;
    case Syntax::Kind::call:
      out = fmt::format("({}{}", tree.where ? "where " : "", tree.text + "()");
      break;
    case Syntax::Kind::list:
      out = "(list";
      break;
    case Syntax::Kind::map:
      out = fmt::format("(map[{}]", fmt::join(tree.names, ","));
      break;
    case Syntax::Kind::lambda:
      out = fmt::format("(lambda[{}]", fmt::join(tree.names, ","));
      break;
  }
  children();
  return out;
}

std::string tree_of(const std::string& expression) { return shown(*parse(expression)); }

// Random trees, as the parser could have made them.
class Trees {
 public:
  explicit Trees(unsigned seed) : random_(seed) {}

  Tree any(int depth) {
    if (depth == 0 || chance(8)) return leaf();
    switch (below(10)) {
      case 0:
        return with(Syntax::Kind::unary, chance(2) ? "-" : "not", any(depth - 1));
      case 1:
        return with(Syntax::Kind::choice, "?", any(depth - 1), any(depth - 1), any(depth - 1));
      case 2:
        return with(Syntax::Kind::member, step(), base(depth));
      case 3:
        return with(Syntax::Kind::index, "[]", base(depth), any(depth - 1));
      case 4:
        return with(Syntax::Kind::slice, "[:]", base(depth), end(depth), end(depth));
      case 5:
        return call(depth);
      case 6:
        return with(Syntax::Kind::list, "[]", any(depth - 1), any(depth - 1));
      case 7:
        return map(depth);
      default:
        return binary(depth);
    }
  }

 private:
  unsigned below(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random_); }
  bool chance(unsigned one_in) { return below(one_in) == 0; }

  template <std::size_t N>
  std::string one_of(const char* const (&words)[N]) {
    return words[below(N)];
  }

  std::string step() {
    return one_of({"a", "b_2", "café", "odd name", "in", "x`y", "a.b", "where", "1st"});
  }

  Tree node(Syntax::Kind kind, std::string text) {
    auto tree = std::make_unique<Syntax>();
    tree->kind = kind;
    tree->text = std::move(text);
    return tree;
  }

  template <typename... Children>
  Tree with(Syntax::Kind kind, std::string text, Children... children) {
    Tree tree = node(kind, std::move(text));
    (tree->children.push_back(std::move(children)), ...);
    return tree;
  }

  Tree leaf() {
    if (chance(6)) return node(Syntax::Kind::argument, "arg");
    if (chance(2)) return name();
    // Parsed, for the value that goes with the spelling.
    return parse(
        one_of({"1", "2.5", "1e9", "'x'", "\"a\\\"b\"", "r\"\\d+\"", "true", "null", "1h30m",
                "@2026-01-31", "@2026-01-31T10:00", "@2026-01-31T10:00:00.5+02:00", "1mo"}));
  }

  Tree name() {
    Tree tree = node(Syntax::Kind::name, "");
    for (unsigned n = below(3) + 1; n > 0; n--) tree->name.path.push_back(step());
    return tree;
  }

  // What may have members and elements.
  Tree base(int depth) {
    Tree tree = any(depth - 1);
    const bool is_bare = tree->kind == Syntax::Kind::literal || tree->kind == Syntax::Kind::list;
    return is_bare ? name() : std::move(tree);
  }

  Tree end(int depth) { return chance(3) ? nullptr : any(depth - 1); }

  Tree binary(int depth) {
    std::string op = one_of(
        {"or",     "and",      "==",           "!=", "<", "<=", ">", ">=", "=~", "!~", "in",
         "not in", "contains", "not contains", "??", "+", "-",  "*", "/",  "//", "%",  "**"});
    return with(Syntax::Kind::binary, std::move(op), any(depth - 1), any(depth - 1));
  }

  Tree call(int depth) {
    Tree tree = node(Syntax::Kind::call, one_of({"f", "round", "where"}));
    for (unsigned n = below(3); n > 0; n--)
      tree->children.push_back(chance(4) ? lambda(depth) : any(depth - 1));
    if (chance(4)) {
      tree->where = true;
      tree->children.push_back(any(depth - 1));
    }
    return tree;
  }

  Tree lambda(int depth) {
    Tree tree = node(Syntax::Kind::lambda, "->");
    tree->names =
        chance(2) ? std::vector<std::string>{"x"} : std::vector<std::string>{"odd name", "y"};
    tree->children.push_back(any(depth - 1));
    return tree;
  }

  Tree map(int depth) {
    Tree tree = node(Syntax::Kind::map, "{}");
    tree->names = {"a", "b \"c\""};
    for (int i = 0; i < 2; i++) tree->children.push_back(any(depth - 1));
    return tree;
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("operators bind as the language says") {
  CHECK(tree_of("a or b and not c == d ?? e + f * -g ** h") ==
        "(or <a> (and <b> (unot (== <c> (?? <d> (+ <e> (* <f> (u- (** <g> <h>)))))))))");
  CHECK(tree_of("ua ?? '' contains 'bot'") == "(contains (?? <ua> '') 'bot')");
  CHECK(tree_of("a - b - c") == "(- (- <a> <b>) <c>)");
  CHECK(tree_of("a ** b ** c") == "(** <a> (** <b> <c>))");
  CHECK(tree_of("-2 ** 2") == "(u- (** 2 2))");
  CHECK(tree_of("2 ** -1") == "(** 2 (u- 1))");
  CHECK(tree_of("!a == b") == "(== (unot <a>) <b>)");
  CHECK(tree_of("not a == b") == "(unot (== <a> <b>))");
  CHECK(tree_of("not a and b") == "(and (unot <a>) <b>)");
  CHECK(tree_of("a && b || c") == "(or (and <a> <b>) <c>)");
  CHECK(tree_of("a ? b : c ? d : e") == "(? <a> <b> (? <c> <d> <e>))");
  CHECK(tree_of("a or b ? c or d : e") == "(? (or <a> <b>) (or <c> <d>) <e>)");
  CHECK(tree_of("a not in b and c not contains d") ==
        "(and (not in <a> <b>) (not contains <c> <d>))");
  CHECK(tree_of("-a.b[0]") == "(u- (index <a|b> 0))");
}

TEST_CASE("names are paths, members stand behind anything else") {
  CHECK(tree_of("user.name") == "<user|name>");
  CHECK(tree_of("`user.name`") == "<user.name>");
  CHECK(tree_of("user.`first name`.x") == "<user|first name|x>");
  CHECK(parse("user.`a.b`")->name.literal == "user.a.b");
  CHECK(tree_of("tags[0].x.y") == "(.y (.x (index <tags> 0)))");
  CHECK(tree_of("(user).name") == "(.name <user>)");
  CHECK(tree_of("user.in") == "<user|in>");
  CHECK(tree_of("where == 1") == "(== <where> 1)");
}

TEST_CASE("brackets index and slice") {
  CHECK(tree_of("x[1:]") == "(slice <x> 1 ~)");
  CHECK(tree_of("x[:-1]") == "(slice <x> ~ (u- 1))");
  CHECK(tree_of("x[:]") == "(slice <x> ~ ~)");
  CHECK(tree_of("x[a ? 1 : 2:3]") == "(slice <x> (? <a> 1 2) 3)");
}

TEST_CASE("lists, maps, arguments and lambdas") {
  CHECK(tree_of("[1, 'a', []]") == "(list 1 'a' (list))");
  CHECK(tree_of("{a: 1, 'b c': x, `d`: {}}") == "(map[a,b c,d] 1 <x> (map[]))");
  CHECK(tree_of("map(list, x -> x + $n)") == "(map() <list> (lambda[x] (+ <x> $n)))");
  CHECK(tree_of("reduce(l, 0, (a, x) -> a + x)") == "(reduce() <l> 0 (lambda[a,x] (+ <a> <x>)))");
  CHECK(tree_of("f((a), (b))") == "(f() <a> <b>)");
}

TEST_CASE("where belongs to the call before it and reaches to the comma") {
  CHECK(tree_of("count() where a >= 1 or b") == "(where count() (or (>= <a> 1) <b>))");
  CHECK(tree_of("(count() where a) / count()") == "(/ (where count() <a>) (count()))");
  CHECK(tree_of("round(sum(x) where y, 1)") == "(round() (where sum() <x> <y>) 1)");
  CHECK_THAT(mistake("1 + count() where a"),
             Catch::Contains("inside a larger expression, put both in parentheses"));
  CHECK_THAT(mistake("x where a"), Catch::Contains("'where' belongs to the call before it"));
}

TEST_CASE("mistakes name what is wrong, with a caret") {
  CHECK(mistake("status = 500") ==
        "filter: a single '=' does not compare; did you mean '=='?\n"
        "  status = 500\n"
        "         ^");
  CHECK_THAT(mistake("a < b < c"),
             Catch::Contains("comparisons do not chain") && Catch::Contains("\n"
                                                                            "        ^"));
  CHECK_THAT(mistake("a == b in c"), Catch::Contains("comparisons do not chain"));
  CHECK_THAT(mistake("f(a = b)"), Catch::Contains("did you mean '=='?"));
  CHECK_THAT(mistake("a AND b"), Catch::Contains("unexpected 'AND'; did you mean 'and'?"));
  CHECK_THAT(mistake("(a OR b)"), Catch::Contains("did you mean 'or'?"));
  CHECK_THAT(mistake("a b"), Catch::Contains("an operator is missing before 'b'"));
  CHECK_THAT(mistake("a +"), Catch::Contains("expected a value, found the end"));
  CHECK_THAT(mistake(""), Catch::Contains("expected a value, found the end"));
  CHECK_THAT(mistake("(a"), Catch::Contains("expected ')', found the end"));
  CHECK_THAT(mistake("a)"), Catch::Contains("unexpected ')'"));
  CHECK_THAT(mistake("a in (1, 2)"), Catch::Contains("a list is written [1, 2]"));
  CHECK_THAT(mistake("a, b"), Catch::Contains("unexpected ','"));
  CHECK_THAT(mistake("in == 1"), Catch::Contains("a field of that name is written `in`"));
  CHECK_THAT(mistake("a + not b"), Catch::Contains("put it in parentheses"));
  CHECK_THAT(mistake("a not b"), Catch::Contains("expected 'in' or 'contains' after 'not'"));
  CHECK_THAT(mistake("{a: 1, a: 2}"), Catch::Contains("the key 'a' stands twice"));
  CHECK_THAT(mistake("f((x, x) -> x)"), Catch::Contains("two parameters are called 'x'"));
  CHECK_THAT(mistake("a ? b"), Catch::Contains("expected ':'"));
  CHECK_THAT(mistake("1.e3 + a"),
             Catch::Contains("a number has no members; a point has digits on both sides: 1.0"));
  CHECK_THAT(mistake("\"a\".b"), Catch::Contains("a text has no members"));
  CHECK_THAT(mistake("(2)[0]"), Catch::Contains("a number has no elements"));
  CHECK_THAT(mistake("a.length()"), Catch::Contains("'a.length' is no function"));
}

TEST_CASE("an expression is at most 1,000 levels deep") {
  const auto repeated = [](const std::string& what, int n) {
    std::string out;
    for (int i = 0; i < n; i++) out += what;
    return out;
  };
  CHECK_NOTHROW(parse(repeated("(", 900) + "a" + repeated(")", 900)));
  CHECK_NOTHROW(parse("a" + repeated(" + a", 990)));
  const std::string message = "nested deeper than 1,000";
  CHECK_THAT(mistake(repeated("(", 100000)), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("[", 100000)), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("-", 100000) + "a"), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("not ", 100000) + "a"), Catch::Contains(message));
  CHECK_THAT(mistake("a" + repeated(" or a", 100000)), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("a ** ", 100000) + "a"), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("a ? b : ", 100000) + "a"), Catch::Contains(message));
  CHECK_THAT(mistake(repeated("x -> ", 100000) + "a"), Catch::Contains(message));
  CHECK_THAT(mistake("a[0]" + repeated("[0]", 100000)), Catch::Contains(message));
}

TEST_CASE("positions cover an operation with its parentheses") {
  const Tree tree = parse(" (a + b) * length(c) ");
  CHECK(tree->position == 1);
  CHECK(tree->length == 19);
  CHECK(tree->head == 9);
  CHECK(tree->children[0]->position == 1);
  CHECK(tree->children[0]->length == 7);
  CHECK(tree->children[1]->head == 11);
  CHECK(tree->children[1]->length == 9);
}

TEST_CASE("print writes the parentheses that the meaning needs, and no more") {
  const auto printed = [](const std::string& expression) { return print(*parse(expression)); };
  CHECK(printed("((a)) + (b * c)") == "a + b * c");
  CHECK(printed("(a + b) * c") == "(a + b) * c");
  CHECK(printed("a - (b - c)") == "a - (b - c)");
  CHECK(printed("(-2) ** 2") == "(-2) ** 2");
  CHECK(printed("!(a && b)") == "not (a and b)");
  CHECK(printed("x[1:]") == "x[1:]");
  CHECK(printed("(count() where a) / count()") == "(count() where a) / count()");
  CHECK(printed("`in`.`b c`") == "`in`.`b c`");
  CHECK(printed("`a\u2019b`.`c\u00e9`") == "`a\u2019b`.c\u00e9");
  CHECK(printed("x =~ \"\\d+\"") == "x =~ \"\\d+\"");
}

TEST_CASE("law: parsing what print wrote gives the same tree") {
  Trees trees(20260131);
  for (int i = 0; i < 20000; i++) {
    const Tree tree = trees.any(1 + i % 5);
    const std::string text = print(*tree);
    INFO(text);
    const Tree again = parse(text);
    REQUIRE(shown(*again) == shown(*tree));
    REQUIRE(print(*again) == text);
  }
}
