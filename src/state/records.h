// Records: rows outside the batch they came in, each as one run of bytes that points to nothing
// outside itself. It can be held, moved, put on disk and become a row of a batch again: what stages
// hold of many batches. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "values/saved_state.h"

namespace riffle {

// A saved row that has its memory to itself; see Memory about what is read behind it.
using RowBytes = std::unique_ptr<char[]>;
inline RowBytes new_row(std::size_t size) {
  return std::make_unique_for_overwrite<char[]>(size + Memory::padding);
}

// What saved rows refer to besides their own bytes, at one place of a pipeline: a state names it,
// and whoever loads the state has it.
class RecordKinds {
 public:
  virtual ~RecordKinds() = default;
  // The shape with this content (text_of); null: there is none.
  virtual std::shared_ptr<const Shape> shape(std::string_view content) const = 0;
  // A format's dialect, without delimiter and header; of no format: there is none of that name.
  virtual SourceDialect dialect(std::string_view format) const = 0;

  // Says all that tells a shape from others of the place.
  static std::string text_of(const Shape& shape);
};

class Records {
 public:
  // `more`: how many values of the caller's are kept with each row.
  explicit Records(std::size_t more) : more_(more) {}

  // Rows of `batch` are saved next; it outlives that. Before any other call.
  void start(const Batch& batch);
  bool has_started() const { return !kinds_.empty(); }
  // Saves a row with the caller's values. `to` has room_for() bytes, aligned for Value.
  std::size_t room_for(Row row, std::span<const Value> more) const;
  void save(Row row, std::span<const Value> more, std::size_t room, char* to) const;
  const char* save(Row row, std::span<const Value> more, Memory& memory) const;

  static std::size_t size_of(const char* saved);
  // What the saved rows have in common, which they need to become rows of a batch again.
  void save(StateWriter& to) const;
  // REQUIRES: nothing has been saved yet.
  void load(StateReader& from);
  // A saved row of which these are all bytes. Throws Error where they are not, after load().
  RowBytes load_row(std::string_view bytes) const;
  const char* load_row(std::string_view bytes, Memory& memory) const;
  // Throws Error unless these are the bytes of a saved row, after load().
  void check_row(std::string_view bytes) const;
  // One of the values that were kept with it; it lives as long as the saved row, and `memory`.
  Value more_of(const char* saved, std::size_t index, Memory& memory) const;

  // Whether the saved row should stand in one batch with those that were added since the last
  // take(): not where they come from inputs of different formats or headers, or are many.
  bool can_add(const char* saved) const;
  // It must live as long as the batch; see Memory about what is read behind it.
  void add(const char* saved) { added_.push_back(saved); }
  // Adds a copy of a saved row, which may stand anywhere.
  void add_copy(std::string_view saved);
  // The batch of the rows that were added, in that order. Of none: one without rows, for formats
  // with a header write it even for no record.
  Batch take();

 private:
  // What rows of a batch have in common.
  struct Kind {
    std::shared_ptr<const Shape> shape;
    SourceDialect dialect;
    bool has_source = false;
    std::vector<bool> filled;  // which columns have values, those of the header behind the others
    std::size_t columns = 0;   // without those of the header
    std::size_t values = 0;    // how many have

    bool operator==(const Kind& other) const;
  };
  // In front of a saved row. Behind it: the values, the caller's values, the source, whatever
  // values point to. Values point by the distance from here.
  struct Head {
    std::uint32_t size = 0, source_size = 0;
    std::uint32_t turn = 0, input = 0;
    std::uint64_t offset = 0;
    std::uint64_t line : 48 = 0, kind : 16 = 0;
  };
  static_assert(sizeof(Head) == 32);
  static constexpr std::size_t most_kinds = 1 << 16;
  static constexpr std::uint64_t most_lines = (std::uint64_t{1} << 48) - 1;

  static Kind kind_of(const Batch& batch);
  std::string_view source_of(Row row) const {
    return batch_->source.text ? batch_->source.text[row] : std::string_view();
  }
  static Head head_of(const char* saved) {
    Head head;
    std::memcpy(&head, saved, sizeof head);
    return head;
  }
  static const Value* values_of(const char* saved) {
    return reinterpret_cast<const Value*>(saved + sizeof(Head));
  }
  void fill(Batch& batch) const;

  std::size_t more_;
  std::vector<Kind> kinds_;
  std::uint32_t current_ = 0;  // of the batch whose rows are saved
  const Batch* batch_ = nullptr;
  std::vector<Column> columns_;  // its filled ones
  std::vector<const char*> added_;
  std::shared_ptr<Memory> copies_;  // of added rows
};

}  // namespace riffle
