// State as bytes: what a stage holds, so that another one can go on with it. Numbers are as they
// are in memory (a state is loaded on a machine like the one that saved it); texts and values have
// their length before them. Bytes that a StateWriter did not write are refused: every function of
// StateReader throws Error.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "values/error.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

class RecordKinds;  // state/records.h

class StateWriter {
 public:
  // Appends to `out`, which outlives this.
  explicit StateWriter(std::string& out) : out_(out) {}

  // What follows is the state of `name`, in its layout of that version.
  void begin(std::string_view name, std::uint32_t version);
  // REQUIRES: nothing in it is a pointer.
  template <typename T>
  void number(const T& number) {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    out_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void count(std::size_t count) { number(static_cast<std::uint64_t>(count)); }
  void text(std::string_view text);
  // A text without its length: a reader knows it.
  void bytes(std::string_view bytes) { out_ += bytes; }
  // A value with all that it points to.
  void value(const Value& value);
  // What `write` writes, as one part that StateReader::part() takes: to.part([&] { ... }).
  template <typename Write>
  void part(const Write& write) {
    const std::size_t at = out_.size();
    count(0);
    write();
    const std::uint64_t size = out_.size() - at - sizeof size;
    std::memcpy(out_.data() + at, &size, sizeof size);
  }

 private:
  std::string& out_;
};

class StateReader {
 public:
  // `bytes` outlive this, and what it returns of them. `kinds`: what saved records refer to; null:
  // there are none.
  explicit StateReader(std::string_view bytes, const RecordKinds* kinds = nullptr)
      : bytes_(bytes), kinds_(kinds) {}

  // Throws Error if what follows is the state of something else, or of another version.
  void begin(std::string_view name, std::uint32_t version);
  template <typename T>
  T number() {
    static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
    const std::string_view bytes = take(sizeof(T));
    if constexpr (std::is_same_v<T, bool>) {
      if (static_cast<unsigned char>(bytes[0]) > 1) throw damaged();
    }
    T number;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
  }
  // Of things of which each takes at least `least` bytes: no more than there can be.
  std::size_t count(std::size_t least = 1);
  // Valid as long as the bytes are.
  std::string_view text();
  // What it points to goes into `memory`.
  Value value(Memory& memory);
  // One that points to nothing but a text, which goes into `text`.
  Value value(std::string& text);
  StateReader part() { return StateReader(text(), kinds_); }

  // All bytes that are left.
  std::string_view rest() { return take(bytes_.size()); }
  bool at_end() const { return bytes_.empty(); }
  // The state ends here.
  void end() const {
    if (!at_end()) throw damaged();
  }
  const RecordKinds* kinds() const { return kinds_; }

  // What there is does not fit together.
  static Error damaged();

 private:
  std::string_view take(std::size_t size);
  Value bare_value();

  std::string_view bytes_;
  const RecordKinds* kinds_;
};

}  // namespace riffle
