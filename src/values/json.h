// One JSON value as text: the scalar checker, reader and writer (RFC 8259). The fast path for whole
// blocks is formats/ndjson; the reason why a line is no record always comes from check_json here.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "text/text_buffer.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

constexpr int nesting_limit = 1024;

struct JsonFault {
  std::size_t offset = 0;
  // "expected ',' or '}'", "control character in a string", "nested deeper than 1,024"
  const char* reason = "";
};

// Whether `text` is one JSON value with nothing but blanks around it (UTF-8 included); why not.
std::optional<JsonFault> check_json(std::string_view text);

// The functions below take text that check_json accepted, without blanks around it.

// The string that a JSON string (`raw`, quotes included) says. A lone surrogate becomes U+FFFD.
std::string_view decode_string(std::string_view raw, Memory& memory);
// The same for a run without quotes; false when it has no escape and can be used as it is.
bool has_escapes(std::string_view raw);

// Walks the members of an object, or the elements of an array, in order.
class JsonWalk {
 public:
  explicit JsonWalk(std::string_view object_or_array);
  // The next member or element; false at the end.
  bool next();
  std::string_view raw_key() const { return key_; }      // quotes included; empty in an array
  std::string_view raw_value() const { return value_; }  // without blanks around it

 private:
  const char* at_;
  const char* end_;
  std::string_view key_, value_;
};

// Where the value that starts at `at` ends.
const char* end_of_value(const char* at, const char* end);

// A text without what JSON takes for blanks at its ends.
std::string_view trim_blanks(std::string_view text);
// A JSON text without the blanks between its tokens.
void write_compact(std::string_view json, TextBuffer& out);

// The escape of a character that must be escaped: at most 6 bytes at `to`; where it ends.
char* write_json_escape(char c, char* to);
// A text as a JSON string, quotes included. Only what must be escaped is.
void write_json_string(std::string_view text, TextBuffer& out);
// Any value as JSON. An untouched JSON value: its own bytes. A missing one: null.
void write_json(const Value& value, TextBuffer& out);
// A number, a duration or a time, which is not in quotes here: at `to`, where number_room bytes
// (number.h) are; where it ends.
char* write_number_or_time(const Value& value, char* to);
// A string, or any value, as a text of its own.
std::string json_string(std::string_view text);
std::string json_text(const Value& value);
// Over several lines, `indent` blanks a level.
void write_json_indented(const Value& value, int indent, TextBuffer& out, int level = 0);

}  // namespace riffle
