// The fields that a pipeline wants of its source's records, as a tree of names: those of the
// record's own members, and inside each the names further down a path. Holds the columns that are
// being filled: one per reader.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"

namespace riffle {

class WantedNames;

struct WantedName {
  struct Target {
    Slot slot = no_slot;
    std::uint8_t flags = 0;
    bool yields = false;      // found as a path: a literal key of the dotted name wins
    Value* values = nullptr;  // the column being filled
  };

  explicit WantedName(std::string_view text);

  // `at` has 8 readable bytes or more.
  bool is(const char* at, std::size_t length) const {
    if (length != name.size()) return false;
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    if ((word & mask) != first) return false;
    return length <= 8 || std::memcmp(at + 8, name.data() + 8, length - 8) == 0;
  }

  std::string name;
  std::uint64_t first = 0, mask = 0;  // the first eight bytes
  std::vector<Target> targets;
  std::unique_ptr<WantedNames> inside;
  std::uint64_t record = 0;  // the last record that had it
};

class WantedNames {
 public:
  // The name that stands at `at`, as it is written in the text; null: it is not wanted. 8 bytes are
  // readable at `at`.
  WantedName* find(const char* at, std::size_t length) {
    std::uint64_t candidates = by_first_[static_cast<unsigned char>(*at)];
    if (candidates == 0) return nullptr;
    candidates &= by_length_[length < by_length_.size() ? length : by_length_.size() - 1];
    return candidates ? find_among(candidates, at, length) : nullptr;
  }
  WantedName* find_decoded(std::string_view name);

  WantedName& add(std::string_view name);
  // Calls `visit` for every target in the tree.
  template <typename Visit>
  void for_each_target(const Visit& visit) {
    for (const auto& name : names_) {
      for (WantedName::Target& target : name->targets) visit(target);
      if (name->inside) name->inside->for_each_target(visit);
    }
  }

 private:
  WantedName* find_among(std::uint64_t candidates, const char* at, std::size_t length);

  // Name n is bit n % 64 in the entries of its first character and of its length (the last one is
  // for the longer).
  std::array<std::uint64_t, 256> by_first_{};
  std::array<std::uint64_t, 64> by_length_{};
  std::vector<std::unique_ptr<WantedName>> names_;
};

// Where a reader puts the values that it finds: the source slots of a shape.
class WantedFields {
 public:
  explicit WantedFields(const Slots& slots);

  WantedNames& names() { return names_; }

  // Makes the columns of `batch`, whose shape's slots these are, for at most `rows` rows; all is
  // missing.
  void start_batch(Batch& batch, Row rows);
  // A record begins, in row `row`.
  void start_record(Row row) {
    row_ = row;
    record_++;
  }
  // Takes back what was found in the rows [first, last).
  void clear_rows(Row first, Row last);

  // The current record has a member `wanted` (its value is stored when its end is known). True: for
  // the first time.
  bool enter(WantedName& wanted) {
    const bool fresh = wanted.record != record_;
    wanted.record = record_;
    if (!fresh && wanted.inside) [[unlikely]]
      forget(*wanted.inside);
    return fresh;
  }
  void store(WantedName& wanted, std::string_view value, bool irregular) {
    for (const WantedName::Target& target : wanted.targets) {
      Value& stored = target.values[row_];
      if (target.yields && (stored.flags & Value::literal_key)) continue;
      stored = json_value(value);
      stored.flags = static_cast<std::uint8_t>(target.flags | (irregular ? Value::irregular : 0));
    }
  }

  // Stores what is wanted of a valid record; `object` has no blanks around it. Slower than a walk
  // over an index.
  void store_all_of(std::string_view object);

 private:
  void store_members(WantedNames& names, std::string_view object);
  // The value that these names were found in is not the field's: a later one of its name is.
  void forget(WantedNames& names);

  WantedNames names_;
  std::vector<Slot> slots_;
  Row row_ = 0;
  std::uint64_t record_ = 0;
};

}  // namespace riffle
