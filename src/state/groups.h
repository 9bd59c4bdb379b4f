// Groups: a table of keys, each with a block of bytes that somebody else gives a meaning (the accumulators of a
// pipeline's aggregates, side by side). Keys are compared by their text, null and missing being one key (language:
// "Keys"); groups are kept in the order in which their keys first appeared, with the keys' values as first seen. One
// thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/batch.h"

namespace riffle {

class Groups {
 public:
  using Visit = std::function<void(std::byte* block)>;

  // `keys` values make a key (0: all rows are one group). Each group's block has `block_size` bytes, aligned to 16;
  // `start` makes it ready, `stop` is called for each at the end of the table's life.
  Groups(std::size_t keys, std::size_t block_size, Visit start, Visit stop);
  // Of trivial blocks, which begin as zeros.
  Groups(std::size_t keys, std::size_t block_size);
  ~Groups();
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;

  // blocks[i] becomes the block of the group of rows[i]; groups not seen before are added, as the last ones. The rows
  // that began them, in that order, are valid until the next call.
  std::span<const Row> find(std::span<const Row> rows, std::span<const Column> keys, std::span<std::byte*> blocks);
  // The only group of a table without keys.
  std::byte* find_only();

  std::size_t size() const { return groups_.size(); }
  std::span<const Value> keys_of(std::size_t group) const { return {keys_in(groups_[group]), keys_}; }
  std::byte* block_of(std::size_t group) const { return block_in(groups_[group]); }
  // Bytes that the table holds, without what its blocks hold elsewhere.
  std::size_t held() const;

 private:
  // The text of a key: of its only value, or of all of them one after the other.
  struct Text {
    static constexpr std::uint32_t null = ~std::uint32_t{0};  // as a size: the only value is null

    const char* bytes = nullptr;
    std::uint32_t size = null;
  };
  // In front of each group's block; the keys' values stand behind the block.
  struct alignas(16) Group {
    Text text;
  };
  struct Place {
    std::uint64_t hash = 0;
    Group* group = nullptr;
  };

  // A key's value and its text, kept while the next rows repeat the value.
  struct Part {
    Value value;
    std::string_view text;
  };

  void take_texts(std::span<const Row> rows, std::span<const Column> keys, Memory& scratch);
  Text text_of_one(const Value& value, Memory& scratch);
  Text text_of_all(std::span<const Column> keys, Row row, Memory& scratch);
  std::string_view repeated_text(Part& part, const Value& value, Memory& scratch);
  Group* find_text(const Text& text, std::uint64_t hash, Row row, std::span<const Column> keys);
  Group* add(Row row, std::span<const Column> keys);
  void grow();

  std::byte* block_in(Group* group) const { return reinterpret_cast<std::byte*>(group + 1); }
  Value* keys_in(Group* group) const { return reinterpret_cast<Value*>(block_in(group) + block_size_); }

  std::size_t keys_, block_size_;
  Visit start_, stop_;
  Memory memory_;
  std::vector<Group*> groups_;
  std::vector<Place> places_;  // open addressing, linear probing; a power of two of them
  std::vector<Row> newcomers_;

  // Of the rows that are looked up together.
  std::vector<Text> texts_;
  std::vector<std::uint64_t> hashes_;
  std::vector<Part> parts_;
  std::string buffer_;
};

}  // namespace riffle
