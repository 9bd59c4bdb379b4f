// Messages: all that goes to stderr, for people as lines of text, for programs (--errors json) as
// NDJSON. One thread at a time. What could steer a terminal is made visible here, whatever part of
// a message quotes a record, a file's name or the command.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values/error.h"

namespace riffle {

// What is wrong, where, and what to do.
struct Message {
  // "usage", "failed" (the run ended), "reject", "failure" (of an operation), "unseen_field",
  // "late", "unmatched", "stopped", "progress" or "note".
  std::string_view kind;
  std::string message;  // "WHAT", or "WHAT; REPAIR"
  std::string stage = {};
  std::string file = {};
  std::uint64_t line = 0;  // of the file; 0: none
  std::optional<std::uint64_t> count = {};
  // The line for people, where it is not "riffle: STAGE: MESSAGE".
  std::string shown = {};
};

// From now on, and for the whole process.
void write_messages_as_json();

void say(const Message& message);
// The error that ended the program: "WHAT; REPAIR", after the stage's name if `is_stage` knows the
// word before the first colon.
void say(const Error& error, bool (*is_stage)(std::string_view word));

}  // namespace riffle
