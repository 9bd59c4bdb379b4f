// Lists and maps.
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "data/decode.h"
#include "data/order.h"
#include "data/record.h"
#include "functions/arguments.h"
#include "functions/families.h"

namespace riffle {
namespace {

Value list_of_values(const std::vector<Value>& items, Memory& memory) {
  return list_value(memory.copy(std::span<const Value>(items)));
}

// A list holds null where nothing was found.
Value element(const Value& value) { return value.is_missing() ? null_value() : value; }

Value keys(Call& call) {
  const auto map = map_of(call[0], call.memory);
  if (!map) return call.fail();
  std::vector<Value> names;
  for (const Member& member : distinct_members(*map, call.memory)) names.push_back(text_value(member.name));
  return list_of_values(names, call.memory);
}

Value values(Call& call) {
  const auto map = map_of(call[0], call.memory);
  if (!map) return call.fail();
  std::vector<Value> items;
  for (const Member& member : distinct_members(*map, call.memory)) items.push_back(member.value);
  return list_of_values(items, call.memory);
}

// What a map holds under a key, or a list at a position; missing when there is none. Nothing: the argument is neither,
// or the key is none.
std::optional<Value> part_of(Call& call) {
  const Value whole = decode(call[0], call.memory);
  if (whole.kind == Kind::map) {
    const auto key = text_argument(call, 1);
    return key ? std::optional(member_of(whole, *key, call.memory)) : std::nullopt;
  }
  const auto position = whole_number_of(call[1]);
  if (whole.kind != Kind::list || !position) return std::nullopt;
  const std::int64_t size = whole.size, at = *position < 0 ? *position + size : *position;
  return at >= 0 && at < size ? whole.items[at] : Value{};
}

Value has(Call& call) {
  const auto part = part_of(call);
  return part ? boolean_value(!part->is_missing()) : call.fail();
}

Value get(Call& call) {
  const auto part = part_of(call);
  if (!part) return call.fail();
  if (!part->is_missing()) return *part;
  return call.size() > 2 ? element(call[2]) : null_value();
}

Value first(Call& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  return list->empty() ? null_value() : list->front();
}

Value last(Call& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  return list->empty() ? null_value() : list->back();
}

Value slice(Call& call) {
  const auto list = list_of(call[0], call.memory);
  const auto start = whole_number_of(call[1]);
  const auto end = call.size() > 2 ? whole_number_of(call[2]) : std::optional(std::numeric_limits<std::int64_t>::max());
  if (!list || !start || !end) return call.fail();
  const Stretch stretch = stretch_of(*start, *end, list->size());
  return list_value(list->subspan(stretch.start, stretch.end - stretch.start));
}

Value append(Call& call) {
  if (is_nothing(call[0])) return null_value();
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  std::vector<Value> items(list->begin(), list->end());
  for (std::size_t i = 1; i < call.size(); i++) items.push_back(element(call[i]));
  return list_of_values(items, call.memory);
}

Value concat(Call& call) {
  std::vector<Value> items;
  std::string text;
  std::size_t lists = 0;
  for (const Value& argument : call.arguments) {
    if (const auto list = list_of(argument, call.memory)) {
      lists++;
      if (items.size() + list->size() > longest_list) return call.fail();
      items.insert(items.end(), list->begin(), list->end());
    } else if (const auto part = text_of_scalar(argument, call.memory)) {
      if (text.size() + part->size() > longest_text) return call.fail();
      text += *part;
    } else {
      return call.fail();
    }
  }
  if (lists == call.size()) return list_of_values(items, call.memory);
  return lists == 0 ? text_value(call.memory.copy(text)) : call.fail();
}

// Positions of a list's elements in their order; of equals the first comes first.
std::vector<std::size_t> ordered_positions(std::span<const Value> list, bool descending, Memory& memory) {
  std::vector<Value> decoded;
  for (const Value& item : list) decoded.push_back(decode(item, memory));
  std::vector<std::size_t> positions(list.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  std::stable_sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
    return order_for_sort(decoded[a], decoded[b], descending, memory) < 0;
  });
  return positions;
}

Value unique(Call& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  const std::vector<std::size_t> positions = ordered_positions(*list, false, call.memory);
  std::vector<char> kept(list->size());
  for (std::size_t i = 0; i < positions.size(); i++)
    kept[positions[i]] = i == 0 || !equal((*list)[positions[i - 1]], (*list)[positions[i]], call.memory);
  std::vector<Value> items;
  for (std::size_t i = 0; i < list->size(); i++)
    if (kept[i]) items.push_back((*list)[i]);
  return list_of_values(items, call.memory);
}

Value sort(Call& call) {
  const auto list = list_of(call[0], call.memory);
  const auto direction = call.size() > 1 ? text_argument(call, 1) : std::optional<std::string_view>("asc");
  if (!list || !direction || (*direction != "asc" && *direction != "desc")) return call.fail();
  std::vector<Value> items;
  for (const std::size_t position : ordered_positions(*list, *direction == "desc", call.memory))
    items.push_back((*list)[position]);
  return list_of_values(items, call.memory);
}

Value range(Call& call) {
  const auto one = whole_number_of(call[0]);
  const auto two = call.size() > 1 ? whole_number_of(call[1]) : one;
  const auto step = call.size() > 2 ? whole_number_of(call[2]) : std::optional<std::int64_t>(1);
  if (!one || !two || !step || *step == 0) return call.fail();
  const std::int64_t start = call.size() > 1 ? *one : 0;
  std::vector<Value> items;
  for (std::int64_t n = start; *step > 0 ? n < *two : n > *two;) {
    if (items.size() == longest_list) return call.fail();
    items.push_back(integer_value(n));
    if (__builtin_add_overflow(n, *step, &n)) break;
  }
  return list_of_values(items, call.memory);
}

}  // namespace

std::vector<Function> list_functions() {
  Rows rows("list and map");
  rows.add("keys(map)", 1, 1, keys, "the names of a map's members, as a list",
           {{"keys({a: 1, b: 2})", R"(["a","b"])"}, {"keys([1])", ""}});
  rows.add("values(map)", 1, 1, values, "the values of a map's members, as a list",
           {{"values({a: 1, b: 'x'})", R"([1,"x"])"}});
  rows.add("has(x, key)", 2, 2, has, "whether a map has a member of that name, or a list that position",
           {{"has({a: null}, 'a')", "true"},
            {"has({a: 1}, 'b')", "false"},
            {"has([5], 0)", "true"},
            {"has([5], -2)", "false"}});
  rows.add("get(x, key[, default])", 2, 3, get,
           "a map's member of that name, or a list's element at that position, or the default where there is none",
           {{"get({a: 1}, 'a')", "1"},
            {"get({a: 1}, 'b', 0)", "0"},
            {"get([1, 2], -1)", "2"},
            {"get([1, 2], 5)", "null"},
            {"get(3, 0)", ""}});
  rows.add("first(list)", 1, 1, first, "a list's first element; null when it is empty",
           {{"first([3, 4])", "3"}, {"first([])", "null"}});
  rows.add("last(list)", 1, 1, last, "a list's last element; null when it is empty",
           {{"last([3, 4])", "4"}, {"last('x')", ""}});
  rows.add("slice(list, start[, end])", 2, 3, slice,
           "the elements from position start up to but not including end; negative positions count from the end",
           {{"slice([1, 2, 3, 4], 1, 3)", "[2,3]"}, {"slice([1, 2, 3], -2)", "[2,3]"}, {"slice([1], 5)", "[]"}});
  Function& appending =
      rows.add("append(list, x, ...)", 2, any_number, append, "a list with further elements",
               {{"append([1], 2, [3])", "[1,2,[3]]"}, {"append([], null)", "[null]"}, {"append(null, 1)", "null"}});
  appending.takes_null = true;
  appending.nulls = "a null list gives null; a null element is appended";
  rows.add("concat(x, ...)", 1, any_number, concat, "lists, or texts, one after the other",
           {{"concat([1], [2, 3])", "[1,2,3]"}, {"concat('a', 1, 'b')", R"("a1b")"}, {"concat([1], 'a')", ""}});
  rows.add("unique(list)", 1, 1, unique, "a list's elements, each once, in the order in which they first appear",
           {{"unique([3, 1, 3.0, '1', null, 1])", R"([3,1,"1",null])"}});
  rows.add("sort(list[, order])", 1, 2, sort, "a list's elements in order, 'asc' or 'desc'; null comes last in both",
           {{"sort([3, null, 1, 2])", "[1,2,3,null]"},
            {"sort(['b', 'a', null], 'desc')", R"(["b","a",null])"},
            {"sort([1], 'up')", ""}});
  rows.add("range([start, ]end[, step])", 1, 3, range,
           "the integers from start (0) up to but not including end, as a list",
           {{"range(3)", "[0,1,2]"},
            {"range(2, 5)", "[2,3,4]"},
            {"range(5, 0, -2)", "[5,3,1]"},
            {"range(0, 5, 0)", ""},
            {"range(1e9)", ""}});
  return rows.take();
}

}  // namespace riffle
