// Functions of lists that take a lambda: x -> ...
#include "data/decode.h"
#include "functions/arguments.h"
#include "functions/families.h"

namespace riffle {
namespace {

enum class Truth { no, yes, unknown, none };

// What a lambda says of an element; none: neither a boolean nor null.
Truth truth_of(Call& call, const Value& item) {
  const Value value = decode((*call.lambda)({&item, 1}), call.memory);
  if (value.is_nothing()) return Truth::unknown;
  if (value.kind != Kind::boolean) return Truth::none;
  return value.boolean ? Truth::yes : Truth::no;
}

Value map(Call& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list || !call.lambda) return call.fail();
  Value* const items = call.memory.allocate<Value>(list->size());
  for (std::size_t i = 0; i < list->size(); i++) {
    items[i] = (*call.lambda)(list->subspan(i, 1));
    if (items[i].is_missing()) items[i] = null_value();
  }
  return list_value({items, list->size()});
}

Value filter(Call& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list || !call.lambda) return call.fail();
  std::vector<Value> kept;
  for (const Value& item : *list) {
    const Truth truth = truth_of(call, item);
    if (truth == Truth::none) return call.fail();
    if (truth == Truth::yes) kept.push_back(item);
  }
  return list_value(call.memory.copy(std::span<const Value>(kept)));
}

// Whether some element has the truth `decisive`; of none, null when one is unknown.
Value quantified(Call& call, Truth decisive) {
  const auto list = list_of(call[0], call.memory);
  if (!list || !call.lambda) return call.fail();
  bool unknown = false;
  for (const Value& item : *list) {
    const Truth truth = truth_of(call, item);
    if (truth == Truth::none) return call.fail();
    if (truth == decisive) return boolean_value(decisive == Truth::yes);
    unknown = unknown || truth == Truth::unknown;
  }
  return unknown ? null_value() : boolean_value(decisive != Truth::yes);
}

Value any(Call& call) { return quantified(call, Truth::yes); }
Value all(Call& call) { return quantified(call, Truth::no); }

}  // namespace

std::vector<Function> lambda_functions() {
  Rows rows("list and map");
  const auto add = [&rows](std::string_view usage, Value (*call)(Call&), std::string_view summary,
                           std::vector<Example> examples) -> Function& {
    Function& row = rows.add(usage, 2, 2, call, summary, std::move(examples));
    row.lambda_argument = 1;
    return row;
  };
  add("map(list, x -> ...)", map, "a list of what the lambda makes of each element",
      {{"map([1, 2, 3], x -> x * 10)", "[10,20,30]"},
       {"map(['a', null], x -> upper(x))", R"(["A",null])"},
       {"map(1, x -> x)", ""}});
  add("filter(list, x -> ...)", filter, "the elements for which the lambda is true",
      {{"filter([1, 5, null, 9], x -> x > 4)", "[5,9]"}, {"filter([1], x -> x)", ""}});
  add("any(list, x -> ...)", any, "whether the lambda is true of some element",
      {{"any([1, 5], x -> x > 4)", "true"}, {"any([], x -> x > 4)", "false"}, {"any([1, null], x -> x > 4)", "null"}})
      .nulls = "like 'or': a null element matters only if no other decides";
  add("all(list, x -> ...)", all, "whether the lambda is true of every element",
      {{"all([1, 5], x -> x > 4)", "false"}, {"all([], x -> x > 4)", "true"}, {"all([null, 5], x -> x > 4)", "null"}})
      .nulls = "like 'and': a null element matters only if no other decides";
  return rows.take();
}

}  // namespace riffle
