// The walk over a structural index: checks each record in full against RFC 8259 (see ndjson_index.h
// for what the index has already checked) and stores the fields that are wanted.
#pragma once

#include <cstdint>

#include "formats/ndjson/fields.h"

namespace riffle {

class RecordWalk {
 public:
  explicit RecordWalk(WantedFields& fields) : fields_(fields) {}

  // The text that the index belongs to; 16 bytes are readable after its end.
  void start(const char* begin, const char* end);
  // Goes on at `at`, wherever a walk has stopped.
  void resume(const char* at);

  // Checks the record whose opening brace is index entry `entry`. Returns the entry after its
  // closing brace; null: it is no JSON, and what was stored of it is to be taken back.
  const std::uint32_t* record(const std::uint32_t* entry);

 private:
  const std::uint32_t* object(WantedNames& names, const std::uint32_t* entry, int depth);
  const std::uint32_t* wanted_member(WantedName& wanted, const char* value,
                                     const std::uint32_t* entry, int depth, bool escaped);
  const std::uint32_t* member(WantedNames* inside, const char* value, const std::uint32_t* entry,
                              int depth);
  const std::uint32_t* nested(char bracket, const std::uint32_t* entry, int depth) const;
  WantedName* find(WantedNames& names, const char* key, const char* colon, bool escaped);
  bool check_escapes(const char* until);
  void seek_backslash(const char* from);

  WantedFields& fields_;
  const char* text_ = nullptr;
  const char* end_ = nullptr;
  const char* backslash_ = nullptr;  // the first one not yet checked; none: end_
};

}  // namespace riffle
