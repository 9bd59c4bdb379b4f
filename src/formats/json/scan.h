// Finds the end of a JSON value whose bytes come in pieces.
#pragma once

#include <string>
#include <string_view>

#include "values/saved_state.h"

namespace riffle {

class ValueScan {
 public:
  // Goes on at `at`: after the value's last byte, or `end` when that has not come yet. For a
  // number or literal, its last byte has come when another one follows it.
  const char* advance(const char* at, const char* end);
  bool is_done() const { return done_; }
  bool is_begun() const { return begun_; }

  void save(StateWriter& to) const;
  void load(StateReader& from);

 private:
  const char* in_brackets(const char* at, const char* end);
  const char* in_string(const char* at, const char* end);

  int depth_ = 0;  // open brackets, whatever their kind
  bool begun_ = false, done_ = false, string_ = false, escaped_ = false, scalar_ = false;
};

}  // namespace riffle
