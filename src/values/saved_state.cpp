#include "values/saved_state.h"

#include <fmt/format.h>

#include <new>

namespace riffle {

void StateWriter::begin(std::string_view name, std::uint32_t version) {
  text(name);
  number(version);
}

void StateWriter::text(std::string_view text) {
  count(text.size());
  out_ += text;
}

void StateWriter::value(const Value& value) {
  const bool points = value.has_bytes() || value.kind == Kind::list || value.kind == Kind::map;
  Value bare = value;
  if (points) bare.integer = 0;
  number(bare);
  if (!points) return;
  if (value.kind == Kind::list) {
    for (const Value& item : value.list()) this->value(item);
  } else if (value.kind == Kind::map) {
    for (const Member& member : value.map()) {
      text(member.name);
      this->value(member.value);
    }
  } else {
    text(value.view());
  }
}

Error StateReader::damaged() { return failure("the saved state is damaged"); }

void StateReader::begin(std::string_view name, std::uint32_t version) {
  const std::string_view saved = text();
  if (saved != name)
    throw failure(fmt::format("the saved state is of '{}', not of '{}'", visible(saved), name));
  const auto number = this->number<std::uint32_t>();
  if (number != version)
    throw failure(
        fmt::format("the saved state of '{}' has version {}; this riffle reads version {}", name,
                    number, version));
}

std::string_view StateReader::take(std::size_t size) {
  if (size > bytes_.size()) throw damaged();
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

std::size_t StateReader::count(std::size_t least) {
  const auto count = number<std::uint64_t>();
  if (count > bytes_.size() / least) throw damaged();
  return count;
}

std::string_view StateReader::text() {
  const std::size_t size = count();
  return take(size);
}

// A saved value begins with itself, without its pointer.
Value StateReader::bare_value() {
  const Value bare = number<Value>();
  if (bare.kind > Kind::cell) throw damaged();
  return bare;
}

Value StateReader::value(std::string& text) {
  Value value = bare_value();
  if (value.kind == Kind::list || value.kind == Kind::map) throw damaged();
  if (!value.has_bytes()) return value;
  text.assign(this->text());
  if (text.size() != value.size) throw damaged();
  value.text = text.data();
  return value;
}

Value StateReader::value(Memory& memory) {
  Value value = bare_value();
  if (value.kind == Kind::list) {
    if (value.size > bytes_.size() / sizeof(Value)) throw damaged();
    Value* const items = memory.allocate<Value>(value.size);
    for (std::uint32_t i = 0; i < value.size; i++) items[i] = this->value(memory);
    value.items = items;
  } else if (value.kind == Kind::map) {
    if (value.size > bytes_.size() / sizeof(Value)) throw damaged();
    Member* const members = memory.allocate<Member>(value.size);
    for (std::uint32_t i = 0; i < value.size; i++) {
      Member* const member = new (members + i) Member();
      member->name = memory.copy(text());
      member->value = this->value(memory);
    }
    value.members = members;
  } else if (value.has_bytes()) {
    const std::string_view bytes = memory.copy(text());
    if (bytes.size() != value.size) throw damaged();
    value.text = bytes.data();
  }
  return value;
}

}  // namespace riffle
