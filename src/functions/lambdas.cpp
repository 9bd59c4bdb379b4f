// Functions of lists that take a lambda: x -> ...
#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/lambda_scope.h"
#include "functions/list_order.h"
#include "values/decode.h"
#include "values/json.h"
#include "values/name_index.h"

namespace riffle {
namespace {

enum class Truth { no, yes, unknown, none };

// What a lambda says of an element; none: neither a boolean nor null.
Truth truth_of(FunctionCall& call, const Value& item) {
  const Value value = decode((*call.lambda)({&item, 1}), call.memory);
  if (value.is_nothing()) return Truth::unknown;
  if (value.kind != Kind::boolean) return Truth::none;
  return value.boolean ? Truth::yes : Truth::no;
}

Value map(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list || !call.lambda) return call.fail();
  Value* const items = call.memory.allocate<Value>(list->size());
  for (std::size_t i = 0; i < list->size(); i++) {
    items[i] = (*call.lambda)(list->subspan(i, 1));
    if (items[i].is_missing()) items[i] = null_value();
  }
  return list_value({items, list->size()});
}

// Of a list or map what walk makes of its parts; of anything else what the lambda does.
Value walked(FunctionCall& call, const Value& value) {
  const Value whole = decode(value, call.memory);
  if (whole.kind == Kind::list) {
    Value* const items = call.memory.allocate<Value>(whole.size);
    for (std::uint32_t i = 0; i < whole.size; i++) items[i] = walked(call, whole.items[i]);
    return list_value({items, whole.size});
  }
  if (whole.kind == Kind::map) {
    const std::span<const Member> members = distinct_members(whole.map(), call.memory);
    Member* const made = call.memory.allocate<Member>(members.size());
    for (std::size_t i = 0; i < members.size(); i++)
      made[i] = {members[i].name, walked(call, members[i].value)};
    return map_value({made, members.size()});
  }
  const Value result = (*call.lambda)({&value, 1});
  return result.is_missing() ? null_value() : result;
}

Value walk(FunctionCall& call) { return call.lambda ? walked(call, call[0]) : call.fail(); }

// What a record's field may be.
constexpr LambdaScope::Extent most_of_field{nesting_limit - 1, longest_text};

// What is put together step by step may be nested once more in each, and twice as large.
bool fits_a_field(const Value& value) {
  return LambdaScope::extent_of(value, most_of_field).is_within(most_of_field);
}

Value reduce(FunctionCall& call) {
  if (is_nothing(call[0])) return null_value();
  const auto list = list_of(call[0], call.memory);
  if (!list || !call.lambda) return call.fail();
  Value pair[2] = {is_nothing(call[2]) ? null_value() : call[2], {}};
  const LambdaScope::Accumulator accumulator(call.lambda->changes_alone());
  for (const Value& item : *list) {
    pair[1] = item;
    Value made = (*call.lambda)(pair);
    if (made.is_missing()) made = null_value();
    accumulator.step(pair[0], made);
    pair[0] = made;
    if (!fits_a_field(pair[0])) return call.fail();
  }
  return pair[0];
}

// Elements by their keys, which the lambda makes, or which they are; of equals the first comes
// first.
Value sort(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  const std::size_t last = call.lambda ? 2 : 1;
  const auto direction =
      call.size() > last ? text_argument(call, last) : std::optional<std::string_view>("asc");
  if (!list || call.size() > last + 1 || !direction ||
      (*direction != "asc" && *direction != "desc"))
    return call.fail();
  std::vector<Value> keys;
  for (const Value& item : *list) keys.push_back(call.lambda ? (*call.lambda)({&item, 1}) : item);
  std::vector<Value> items;
  for (const std::size_t position : ordered_positions(keys, *direction == "desc", call.memory))
    items.push_back((*list)[position]);
  return list_value(call.memory.copy(std::span<const Value>(items)));
}

Value filter(FunctionCall& call) {
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
Value quantified(FunctionCall& call, Truth decisive) {
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

Value any(FunctionCall& call) { return quantified(call, Truth::yes); }
Value all(FunctionCall& call) { return quantified(call, Truth::no); }

}  // namespace

std::vector<Function> lambda_functions() {
  Rows rows("list and map");
  const auto add = [&rows](std::string_view usage, std::string_view result,
                           Value (*call)(FunctionCall&), std::string_view summary,
                           std::vector<Example> examples) -> Function& {
    Function& row = rows.add(usage, result, 2, 2, call, summary, std::move(examples));
    row.lambda_argument = 1;
    return row;
  };
  add("map(list, x -> ...)", "list", map, "a list of what the lambda makes of each element",
      {{"map([1, 2, 3], x -> x * 10)", "[10,20,30]"},
       {"map(['a', null], x -> upper(x))", R"(["A",null])"},
       {"map(1, x -> x)", ""}});
  add("filter(list, x -> ...)", "list", filter, "the elements for which the lambda is true",
      {{"filter([1, 5, null, 9], x -> x > 4)", "[5,9]"}, {"filter([1], x -> x)", ""}});
  add("any(list, x -> ...)", "boolean", any, "whether the lambda is true of some element",
      {{"any([1, 5], x -> x > 4)", "true"},
       {"any([], x -> x > 4)", "false"},
       {"any([1, null], x -> x > 4)", "null"}})
      .nulls = "like 'or': a null element matters only if no other decides";
  add("all(list, x -> ...)", "boolean", all, "whether the lambda is true of every element",
      {{"all([1, 5], x -> x > 4)", "false"},
       {"all([], x -> x > 4)", "true"},
       {"all([null, 5], x -> x > 4)", "null"}})
      .nulls = "like 'and': a null element matters only if no other decides";
  Function& reducing =
      add("reduce(list, (acc, x) -> ..., start)", "any", reduce,
          "what the lambda makes of a start value and the first element, then of that and the "
          "second, and so on",
          {{"reduce([1, 2, 3], (acc, x) -> acc + x, 0)", "6"},
           {"reduce(['b', 'a'], (acc, x) -> acc + x, '')", R"("ba")"},
           {"reduce([], (acc, x) -> acc + x, 0)", "0"},
           {"reduce([3, 9, 4], (acc, x) -> acc == null or x > acc ? x : acc, null)", "9"},
           {"reduce(5, (acc, x) -> acc + x, 0)", ""}});
  reducing.hint = "a list is needed; what is made of it may be 1,023 deep and 64 MiB of JSON";
  reducing.least = reducing.most = 3;
  reducing.lambda_parameters = 2;
  reducing.takes_null = true;
  reducing.nulls = "a null list gives null; the start value and elements may be null";
  Function& walking =
      add("walk(x, v -> ...)", "as x", walk,
          "a list or map, however deep, with each value in it that is neither list nor map "
          "replaced by what the lambda makes of it",
          {{"walk({a: 1, b: [2, {c: 3}]}, v -> v * 10)", R"({"a":10,"b":[20,{"c":30}]})"},
           {"walk(['a', null], v -> v ?? '-')", R"(["a","-"])"},
           {"walk(5, v -> v + 1)", "6"}});
  walking.takes_null = true;
  walking.nulls = "what the lambda makes of it";
  Function& sorting =
      add("sort(list[, x -> ...][, order])", "list", sort,
          "a list's elements in order, 'asc' or 'desc', by what the lambda makes of each; null "
          "comes last in both",
          {{"sort([3, null, 1, 2])", "[1,2,3,null]"},
           {"sort(['b', 'a', null], 'desc')", R"(["b","a",null])"},
           {"sort(['ccc', 'a', 'bb'], x -> length(x))", R"(["a","bb","ccc"])"},
           {"sort([{n: 1}, {n: 3}, {n: 2}], x -> x.n, 'desc')", R"([{"n":3},{"n":2},{"n":1}])"},
           {"sort([1], 'up')", ""}});
  sorting.least = 1;
  sorting.most = 3;
  sorting.lambda_is_optional = true;
  return rows.take();
}

}  // namespace riffle
