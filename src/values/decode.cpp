#include "values/decode.h"

#include <cmath>
#include <cstring>

#include "values/json.h"
#include "values/number.h"

namespace riffle {
namespace {

Value decode_list(std::string_view raw, Memory& memory) {
  std::size_t count = 0;
  for (JsonWalk walk(raw); walk.next();) count++;
  Value* items = memory.allocate<Value>(count);
  Value* item = items;
  for (JsonWalk walk(raw); walk.next();) *item++ = json_value(walk.raw_value());
  return list_value({items, count});
}

Value decode_map(std::string_view raw, Memory& memory) {
  std::size_t count = 0;
  for (JsonWalk walk(raw); walk.next();) count++;
  Member* members = memory.allocate<Member>(count);
  Member* member = members;
  for (JsonWalk walk(raw); walk.next();)
    *member++ = {decode_string(walk.raw_key(), memory), json_value(walk.raw_value())};
  return map_value({members, count});
}

Value decode_json(std::string_view raw, Memory& memory) {
  switch (raw.front()) {
    case '"':
      return text_value(decode_string(raw, memory));
    case '{':
      return decode_map(raw, memory);
    case '[':
      return decode_list(raw, memory);
    case 't':
      return boolean_value(true);
    case 'f':
      return boolean_value(false);
    case 'n':
      return null_value();
    default:
      return parse_checked_number(raw);
  }
}

Value number_of_cell(const Value& cell) {
  if (cell.flags & Value::all_text) return {};
  const std::string_view text =
      cell.flags & Value::quoted ? cell.view().substr(1, cell.size - 2) : cell.view();
  const Value number = parse_number(text);
  return number.is_missing() && cell.flags & Value::loose ? parse_loose_number(text) : number;
}

bool is_typed_cell(const Value& cell) {
  return (cell.flags & (Value::quoted | Value::all_text)) == 0;
}

Value decode_cell(const Value& cell, Memory& memory) {
  if (is_typed_cell(cell)) {
    const std::string_view raw = cell.view();
    if (raw.empty()) return null_value();
    if (raw == "true") return boolean_value(true);
    if (raw == "false") return boolean_value(false);
    const Value number = parse_number(raw);
    if (!number.is_missing()) return number;
    if (cell.flags & Value::loose)
      if (const Value loose = parse_loose_number(raw); !loose.is_missing()) return loose;
  }
  return text_value(cell_text(cell, memory));
}

// Takes the doubled quotes of a quoted cell's inside apart.
std::string_view without_doubled_quotes(std::string_view inside, Memory& memory) {
  char* const to = memory.allocate<char>(inside.size());
  char* end = to;
  for (std::size_t i = 0; i < inside.size(); i++) {
    *end++ = inside[i];
    if (inside[i] == '"') i++;
  }
  return {to, static_cast<std::size_t>(end - to)};
}

// TSV's escapes \t \n \r \\; a backslash before anything else is itself.
std::string_view without_backslashes(std::string_view raw, Memory& memory) {
  char* const to = memory.allocate<char>(raw.size());
  char* end = to;
  for (std::size_t i = 0; i < raw.size(); i++) {
    char c = raw[i];
    if (c == '\\' && i + 1 < raw.size()) {
      constexpr std::string_view letters = "tnr\\", meanings = "\t\n\r\\";
      const std::size_t which = letters.find(raw[i + 1]);
      if (which != letters.npos) c = meanings[which], i++;
    }
    *end++ = c;
  }
  return {to, static_cast<std::size_t>(end - to)};
}

// A JSON value without blanks, and with its strings as write_json_string writes them.
void append_canonical(std::string_view raw, Memory& memory, TextBuffer& out) {
  if (raw[0] == '"') return write_json_string(decode_string(raw, memory), out);
  if (raw[0] != '{' && raw[0] != '[') {
    out += raw;
    return;
  }
  char before = raw[0];
  for (JsonWalk walk(raw); walk.next(); before = ',') {
    out += before;
    if (raw[0] == '{') {
      write_json_string(decode_string(walk.raw_key(), memory), out);
      out += ':';
    }
    append_canonical(walk.raw_value(), memory, out);
  }
  if (before != ',') out += before;
  out += raw[0] == '{' ? '}' : ']';
}

}  // namespace

std::string_view cell_text(const Value& cell, Memory& memory) {
  const std::string_view raw = cell.view();
  if (cell.flags & Value::quoted) {
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    return cell.flags & Value::escaped ? without_doubled_quotes(inside, memory) : inside;
  }
  return cell.flags & Value::escaped ? without_backslashes(raw, memory) : raw;
}

Value decode(const Value& value, Memory& memory) {
  Value decoded = value;
  if (value.kind == Kind::json)
    decoded = decode_json(value.view(), memory);
  else if (value.kind == Kind::cell)
    decoded = decode_cell(value, memory);
  return decoded;
}

bool is_nothing(const Value& value) {
  switch (value.kind) {
    case Kind::missing:
    case Kind::null:
      return true;
    case Kind::json:
      return value.text[0] == 'n';
    case Kind::cell:
      return value.size == 0 && is_typed_cell(value);
    default:
      return false;
  }
}

Value number_of(const Value& value) {
  switch (value.kind) {
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
      return value;
    case Kind::json:
      return parse_checked_number(value.view());
    case Kind::cell:
      return number_of_cell(value);
    default:
      return {};
  }
}

Value finite_number_of(const Value& value) {
  const Value number = number_of(value);
  return number.is_missing() || std::isfinite(as_real(number)) ? number : Value();
}

std::string_view text_of(const Value& value, Memory& memory) {
  switch (value.kind) {
    case Kind::missing:
    case Kind::null:
      return {};
    case Kind::text:
      return value.view();
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::cell:
      return cell_text(value, memory);
    case Kind::json:
      if (value.text[0] == '"') return decode_string(value.view(), memory);
      return value.text[0] == 'n' ? std::string_view{} : value.view();
    case Kind::list:
    case Kind::map:
      return memory.copy(json_text(value));
    default:
      break;
  }
  char number[number_room];
  return memory.copy(std::string_view(number, write_number_or_time(value, number)));
}

Value deep_copy(const Value& value, Memory& memory) {
  Value copy = value;
  switch (value.kind) {
    case Kind::text:
    case Kind::json:
    case Kind::cell:
      copy.text = memory.copy(value.view()).data();
      break;
    case Kind::list: {
      Value* items = memory.allocate<Value>(value.size);
      for (std::size_t i = 0; i < value.size; i++) items[i] = deep_copy(value.items[i], memory);
      copy.items = items;
      break;
    }
    case Kind::map: {
      Member* members = memory.allocate<Member>(value.size);
      for (std::size_t i = 0; i < value.size; i++)
        members[i] = {memory.copy(value.members[i].name),
                      deep_copy(value.members[i].value, memory)};
      copy.members = members;
      break;
    }
    default:
      break;
  }
  return copy;
}

std::string_view key_text(const Value& value, Memory& memory) {
  const std::string_view text = text_of(value, memory);
  const bool nests = value.kind == Kind::list || value.kind == Kind::map ||
                     (value.kind == Kind::json && (value.text[0] == '[' || value.text[0] == '{'));
  if (!nests) return text;
  TextBuffer key;
  append_canonical(text, memory, key);
  return memory.copy(key);
}

void append_key(const Value& value, std::string& key) {
  // A length before each text keeps ("ab", "c") and ("a", "bc") apart; its top bit marks null.
  const auto append = [&key](std::uint32_t length, std::string_view text) {
    key.append(reinterpret_cast<const char*>(&length), sizeof length);
    key += text;
  };
  if (is_nothing(value)) return append(~std::uint32_t{0}, {});
  Memory scratch;
  const std::string_view text = key_text(value, scratch);
  append(static_cast<std::uint32_t>(text.size()), text);
}

}  // namespace riffle
