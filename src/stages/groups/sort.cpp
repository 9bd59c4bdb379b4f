#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "expression/check.h"
#include "expression/lexer.h"
#include "expression/parser.h"
#include "stages/rows.h"
#include "state/sorter.h"
#include "values/error.h"
#include "values/order.h"

namespace riffle {
namespace {

struct SortKey {
  ExpressionPtr value;
  bool descending = false;
};

struct Plan {
  std::vector<SortKey> keys;
  Holder holder;
};

std::vector<bool> directions(const std::vector<SortKey>& keys) {
  std::vector<bool> descending;
  for (const SortKey& key : keys) descending.push_back(key.descending);
  return descending;
}

class Sort : public Stage {
 public:
  explicit Sort(std::shared_ptr<const Plan> plan)
      : plan_(std::move(plan)), sorter_(directions(plan_->keys), plan_->holder) {}

  void process(Batch batch, Output& out) override {
    std::vector<const Value*> values;
    for (const SortKey& key : plan_->keys) values.push_back(decoded(key, batch, out));
    sorter_.add(batch, values);
  }
  void finish(Output& out) override {
    sorter_.finish([&](Batch batch) { out.emit(std::move(batch)); });
  }
  std::unique_ptr<Stage> fresh() const override { return std::make_unique<Sort>(plan_); }

 private:
  // The key of each living row, in their order.
  static const Value* decoded(const SortKey& key, Batch& batch, Output& out) {
    Evaluation evaluation{batch, out.effects};
    const Column column = key.value->evaluate(evaluation, batch.rows);
    Value* const values = batch.memory->allocate<Value>(batch.rows.size());
    for (std::size_t i = 0; i < batch.rows.size(); i++)
      values[i] = decode_for_order(column[batch.rows[i]], *batch.memory);
    return values;
  }

  std::shared_ptr<const Plan> plan_;
  Sorter sorter_;
};

// Whether an expression can end with this token, so that a word behind it is a direction.
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
  std::size_t next = 0;  // behind the comma
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

// Refuses `sort count, desc`, in which the comma makes a key of the direction. Behind a key that
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

std::vector<SortKey> parse_keys(const Setup& setup) {
  const auto text = setup.text("KEYS");
  std::vector<SortKey> keys;
  for (std::size_t first = 0;;) {
    const Extent extent = extent_of_key(*text, first);
    if (text->text.find_first_not_of(" \t\r\n", first) == extent.end)
      throw usage_error_at("sort: a key is missing here", text->text, extent.end, 1);
    const Text until_end{text->stage, text->text.substr(0, extent.end)};
    Parser parser(until_end, first);
    const auto tree = parser.expression();
    parser.end_of_expression();
    keys.push_back({riffle::bind(*tree, text, setup.shape, setup.settings), extent.descending});
    if (extent.last) return keys;
    first = extent.next;
  }
}

std::unique_ptr<Stage> make(Setup& setup) {
  return std::make_unique<Sort>(
      std::make_shared<const Plan>(Plan{parse_keys(setup), setup.holder()}));
}

}  // namespace

StageRow sort_row() {
  StageRow row;
  row.name = "sort";
  row.usage = "sort EXPR [asc|desc], ...";
  row.summary = "puts the records in order";
  row.details =
      "The order is false, true, numbers, times, durations, text (by code point), lists, maps; "
      "null and then missing come last in both directions. Records that are equal by all of the "
      "expressions keep their order. What --memory does not hold is sorted in pieces on disk.";
  row.parameters = {{"KEYS", Parameter::Kind::sort_keys,
                     "expressions, each followed by asc (the default) or desc, in any letter case",
                     true, true}};
  row.examples = {{"sort latency_ms desc, path",
                   "{\"path\":\"/b\",\"latency_ms\":5}\n"
                   "{\"path\":\"/c\",\"latency_ms\":20}\n"
                   "{\"path\":\"/a\",\"latency_ms\":5}\n"
                   "{\"path\":\"/d\"}\n",
                   "{\"path\":\"/c\",\"latency_ms\":20}\n"
                   "{\"path\":\"/a\",\"latency_ms\":5}\n"
                   "{\"path\":\"/b\",\"latency_ms\":5}\n"
                   "{\"path\":\"/d\"}\n"},
                  {"sort length(name)", "{\"name\":\"ccc\"}\n{\"name\":\"a\"}\n{\"name\":\"bb\"}\n",
                   "{\"name\":\"a\"}\n{\"name\":\"bb\"}\n{\"name\":\"ccc\"}\n"}};
  row.way = Way::gathers;
  row.passes_one = true;
  row.make = make;
  row.elsewhere = {"order", "orderby", "order_by"};
  return row;
}

}  // namespace riffle
