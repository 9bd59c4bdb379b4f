// Value: what a record's field holds. 16 bytes, trivially copyable; a number, or a pointer into
// memory that somebody else owns (a batch's Memory or Block): a Value lives as long as its batch.
//
// Two kinds are *untouched*: `json` (the text of one JSON value, not yet looked at) and `cell` (the
// bytes of one CSV or TSV cell, quotes included). A value that is only moved stays untouched and is
// written back byte for byte; decode() in decode.h turns it into one of the other kinds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace riffle {

enum class Kind : std::uint8_t {
  missing,  // the record has no such field
  null,
  boolean,
  integer,  // fits in 64 bits with a sign
  natural,  // 2^63 to 2^64-1; nothing smaller is ever held so
  real,
  time,      // nanoseconds since 1970, UTC
  duration,  // nanoseconds
  text,      // UTF-8
  list,
  map,
  json,  // untouched: one JSON value's text, without blanks around it
  cell,  // untouched: one cell's bytes
};

struct Member;

struct Value {
  enum Flag : std::uint8_t {
    // Found under a key of exactly the dotted name that the pipeline wrote (`user.id`), not as a
    // path.
    literal_key = 1,
    // Its key stands more than once in the record, or is written with escapes: no splicing by
    // position.
    irregular = 2,
    quoted = 4,     // cell: stands in quotes
    escaped = 8,    // cell: has doubled quotes (when quoted) or backslash escapes (when not)
    all_text = 16,  // cell: is text whatever it looks like (--all-text)
    loose = 32,     // cell: is a number as people write them, too (--numbers loose)
  };

  Kind kind = Kind::missing;
  std::uint8_t flags = 0;
  char delimiter = 0;  // cell: its dialect's delimiter
  std::uint8_t unused = 0;
  std::uint32_t size = 0;  // text, json, cell: bytes; list, map: items
  union {
    std::int64_t integer = 0;  // integer, time, duration
    bool boolean;
    std::uint64_t natural;
    double real;
    const char* text;       // text, json, cell
    const Value* items;     // list
    const Member* members;  // map
  };

  bool is_missing() const { return kind == Kind::missing; }
  // Missing or null. True of decoded values only: an untouched null is Kind::json; see decode.h's
  // is_null.
  bool is_nothing() const { return kind <= Kind::null; }
  bool is_number() const { return kind >= Kind::integer && kind <= Kind::real; }
  bool is_untouched() const { return kind >= Kind::json; }
  // Whether `text` is what it points to.
  bool has_bytes() const { return kind == Kind::text || is_untouched(); }
  std::string_view view() const { return {text, size}; }
  std::span<const Value> list() const { return {items, size}; }
  std::span<const Member> map() const;
};

struct Member {
  std::string_view name;  // decoded
  Value value;
};

static_assert(sizeof(Value) == 16);

inline std::span<const Member> Value::map() const { return {members, size}; }

inline Value null_value() {
  Value v;
  v.kind = Kind::null;
  return v;
}
inline Value boolean_value(bool b) {
  Value v;
  v.kind = Kind::boolean;
  v.boolean = b;
  return v;
}
inline Value integer_value(std::int64_t n) {
  Value v;
  v.kind = Kind::integer;
  v.integer = n;
  return v;
}
inline Value natural_value(std::uint64_t n) {
  Value v;
  v.kind = n <= INT64_MAX ? Kind::integer : Kind::natural;
  v.natural = n;
  return v;
}
inline Value real_value(double d) {
  Value v;
  v.kind = Kind::real;
  v.real = d;
  return v;
}
inline Value time_value(std::int64_t nanoseconds) {
  Value v = integer_value(nanoseconds);
  v.kind = Kind::time;
  return v;
}
inline Value duration_value(std::int64_t nanoseconds) {
  Value v = integer_value(nanoseconds);
  v.kind = Kind::duration;
  return v;
}
// Borrows the bytes.
inline Value text_value(std::string_view s) {
  Value v;
  v.kind = Kind::text;
  v.size = static_cast<std::uint32_t>(s.size());
  v.text = s.data();
  return v;
}
inline Value json_value(std::string_view s) {
  Value v = text_value(s);
  v.kind = Kind::json;
  return v;
}
// A cell of a dialect with this delimiter; of none (0) a writer must look whether it needs quotes.
inline Value cell_value(std::string_view s, char delimiter = 0, std::uint8_t flags = 0) {
  Value v = text_value(s);
  v.kind = Kind::cell;
  v.flags = flags;
  v.delimiter = delimiter;
  return v;
}
inline Value list_value(std::span<const Value> items) {
  Value v;
  v.kind = Kind::list;
  v.size = static_cast<std::uint32_t>(items.size());
  v.items = items.data();
  return v;
}
inline Value map_value(std::span<const Member> members) {
  Value v;
  v.kind = Kind::map;
  v.size = static_cast<std::uint32_t>(members.size());
  v.members = members.data();
  return v;
}

}  // namespace riffle
