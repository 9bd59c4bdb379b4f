// The syntax of expressions: text -> tree with positions. Knows no fields, functions or kinds;
// check.h does.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/name.h"
#include "values/value.h"

namespace riffle {

// The text that a tree came from, for messages: "filter", and what its user wrote.
struct Text {
  std::string stage;
  std::string text;
};

struct Syntax {
  enum class Kind {
    literal,   // value (a text's points into `text`), spelled `raw`
    name,      // name
    argument,  // $text: --arg
    unary,     // text: the operator ("-", "not"); children: operand
    binary,    // text: the operator ("+", "not in", "and", "??", ...); children: left, right
    choice,    // children: condition, then, else
    member,    // children[0] .text
    index,     // children: of, at
    slice,     // children: of, from, to; an open end is a null pointer
    call,      // text(children); `where`: children.back() is its condition
    list,      // children
    map,       // children; names[i]: children[i]
    lambda,    // names -> children[0]
  };
  Kind kind = Kind::literal;
  std::size_t position = 0, length = 0;  // in Text::text, parentheses around it included
  std::size_t head = 0;                  // where the function's name, or the operator, stands
  int depth = 1;                         // levels of the tree, this one included
  std::string text;
  // A literal as it was written, quotes included. A regex means what stands between them; elsewhere
  // `value` counts, which is missing when it has an escape that JSON lacks. A time without an
  // offset is read in UTC here; check.h knows the zone.
  std::string raw;
  Value value;
  Name name;
  std::vector<std::string> names;
  std::vector<std::unique_ptr<Syntax>> children;
  bool where = false;
};

// NAME = EXPR, or EXPR alone (no name).
struct Assignment {
  bool named = false;
  Name name;
  std::size_t position = 0, length = 0;  // of the name
  std::unique_ptr<Syntax> value;
};

// Deeper trees are refused: evaluation, printing and destruction follow the tree by recursion.
constexpr int expression_depth_limit = 1000;

// Refuses a path of more steps than records nest (Error, usage): one is followed by recursion.
void check_steps(const Name& name, const Text& text);

// One expression; throws Error (usage, with a caret) on a mistake. A single '=' gets a message that
// shows '=='.
std::unique_ptr<Syntax> parse_expression(const std::shared_ptr<const Text>& text);

// A lambda of one parameter; throws Error as parse_expression does.
std::unique_ptr<Syntax> parse_lambda(const std::shared_ptr<const Text>& text);

// 'NAME = EXPR, NAME = EXPR' (transform); names may be left out where `names_optional` (aggregate).
std::vector<Assignment> parse_assignments(const std::shared_ptr<const Text>& text,
                                          bool names_optional);

// Lists of names as in `select`, `drop`, KEYS: an item without '=' is a name, literal up to the
// comma; backquotes only for a comma, '=' or a literal dot. `name = EXPR` computes where
// `may_compute`, elsewhere '=' is an error.
struct Item {
  Name name;
  bool pattern = false;           // has a '*' outside backquotes
  std::unique_ptr<Syntax> value;  // null: the field of that name
  std::size_t position = 0, length = 0;
};
std::vector<Item> parse_items(const std::shared_ptr<const Text>& text, bool may_compute);

// What to write in place of a text that was taken for a name and is most probably an expression (a
// call of a function, an operator with blanks around it): "hour = hour(ts)". Empty: it is no
// expression.
std::string named_expression(const std::string& name);

// Whether `name` stands in the tree where a text is expected, as in `level == error`: to the right
// of an operator that takes texts, in a list, or as what a choice gives.
bool stands_for_text(const Syntax& tree, std::string_view name);

// NEW=OLD,...
struct Renaming {
  Name to, from;
  std::size_t position = 0, length = 0;
};
std::vector<Renaming> parse_renamings(const std::shared_ptr<const Text>& text);

// KEY[=OTHER],... of a join: a key without '=' has one name on both sides.
struct KeyPair {
  Name name, other;
};
std::vector<KeyPair> parse_key_pairs(const std::shared_ptr<const Text>& text);

// The expression written out again, with all parentheses that its meaning needs; parsing that gives
// the same tree.
std::string print(const Syntax& syntax);

// A name as an expression spells it, backquotes where they are needed.
std::string print(const Name& name);

}  // namespace riffle
