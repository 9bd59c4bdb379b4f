// Groups: a table of keys, each with a block of bytes whose layout the caller defines (the states
// of a pipeline's aggregates, side by side); keyed_state.h has tables with types. Keys are compared
// by their text, null and missing being one key (language: "Keys"); groups are kept in the order in
// which their keys first appeared, with the keys' values as first seen. One thread at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "values/saved_state.h"

namespace riffle {

class Groups {
 public:
  using Visit = std::function<void(std::byte* block)>;
  using Save = std::function<void(const std::byte* block, StateWriter& to)>;
  using Load = std::function<void(std::byte* block, StateReader& from)>;

  // What the blocks are.
  struct Blocks {
    std::size_t size = 0;  // bytes, aligned to 8
    // Begins a block's life; without it, it begins as zeros. Ends it; may be left out, too.
    Visit start = nullptr, stop = nullptr;
  };

  // `keys` values make a key (0: all rows are one group).
  Groups(std::size_t keys, Blocks blocks);
  ~Groups();
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;

  // blocks[i] becomes the block of the group of rows[i]; groups not seen before are added, as the
  // last ones. The rows that began them, in that order, are valid until the next call.
  std::span<const Row> find(std::span<const Row> rows, std::span<const Column> keys,
                            std::span<std::byte*> blocks);
  // As find(), of groups of another table with as many keys.
  void find_same(const Groups& other, std::span<const std::size_t> groups,
                 std::span<std::byte*> blocks);
  // The key's values are these from now on: the same text, seen earlier.
  void set_keys(std::byte* block, std::span<const Value> keys);
  // The only group of a table without keys.
  std::byte* find_only();

  std::size_t size() const { return size_; }
  std::span<const Value> keys_of(std::size_t group) const { return {keys_in(at(group)), keys_}; }
  std::byte* block_of(std::size_t group) const { return block_in(at(group)); }
  // Of its key; the same for the whole run, and for one that goes on with its state.
  std::uint64_t hash_of(std::size_t group) const;
  // All keys are divided into this many parts by the hash.
  static constexpr std::size_t key_groups = 256;
  std::size_t key_group_of(std::size_t group) const { return hash_of(group) >> 56; }
  void clear();
  // All groups, key group by key group. Loaded, they are in the order in which they were.
  void save(StateWriter& to, const Save& write) const;
  // REQUIRES: the table is empty. `read` is given blocks that have just been started.
  void load(StateReader& from, const Load& read);
  // Bytes that the table holds, without what its blocks hold elsewhere.
  std::size_t held() const;

 private:
  // The text of a key: of its only value, or of all of them one after the other. A short one is
  // here, with zeros after it; of a longer one its beginning, for comparisons that mostly end
  // there, and where it is.
  struct alignas(8) Text {
    static constexpr std::uint32_t null = ~std::uint32_t{0};  // as a size: the only value is null
    static constexpr std::uint32_t longest_here = 12;

    std::uint32_t size = null;
    char begin[4] = {};
    union {
      char rest[8] = {};
      const char* bytes;
    };

    static Text of(std::string_view text);
    bool is_here() const { return size <= longest_here || size == null; }
    bool operator==(const Text& other) const;
  };
  // In front of each group's block; the keys' values stand after the block.
  struct Group {
    Text text;
  };
  // Where a group is looked for: the first one from its hash on that is free or has it.
  struct Place {
    std::uint32_t hash = 0;    // the lower half
    std::uint32_t number = 0;  // of the group, from 1 on; 0: free
  };

  // A key's value and its text, kept while the next rows repeat the value.
  struct Part {
    Value value;
    std::string_view text;
  };

  void take_texts(std::span<const Row> rows, std::span<const Column> keys, Memory& scratch);
  void fetch_groups();
  std::string_view text_of_one(const Value& value, Memory& scratch);
  std::string_view text_of_all(std::span<const Column> keys, Row row, Memory& scratch);
  std::string_view repeated_text(Part& part, const Value& value, Memory& scratch);
  Group* find_text(const Text& text, std::uint32_t hash, Row row, std::span<const Column> keys);
  Group* add(Row row, std::span<const Column> keys);
  void grow();
  void stop_all();

  std::byte* block_in(Group* group) const { return reinterpret_cast<std::byte*>(group + 1); }
  Value* keys_in(Group* group) const {
    return reinterpret_cast<Value*>(block_in(group) + block_size_);
  }

  // Groups stand side by side in pieces, each as large as all before it together. They begin with a
  // cache line.
  Group* at(std::size_t group) const {
    const auto piece = static_cast<std::size_t>(std::bit_width(group / first_piece));
    const std::size_t begin = piece == 0 ? 0 : first_piece << (piece - 1);
    return reinterpret_cast<Group*>(const_cast<char*>(pieces_[piece].data()) +
                                    (group - begin) * stride_);
  }
  static constexpr std::size_t first_piece = 16;

  std::size_t keys_, block_size_, stride_;
  Visit start_, stop_;
  std::optional<Memory> memory_;  // the texts
  std::vector<Buffer> pieces_;
  std::size_t size_ = 0;
  std::vector<Place> places_;  // open addressing, linear probing; a power of two of them
  std::vector<Row> newcomers_;

  // Of the rows that are looked up together.
  std::vector<Text> texts_;
  std::vector<std::uint32_t> hashes_;
  std::vector<Part> parts_;
  std::string buffer_;
};

}  // namespace riffle
