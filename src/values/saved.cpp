#include "values/saved.h"

#include <new>

namespace riffle {
namespace {

// A saved value begins with itself, without its pointer.
bool load_bare(Value& bare, std::string_view& bytes) {
  return load_number(bare, bytes) && bare.kind <= Kind::cell;
}

bool load_text(std::string_view& text, Memory& memory, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!load_number(size, bytes) || size > bytes.size()) return false;
  text = memory.copy(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

bool load_items(Value& list, Memory& memory, std::string_view& bytes) {
  if (list.size > bytes.size() / sizeof(Value)) return false;
  Value* const items = memory.allocate<Value>(list.size);
  for (std::uint32_t i = 0; i < list.size; i++)
    if (!load_value(items[i], memory, bytes)) return false;
  list.items = items;
  return true;
}

bool load_members(Value& map, Memory& memory, std::string_view& bytes) {
  if (map.size > bytes.size() / sizeof(Value)) return false;
  Member* const members = memory.allocate<Member>(map.size);
  for (std::uint32_t i = 0; i < map.size; i++) {
    Member* const member = new (members + i) Member();
    if (!load_text(member->name, memory, bytes) || !load_value(member->value, memory, bytes))
      return false;
  }
  map.members = members;
  return true;
}

}  // namespace

void save_text(std::string_view text, std::string& out) {
  save_number(static_cast<std::uint64_t>(text.size()), out);
  out += text;
}

void save_value(const Value& value, std::string& out) {
  const bool points = value.has_bytes() || value.kind == Kind::list || value.kind == Kind::map;
  Value bare = value;
  if (points) bare.integer = 0;
  save_number(bare, out);
  if (!points) return;
  if (value.kind == Kind::list) {
    for (const Value& item : value.list()) save_value(item, out);
  } else if (value.kind == Kind::map) {
    for (const Member& member : value.map()) {
      save_text(member.name, out);
      save_value(member.value, out);
    }
  } else {
    save_text(value.view(), out);
  }
}

bool load_text(std::string& text, std::string_view& bytes) {
  std::uint64_t size = 0;
  if (!load_number(size, bytes) || size > bytes.size()) return false;
  text.assign(bytes.substr(0, size));
  bytes.remove_prefix(size);
  return true;
}

bool load_value(Value& value, std::string& text, std::string_view& bytes) {
  Value bare;
  if (!load_bare(bare, bytes) || bare.kind == Kind::list || bare.kind == Kind::map) return false;
  if (bare.has_bytes()) {
    if (!load_text(text, bytes) || text.size() != bare.size) return false;
    bare.text = text.data();
  }
  value = bare;
  return true;
}

bool load_value(Value& value, Memory& memory, std::string_view& bytes) {
  Value bare;
  if (!load_bare(bare, bytes)) return false;
  if (bare.kind == Kind::list) {
    if (!load_items(bare, memory, bytes)) return false;
  } else if (bare.kind == Kind::map) {
    if (!load_members(bare, memory, bytes)) return false;
  } else if (bare.has_bytes()) {
    std::string_view text;
    if (!load_text(text, memory, bytes) || text.size() != bare.size) return false;
    bare.text = text.data();
  }
  value = bare;
  return true;
}

}  // namespace riffle
