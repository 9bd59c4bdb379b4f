// Texts of keys and values: logfmt (`level=info msg="it is up" debug`), and pairs with commas or
// semicolons between.
//
// logfmt as github.com/kr/logfmt reads it, and a little more: between pairs stand blanks, a key
// ends at `=`, a value at a blank, or is in double quotes with JSON's escapes. A key alone is true,
// `key=` is null. An unquoted value may hold `=` and quotes. A value in single quotes, as Linux
// audit logs have it, ends at the first quote that a separator follows; where there is none the
// quote is a character like others.
#pragma once

#include <string>
#include <string_view>

#include "text/text_buffer.h"
#include "values/memory.h"
#include "values/value.h"

namespace riffle {

enum class PairStyle {
  logfmt,  // blanks (and control characters) between pairs
  commas,  // commas, semicolons or line ends; blanks around keys and values are none of theirs
};

// Walks the pairs of a text, in order.
class PairWalk {
 public:
  PairWalk(std::string_view text, PairStyle style)
      : at_(text.data()), end_(text.data() + text.size()), style_(style) {}

  // The next pair; false at the end, or where no pair can be read.
  bool next();
  std::string_view key() const { return key_; }
  // A key without `=`.
  bool is_alone() const { return alone_; }
  // Untouched: unquoted it is typed as an unquoted CSV cell, in quotes it is text. A backslash that
  // begins no escape of JSON is itself, and then the text is in `memory`. 16 bytes are readable
  // after the text.
  Value value(Memory& memory) const;
  // Why the rest cannot be read; null: it can.
  const char* fault() const { return fault_; }

 private:
  bool separates(char c) const;
  bool take_quoted();
  bool take_single_quoted();
  bool fail(const char* reason);

  const char* at_;
  const char* end_;
  PairStyle style_;
  const char* fault_ = nullptr;
  std::string_view key_, value_;  // the value with its quotes
  bool alone_ = false, quoted_ = false, escaped_ = false;
};

// Appends a pair as logfmt writes it. A value of the same text that came in quotes keeps them. Null
// is `key=`; lists and maps are their JSON, in quotes.
void write_logfmt_value(const Value& value, Memory& memory, TextBuffer& out);
// A key as logfmt can say it: what would end it becomes `_`.
void write_logfmt_key(std::string_view key, TextBuffer& out);

}  // namespace riffle
