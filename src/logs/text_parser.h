// TextParser: takes a text apart into fields whose names are known before. Immutable: threads share
// one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/memory.h"
#include "values/value.h"

namespace riffle {

class TextParser {
 public:
  virtual ~TextParser() = default;
  const std::vector<std::string>& names() const { return names_; }
  // The fields' values, in the order of names(); they come in as missing, and one stays so where
  // the text has no such part. They may point into the text, which outlives them. False: the text
  // is not of the form.
  virtual bool parse(std::string_view text, Memory& memory, std::span<Value> values) const = 0;

 protected:
  std::vector<std::string> names_;
};

}  // namespace riffle
