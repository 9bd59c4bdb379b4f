// State as bytes: numbers as they are in memory (a saved state is read on the machine that wrote
// it), texts and values with their length.
#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

template <typename T>
void save_number(T number, std::string& out) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// How many items follow.
inline void save_count(std::size_t count, std::string& out) {
  save_number(static_cast<std::uint64_t>(count), out);
}

void save_text(std::string_view text, std::string& out);
// A value with all that it points to.
void save_value(const Value& value, std::string& out);

// Takes from the front of `bytes`; false when they are not enough.
template <typename T>
bool load_number(T& number, std::string_view& bytes) {
  if (bytes.size() < sizeof number) return false;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return true;
}

// False also where so many items, of `item_size` bytes or more each, cannot follow.
inline bool load_count(std::uint64_t& count, std::size_t item_size, std::string_view& bytes) {
  return load_number(count, bytes) && count <= bytes.size() / item_size;
}

bool load_text(std::string& text, std::string_view& bytes);
// A value that points to nothing but a text, which goes into `text`.
bool load_value(Value& value, std::string& text, std::string_view& bytes);
// Any value; what it points to goes into `memory`.
bool load_value(Value& value, Memory& memory, std::string_view& bytes);

}  // namespace riffle
