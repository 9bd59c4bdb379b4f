// A row of a batch as the text of a JSON object: what the ndjson and json writers share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/ndjson/splice.h"
#include "records/batch.h"
#include "text/text_buffer.h"
#include "text/text_map.h"
#include "values/memory.h"
#include "values/scratch.h"

namespace riffle {

class RecordText {
 public:
  // `shape`: of the batches that will come. May ask the readers of its records for places (see
  // Splicer).
  explicit RecordText(const Shape& shape);

  // Rows of this batch follow. It outlives their writing.
  void start(const Batch& batch);
  // Whether a row's text is its source, unchanged.
  bool is_source() const { return method_ == Method::source; }
  // Appends the row's object, without a line end. What was only moved is written as it came.
  void write(Row row, TextBuffer& out);

 private:
  enum class Method { source, spliced, header, fields, members };

  // A field of a closed shape, in the order of writing. Fields inside the same outer maps are
  // neighbours.
  struct Item {
    Slot slot = no_slot;
    std::vector<std::string> keys;  // of its path, as JSON with the colon; one, where it is a name
    std::size_t shared = 0;         // how many of them are those of the item before
  };

  bool plan_fields(const Shape& shape);
  Method method_for(const Batch& batch) const;
  void write_header_row(Row row, TextBuffer& out);
  bool write_fields(Row row, TextBuffer& out);
  void write_members(Row row, TextBuffer& out);
  void note_escaped_keys(Row row, Memory& memory);

  std::optional<Splicer> splicer_;
  std::vector<Item> items_;
  bool has_items_ = false;

  const Batch* batch_ = nullptr;
  Method method_ = Method::members;
  std::shared_ptr<const Header> header_;
  // Each name as JSON with the colon and a comma before it, then zeros: it can be copied in pieces
  // of `key_piece` bytes.
  struct HeaderKey {
    std::string text;
    std::size_t size = 0;
  };
  static constexpr std::size_t key_piece = 16;

  std::vector<HeaderKey> header_keys_;
  std::vector<Member> members_;
  TextViewMap<std::string_view> escaped_keys_;  // as they are spelt, by what they say
  Scratch scratch_;
};

}  // namespace riffle
