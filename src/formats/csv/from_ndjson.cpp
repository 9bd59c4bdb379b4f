#include "formats/csv/from_ndjson.h"

#include <bit>
#include <cstring>

#include "text/bytes16.h"
#include "values/json.h"

namespace riffle {
namespace {

// Records that come in more kinds than these are written member by member.
constexpr std::size_t most_skeletons = 8;

}  // namespace

struct CsvFromNdjson::Cursor {
  const char* at;
  const char* end;
  char* to;
};

// Walks a record for the bytes between its values.
class CsvFromNdjson::Learner {
 public:
  Learner(std::string_view record, const CsvColumns& columns)
      : at_(record.data()), columns_(columns) {
    usable_ = object(record, {}) && !skeleton_.places.empty();
    skeleton_.after.assign(at_, record.data() + record.size());
    skeleton_.delimiters = columns.size() - std::min(columns.size(), next_column_);
  }

  // Nothing: the record's members do not stand in the columns' order.
  std::optional<Skeleton> skeleton() && {
    return usable_ ? std::optional(std::move(skeleton_)) : std::nullopt;
  }

 private:
  bool object(std::string_view record, const std::string& path) {
    for (JsonWalk walk(record); walk.next();) {
      Memory memory;
      const std::string name = path + std::string(decode_string(walk.raw_key(), memory));
      const std::string_view value = walk.raw_value();
      if (value == "{}" || (value[0] == '{' ? !object(value, name + '.') : !place(value, name)))
        return false;
    }
    return true;
  }

  bool place(std::string_view value, const std::string& name) {
    const std::size_t column = columns_.find(name, next_column_);
    if (column == CsvColumns::none || column < next_column_) return false;
    Expected before{{at_, value.data()}, static_cast<std::size_t>(value.data() - at_)};
    before.bytes.resize((before.size + Bytes16::size - 1) / Bytes16::size * Bytes16::size);
    const std::size_t first = skeleton_.places.empty() ? 0 : 1;
    skeleton_.places.push_back({std::move(before), column - next_column_ + first});
    next_column_ = column + 1;
    at_ = value.data() + value.size();
    return true;
  }

  const char* at_;
  const CsvColumns& columns_;
  std::size_t next_column_ = 0;
  Skeleton skeleton_;
  bool usable_ = false;
};

void CsvFromNdjson::learn(std::string_view record, const CsvColumns& columns) {
  if (skeletons_.size() == most_skeletons) return;
  record.remove_prefix(record.find('{'));
  record = record.substr(0, record.rfind('}') + 1);
  if (auto skeleton = Learner(record, columns).skeleton())
    skeletons_.push_back(std::move(*skeleton));
}

bool CsvFromNdjson::write(std::string_view record, Memory& memory, TextBuffer& out) {
  for (std::size_t i = 0; i < skeletons_.size(); i++) {
    const std::size_t which = (last_used_ + i) % skeletons_.size();
    if (!write_as(skeletons_[which], record, memory, out)) continue;
    last_used_ = which;
    return true;
  }
  return false;
}

bool CsvFromNdjson::write_as(const Skeleton& skeleton, std::string_view record, Memory& memory,
                             TextBuffer& out) {
  // A value's text at most doubles, but for two quotes around it.
  std::size_t room =
      2 * record.size() + 2 * skeleton.places.size() + skeleton.delimiters + Bytes16::size + 1;
  for (const Place& place : skeleton.places) room += place.delimiters;
  char* const row = out.room(room);
  Cursor cursor{record.data(), record.data() + record.size(), row};
  for (const Place& place : skeleton.places) {
    if (!skip(place.before, cursor)) return false;
    for (std::size_t i = 0; i < place.delimiters; i++) *cursor.to++ = cells_.delimiter();
    if (!write_value(cursor, memory)) return false;
  }
  if (std::string_view(cursor.at, static_cast<std::size_t>(cursor.end - cursor.at)) !=
      skeleton.after)
    return false;
  for (std::size_t i = 0; i < skeleton.delimiters; i++) *cursor.to++ = cells_.delimiter();
  *cursor.to++ = '\n';
  out.advance(cursor.to);
  return true;
}

bool CsvFromNdjson::skip(const Expected& expected, Cursor& cursor) {
  if (static_cast<std::size_t>(cursor.end - cursor.at) < expected.size) return false;
  for (std::size_t done = 0; done < expected.size; done += Bytes16::size) {
    const Bytes16::Bits same =
        Bytes16::load(cursor.at + done).equal(Bytes16::load(expected.bytes.data() + done));
    const std::size_t left = expected.size - done;
    if (static_cast<std::size_t>(std::countr_one(same)) < std::min(left, Bytes16::size))
      return false;
  }
  cursor.at += expected.size;
  return true;
}

inline bool CsvFromNdjson::write_value(Cursor& cursor, Memory& memory) {
  const char first = *cursor.at;
  if (first == '"') return write_string(cursor, memory);
  if (first == '{') return false;
  if (first == '[') return write_slowly(cursor, memory);
  for (char* const begin = cursor.to;;) {
    const Bytes16 bytes = Bytes16::load(cursor.at);
    bytes.store(cursor.to);
    const Bytes16::Bits ends = bytes.equal(',') | bytes.equal('}') | bytes.at_most(' ');
    const int size = ends ? std::countr_zero(ends) : static_cast<int>(Bytes16::size);
    cursor.at += size, cursor.to += size;
    if (!ends) continue;
    if (first == 'n') cursor.to = begin;
    return true;
  }
}

inline bool CsvFromNdjson::write_string(Cursor& cursor, Memory& memory) {
  const char* const before = cursor.at++;
  char* const begin = cursor.to;
  Bytes16::Bits ends = 0, delimiters = 0;
  for (;;) {
    const Bytes16 bytes = Bytes16::load(cursor.at);
    bytes.store(cursor.to);
    ends = bytes.equal('"') | bytes.equal('\\');
    const Bytes16::Bits here = bytes.equal(cells_.delimiter());
    if (ends) {
      const int size = std::countr_zero(ends);
      delimiters |= here & ((1U << size) - 1);
      cursor.at += size, cursor.to += size;
      break;
    }
    delimiters |= here;
    cursor.at += Bytes16::size, cursor.to += Bytes16::size;
  }
  if (*cursor.at == '\\') {
    cursor.at = before, cursor.to = begin;
    return write_slowly(cursor, memory);
  }
  cursor.at++;
  if (cursor.to != begin && !delimiters) return true;
  const auto size = static_cast<std::size_t>(cursor.to - begin);
  std::memmove(begin + 1, begin, size);
  begin[0] = begin[size + 1] = '"';
  cursor.to += 2;
  return true;
}

// A value that does not stand in the row as it stands in the record.
bool CsvFromNdjson::write_slowly(Cursor& cursor, Memory& memory) {
  const char* const end = end_of_value(cursor.at, cursor.end);
  slow_.clear();
  cells_.write(json_value({cursor.at, static_cast<std::size_t>(end - cursor.at)}), false, memory,
               slow_);
  std::memcpy(cursor.to, slow_.view().data(), slow_.size());
  cursor.to += slow_.size();
  cursor.at = end;
  return true;
}

}  // namespace riffle
