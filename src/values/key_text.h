// A value as the key that it is (language.md "Keys"), for the aggregates that tell values apart as
// keys are.
#pragma once

#include <string_view>

#include "values/decode.h"
#include "values/number.h"

namespace riffle {

class KeyText {
 public:
  // The text may be the value's own bytes.
  explicit KeyText(const Value& value) {
    if (value.kind == Kind::integer) {
      text_ = std::string_view(digits_, write_integer(value.integer, digits_));
    } else {
      text_ = key_text(value, memory_);
    }
  }
  KeyText(const KeyText&) = delete;
  KeyText& operator=(const KeyText&) = delete;

  std::string_view text() const { return text_; }

 private:
  char digits_[number_room];  // an integer's, without taking memory
  Memory memory_;
  std::string_view text_;
};

}  // namespace riffle
