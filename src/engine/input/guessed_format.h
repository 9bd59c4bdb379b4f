// Notes at the end of a run on inputs that were probably not what they were read as.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "formats/format.h"
#include "records/block.h"

namespace riffle {

class Inputs;

// What an input turned out to hold.
struct InputContent {
  bool has_records = false, has_rejects = false;
  bool has_braced_text = false;          // a line of text looks like an object of JSON
  std::string first_rejected;            // how the first record that could not be read begins
  std::shared_ptr<const Header> header;  // of a format that has one
};

// On an input whose format was guessed: one column, no record at all, or JSON read as text; on one
// that is called csv, by its extension or the user, and that no one gave a delimiter: one column,
// in whose name another delimiter stands. With the option that fits what is there. Empty: there is
// nothing to say. `name`: "standard input". `of_stage`: join reads it, whose options are in
// --format.
std::string note_on_format(const std::string& name, const Inputs& inputs, std::uint32_t input,
                           const InputOptions& options, const InputContent& content, bool of_stage);

// On a header that is all numbers, and so most probably a record. Empty: it is not.
std::string note_on_header(const std::string& name, const InputContent& content);

}  // namespace riffle
