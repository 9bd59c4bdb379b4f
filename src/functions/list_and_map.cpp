// Lists and maps.
#include <algorithm>
#include <limits>
#include <string>

#include "functions/arguments.h"
#include "functions/families.h"
#include "functions/lambda_scope.h"
#include "functions/list_order.h"
#include "records/record.h"
#include "values/decode.h"
#include "values/name_index.h"
#include "values/order.h"

namespace riffle {
namespace {

Value list_of_values(const std::vector<Value>& items, Memory& memory) {
  return list_value(memory.copy(std::span<const Value>(items)));
}

// A list holds null where nothing was found.
Value element(const Value& value) { return value.is_missing() ? null_value() : value; }

Value keys(FunctionCall& call) {
  const auto map = map_of(call[0], call.memory);
  if (!map) return call.fail();
  std::vector<Value> names;
  for (const Member& member : distinct_members(*map, call.memory))
    names.push_back(text_value(member.name));
  return list_of_values(names, call.memory);
}

Value values(FunctionCall& call) {
  const auto map = map_of(call[0], call.memory);
  if (!map) return call.fail();
  std::vector<Value> items;
  for (const Member& member : distinct_members(*map, call.memory)) items.push_back(member.value);
  return list_of_values(items, call.memory);
}

Value entries(FunctionCall& call) {
  const auto map = map_of(call[0], call.memory);
  if (!map) return call.fail();
  return entries_of(*map, call.memory);
}

// Without what is null, one level deep.
Value compact(FunctionCall& call) {
  const Value whole = decode(call[0], call.memory);
  const auto is_null = [](const Value& value) { return is_nothing(value); };
  if (whole.kind == Kind::list) {
    std::vector<Value> items;
    for (const Value& item : whole.list())
      if (!is_null(item)) items.push_back(item);
    return list_of_values(items, call.memory);
  }
  if (whole.kind != Kind::map) return call.fail();
  std::vector<Member> members;
  for (const Member& member : whole.map())
    if (!is_null(member.value)) members.push_back(member);
  return map_value(call.memory.copy(std::span<const Member>(members)));
}

// What a map holds under a key, or a list at a position; missing when there is none. Nothing: the
// argument is neither, or the key is none.
std::optional<Value> part_of(FunctionCall& call) {
  const Value whole = LambdaScope::decoded(call[0], call.memory);
  if (whole.kind == Kind::map) {
    const auto key = text_argument(call, 1);
    if (!key) return std::nullopt;
    const Member* const member = LambdaScope::find(whole.map(), *key);
    return member ? member->value : Value{};
  }
  const auto position = whole_number_of(call[1]);
  if (whole.kind != Kind::list || !position) return std::nullopt;
  const std::int64_t size = whole.size, at = *position < 0 ? *position + size : *position;
  return at >= 0 && at < size ? whole.items[at] : Value{};
}

Value has(FunctionCall& call) {
  const auto part = part_of(call);
  return part ? boolean_value(!part->is_missing()) : call.fail();
}

Value get(FunctionCall& call) {
  const auto part = part_of(call);
  if (!part) return call.fail();
  if (!part->is_missing()) return *part;
  return call.size() > 2 ? element(call[2]) : null_value();
}

Value first(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  return list->empty() ? null_value() : list->front();
}

Value last(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  return list->empty() ? null_value() : list->back();
}

Value slice(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  const auto start = whole_number_of(call[1]);
  const auto end = call.size() > 2 ? whole_number_of(call[2])
                                   : std::optional(std::numeric_limits<std::int64_t>::max());
  if (!list || !start || !end) return call.fail();
  const Stretch stretch = stretch_of(*start, *end, list->size());
  return list_value(list->subspan(stretch.start, stretch.end - stretch.start));
}

Value append(FunctionCall& call) {
  if (is_nothing(call[0])) return null_value();
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  const std::size_t more = call.size() - 1;
  Value* const items = LambdaScope::grown(*list, more, call.memory);
  for (std::size_t i = 0; i < more; i++) items[list->size() + i] = element(call[i + 1]);
  return list_value({items, list->size() + more});
}

// The lists one after the other, as the first of them growing.
Value joined_lists(const std::vector<std::span<const Value>>& lists, std::size_t size,
                   Memory& memory) {
  Value* const items = LambdaScope::grown(lists[0], size - lists[0].size(), memory);
  Value* to = items + lists[0].size();
  for (std::size_t i = 1; i < lists.size(); i++)
    to = std::copy(lists[i].begin(), lists[i].end(), to);
  return list_value({items, size});
}

Value joined_texts(const std::vector<std::string_view>& texts, std::size_t size, Memory& memory) {
  char* const text = LambdaScope::grown(std::span(texts[0]), size - texts[0].size(), memory);
  char* to = text + texts[0].size();
  for (std::size_t i = 1; i < texts.size(); i++)
    to = std::copy(texts[i].begin(), texts[i].end(), to);
  return text_value({text, size});
}

Value concat(FunctionCall& call) {
  std::vector<std::span<const Value>> lists;
  std::vector<std::string_view> texts;
  std::size_t items = 0, bytes = 0;
  for (const Value& argument : call.arguments) {
    if (const auto list = list_of(argument, call.memory)) {
      lists.push_back(*list);
      items += list->size();
    } else if (const auto text = text_of_scalar(argument, call.memory)) {
      texts.push_back(*text);
      bytes += text->size();
    } else {
      return call.fail();
    }
  }
  if (items > longest_list || bytes > longest_text) return call.fail();
  if (texts.empty()) return joined_lists(lists, items, call.memory);
  return lists.empty() ? joined_texts(texts, bytes, call.memory) : call.fail();
}

Value unique(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  if (!list) return call.fail();
  const std::vector<std::size_t> positions = ordered_positions(*list, false, call.memory);
  std::vector<char> kept(list->size());
  for (std::size_t i = 0; i < positions.size(); i++)
    kept[positions[i]] =
        i == 0 || !equal((*list)[positions[i - 1]], (*list)[positions[i]], call.memory);
  std::vector<Value> items;
  for (std::size_t i = 0; i < list->size(); i++)
    if (kept[i]) items.push_back((*list)[i]);
  return list_of_values(items, call.memory);
}

// A place in a list, negative from the end. Nothing: outside.
std::optional<std::size_t> place_of(const Value& key, std::size_t size) {
  const auto position = whole_number_of(key);
  if (!position) return std::nullopt;
  const std::int64_t at = *position < 0 ? *position + static_cast<std::int64_t>(size) : *position;
  return at >= 0 && at < static_cast<std::int64_t>(size)
             ? std::optional(static_cast<std::size_t>(at))
             : std::nullopt;
}

Value map_of_members(const std::vector<Member>& members, Memory& memory) {
  return map_value(distinct_members(memory.copy(std::span<const Member>(members)), memory));
}

// Of a map that has each name once.
Value with_one_member(std::span<const Member> map, const Member& member, Memory& memory) {
  const Member* const known = LambdaScope::find(map, member.name);
  if (known && LambdaScope::is_own(map.data())) {
    LambdaScope::changed(map.data(), known->value, member.value);
    const_cast<Member*>(known)->value = member.value;
    return map_value(map);
  }
  if (known) {
    const std::span<Member> all = memory.copy(map);
    all[static_cast<std::size_t>(known - map.data())].value = member.value;
    LambdaScope::copied(map, all.data());
    return map_value(all);
  }
  Member* const all = LambdaScope::grown(map, 1, memory);
  LambdaScope::copied(map, all);
  all[map.size()] = member;
  return map_value({all, map.size() + 1});
}

Value set(FunctionCall& call) {
  if (is_nothing(call[0]) || is_nothing(call[1])) return null_value();
  const Value whole = LambdaScope::decoded(call[0], call.memory);
  const Value value = is_nothing(call[2]) ? null_value() : call[2];
  if (whole.kind == Kind::map) {
    const auto key = text_argument(call, 1);
    if (!key) return call.fail();
    if (LambdaScope::has_each_once(whole.map()))
      return with_one_member(whole.map(), {*key, value}, call.memory);
    std::vector<Member> members(whole.members, whole.members + whole.size);
    members.push_back({*key, value});
    return map_of_members(members, call.memory);
  }
  const auto place = whole.kind == Kind::list ? place_of(call[1], whole.size) : std::nullopt;
  if (!place) return call.fail();
  if (LambdaScope::is_own(whole.items)) {
    LambdaScope::changed(whole.items, whole.items[*place], value);
    const_cast<Value*>(whole.items)[*place] = value;
    return whole;
  }
  const std::span<Value> items = call.memory.copy(whole.list());
  items[*place] = value;
  return list_value(items);
}

// Without the members of these names, or the elements at these positions; what is not there is left
// out anyway.
Value remove(FunctionCall& call) {
  const Value whole = decode(call[0], call.memory);
  const std::span<const Value> keys = call.arguments.subspan(1);
  if (whole.kind == Kind::map) {
    std::vector<Member> members(whole.members, whole.members + whole.size);
    for (const Value& key : keys) {
      const auto name = text_of_scalar(key, call.memory);
      if (!name) return call.fail();
      std::erase_if(members, [&](const Member& member) { return member.name == *name; });
    }
    return map_of_members(members, call.memory);
  }
  if (whole.kind != Kind::list) return call.fail();
  std::vector<char> removed(whole.size);
  for (const Value& key : keys) {
    if (!whole_number_of(key)) return call.fail();
    if (const auto place = place_of(key, whole.size)) removed[*place] = true;
  }
  std::vector<Value> items;
  for (std::size_t i = 0; i < whole.size; i++)
    if (!removed[i]) items.push_back(whole.items[i]);
  return list_of_values(items, call.memory);
}

// A large map that only gets new members, or may be changed in its place, is not copied.
bool grows(std::span<const Member> map, std::span<const Member> others) {
  if (!LambdaScope::has_each_once(map)) return false;
  return LambdaScope::is_own(map.data()) ||
         std::none_of(others.begin(), others.end(), [&](const Member& member) {
           return LambdaScope::find(map, member.name) != nullptr;
         });
}

Value merge(FunctionCall& call) {
  std::vector<Member> members;
  if (call.size() == 2) {
    const auto map = map_of(call[0], call.memory), others = map_of(call[1], call.memory);
    if (map && others && !others->empty() && grows(*map, *others)) {
      Value merged = map_value(*map);
      for (const Member& member : distinct_members(*others, call.memory))
        merged = with_one_member(merged.map(), member, call.memory);
      return merged;
    }
  }
  for (const Value& argument : call.arguments) {
    const auto map = map_of(argument, call.memory);
    if (!map) return call.fail();
    members.insert(members.end(), map->begin(), map->end());
  }
  return map_of_members(members, call.memory);
}

// False: more than longest_list elements.
bool flatten_list(std::span<const Value> list, Memory& memory, std::vector<Value>& items) {
  for (const Value& item : list) {
    const Value decoded = decode(item, memory);
    if (decoded.kind == Kind::list) {
      if (!flatten_list(decoded.list(), memory, items)) return false;
    } else {
      items.push_back(item);
    }
    if (items.size() > longest_list) return false;
  }
  return true;
}

void flatten_map(std::span<const Member> map, const std::string& prefix, std::string_view separator,
                 Memory& memory, std::vector<Member>& members) {
  for (const Member& member : distinct_members(map, memory)) {
    const std::string name = prefix + std::string(member.name);
    const Value decoded = decode(member.value, memory);
    if (decoded.kind == Kind::map && decoded.size > 0)
      flatten_map(decoded.map(), name + std::string(separator), separator, memory, members);
    else
      members.push_back({memory.copy(name), member.value});
  }
}

Value flatten(FunctionCall& call) {
  const Value whole = decode(call[0], call.memory);
  if (whole.kind == Kind::list) {
    std::vector<Value> items;
    return flatten_list(whole.list(), call.memory, items) ? list_of_values(items, call.memory)
                                                          : call.fail();
  }
  const auto separator =
      call.size() > 1 ? text_argument(call, 1) : std::optional<std::string_view>(".");
  if (whole.kind != Kind::map || !separator) return call.fail();
  std::vector<Member> members;
  flatten_map(whole.map(), "", *separator, call.memory, members);
  // Each member is one of a kind: those of one name come from different places.
  const Value flat = map_of_members(members, call.memory);
  return flat.size == members.size() ? flat : call.fail();
}

Value zip(FunctionCall& call) {
  std::vector<std::span<const Value>> lists;
  std::size_t longest = 0;
  for (const Value& argument : call.arguments) {
    const auto list = list_of(argument, call.memory);
    if (!list) return call.fail();
    lists.push_back(*list);
    longest = std::max(longest, list->size());
  }
  std::vector<Value> rows;
  for (std::size_t i = 0; i < longest; i++) {
    Value* const row = call.memory.allocate<Value>(lists.size());
    for (std::size_t n = 0; n < lists.size(); n++)
      row[n] = i < lists[n].size() ? lists[n][i] : null_value();
    rows.push_back(list_value({row, lists.size()}));
  }
  return list_of_values(rows, call.memory);
}

Value range(FunctionCall& call) {
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
  rows.add("keys(map)", "list", 1, 1, keys, "the names of a map's members, as a list",
           {{"keys({a: 1, b: 2})", R"(["a","b"])"}, {"keys([1])", ""}});
  rows.add("values(map)", "list", 1, 1, values, "the values of a map's members, as a list",
           {{"values({a: 1, b: 'x'})", R"([1,"x"])"}});
  rows.add("entries(map)", "list", 1, 1, entries,
           "a map's members as a list of {key, value}, as for explode",
           {{"entries({a: 1, b: 'x'})", R"([{"key":"a","value":1},{"key":"b","value":"x"}])"},
            {"entries([1])", ""}});
  rows.add("compact(x)", "as x", 1, 1, compact,
           "a map without the members that are null, or a list without nulls",
           {{"compact({a: 1, b: null})", R"({"a":1})"},
            {"compact([1, null, 2])", "[1,2]"},
            {"compact('x')", ""}});
  rows.add("has(x, key)", "boolean", 2, 2, has,
           "whether a map has a member of that name, or a list that position",
           {{"has({a: null}, 'a')", "true"},
            {"has({a: 1}, 'b')", "false"},
            {"has([5], 0)", "true"},
            {"has([5], -2)", "false"}});
  rows.add("get(x, key[, default])", "an element", 2, 3, get,
           "a map's member of that name, or a list's element at that position, or the default "
           "where there is none",
           {{"get({a: 1}, 'a')", "1"},
            {"get({a: 1}, 'b', 0)", "0"},
            {"get([1, 2], -1)", "2"},
            {"get([1, 2], 5)", "null"},
            {"get(3, 0)", ""}});
  rows.add("first(list)", "an element", 1, 1, first,
           "a list's first element; null when it is empty",
           {{"first([3, 4])", "3"}, {"first([])", "null"}});
  rows.add("last(list)", "an element", 1, 1, last, "a list's last element; null when it is empty",
           {{"last([3, 4])", "4"}, {"last('x')", ""}});
  rows.add("slice(list, start[, end])", "list", 2, 3, slice,
           "the elements from position start up to but not including end; negative positions count "
           "from the end",
           {{"slice([1, 2, 3, 4], 1, 3)", "[2,3]"},
            {"slice([1, 2, 3], -2)", "[2,3]"},
            {"slice([1], 5)", "[]"}});
  Function& appending = rows.add("append(list, x, ...)", "list", 2, any_number, append,
                                 "a list with further elements",
                                 {{"append([1], 2, [3])", "[1,2,[3]]"},
                                  {"append([], null)", "[null]"},
                                  {"append(null, 1)", "null"}});
  appending.takes_null = true;
  appending.nulls = "a null list gives null; a null element is appended";
  rows.add("concat(x, ...)", "as x", 1, any_number, concat, "lists, or texts, one after the other",
           {{"concat([1], [2, 3])", "[1,2,3]"},
            {"concat('a', 1, 'b')", R"("a1b")"},
            {"concat([1], 'a')", ""}});
  rows.add("unique(list)", "list", 1, 1, unique,
           "a list's elements, each once, in the order in which they first appear",
           {{"unique([3, 1, 3.0, '1', null, 1])", R"([3,1,"1",null])"}});
  Function& setting = rows.add("set(x, key, value)", "as x", 3, 3, set,
                               "a map with that member, new or replaced, or a list with another "
                               "element at a position that it has",
                               {{"set({a: 1}, 'b', 2)", R"({"a":1,"b":2})"},
                                {"set({a: 1, b: 2}, 'a', null)", R"({"a":null,"b":2})"},
                                {"set([1, 2, 3], -1, 9)", "[1,2,9]"},
                                {"set([1], 5, 9)", ""}});
  setting.takes_null = true;
  setting.nulls = "the value may be null; a null map, list or key gives null";
  rows.add(
      "delete(x, key, ...)", "as x", 2, any_number, remove,
      "a map without the members of those names, or a list without the elements at those positions",
      {{"delete({a: 1, b: 2, c: 3}, 'a', 'c')", R"({"b":2})"},
       {"delete({a: 1}, 'z')", R"({"a":1})"},
       {"delete([5, 6, 7], 0, -1)", "[6]"},
       {"delete(5, 0)", ""}});
  rows.add("merge(map, ...)", "map", 1, any_number, merge,
           "the members of several maps in one; of equal names the last value, at the place of the "
           "first",
           {{"merge({a: 1, b: 2}, {b: 3, c: 4})", R"({"a":1,"b":3,"c":4})"},
            {"merge({a: {x: 1}}, {a: {y: 2}})", R"({"a":{"y":2}})"},
            {"merge({a: 1}, [2])", ""}});
  rows.add("flatten(x[, separator])", "as x", 1, 2, flatten,
           "the elements of a list and of all lists in it in one list, or a map whose inner maps' "
           "members have dotted names (or names with another separator)",
           {{"flatten([1, [2, [3, []]]])", "[1,2,3]"},
            {"flatten({a: {b: 1, c: {d: 2}}, e: [3, {f: 4}]})",
             R"({"a.b":1,"a.c.d":2,"e":[3,{"f":4}]})"},
            {"flatten({a: {b: 1}}, '_')", R"({"a_b":1})"},
            {"flatten({'a.b': 1, a: {b: 2}})", ""},
            {"flatten(1)", ""}});
  rows.add("zip(list, ...)", "list", 1, any_number, zip,
           "a list of lists: the first elements of each, then the second ones, and so on; null "
           "where one is shorter",
           {{"zip([1, 2], ['a', 'b'])", R"([[1,"a"],[2,"b"]])"},
            {"zip([1, 2], ['a'])", R"([[1,"a"],[2,null]])"},
            {"zip([1], 2)", ""}});
  rows.add("range([start, ]end[, step])", "list", 1, 3, range,
           "the integers from start (0) up to but not including end, as a list",
           {{"range(3)", "[0,1,2]"},
            {"range(2, 5)", "[2,3,4]"},
            {"range(5, 0, -2)", "[5,3,1]"},
            {"range(0, 5, 0)", ""},
            {"range(1e9)", ""}});
  return rows.take();
}

}  // namespace riffle
