// Edits of a record in its own bytes: only what the edits name is cut out or put in, everything
// else stays as it came, blanks and the spelling of keys included.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/batch.h"
#include "text/text_buffer.h"

namespace riffle {

class Splicer {
 public:
  // Asks the reader for the places at which a splicer would cut.
  static void request_places(Shape& shape);
  // Nothing: these edits must be applied one after the other (they name the same members, or
  // patterns). REQUIRES: request_places() was called for the shape.
  static std::optional<Splicer> of(const Shape& shape);

  // Appends the row's record, edited, without its line end. The batch's source_format is "ndjson".
  void write(const Batch& batch, Row row, TextBuffer& out);

 private:
  struct Step {
    Edit::Kind kind = Edit::Kind::set;
    std::string name, from;
    Slot value = no_slot;       // set: what to write
    Slot place = no_slot;       // where the member `name` is
    Slot from_place = no_slot;  // rename: where `from` is
    std::string key;            // `name` as JSON
  };

  // A stretch of the record: the key and value of a member, or a part of them.
  struct Place {
    const char* key = nullptr;
    const char* value = nullptr;
    const char* end = nullptr;
  };

  struct Change {
    const char* begin = nullptr;
    const char* end = nullptr;
    const std::string* key = nullptr;  // what stands there instead: a key,
    const Value* value = nullptr;      // or a value; neither: nothing
  };

  void plan(const Step& step, const Batch& batch, Row row);
  const std::vector<Place>& find(const std::string& name, Slot slot, const Batch& batch, Row row);
  void find_by_walk(const std::string& name, std::string_view record);
  void cut_members();

  std::vector<Step> steps_;

  // Of the row that is written.
  std::string_view record_;
  std::vector<Place> found_;
  std::vector<Place> dropped_;
  std::vector<Change> changes_;
  std::vector<const Step*> added_;
};

}  // namespace riffle
