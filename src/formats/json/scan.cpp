#include "formats/json/scan.h"

#include <string_view>

#include "text/words.h"
#include "values/saved.h"

namespace riffle {

const char* ValueScan::advance(const char* at, const char* end) {
  if (at == end) return end;
  if (!begun_) {
    begun_ = true;
    if (*at == '"')
      string_ = true, at++;
    else
      scalar_ = *at != '{' && *at != '[';
  }
  if (scalar_) {
    constexpr std::string_view ends = " \t\r\n,:[]{}\"";
    while (at < end && ends.find(*at) == ends.npos) at++;
    done_ = at < end;
    return at;
  }
  return in_brackets(at, end);
}

const char* ValueScan::in_brackets(const char* at, const char* end) {
  while (at < end && !done_) {
    if (string_) {
      at = in_string(at, end);
      done_ = !string_ && depth_ == 0;
      continue;
    }
    switch (*at++) {
      case '"':
        string_ = true;
        break;
      case '{':
      case '[':
        depth_++;
        break;
      case '}':
      case ']':
        done_ = --depth_ == 0;
        break;
      default:
        break;
    }
  }
  return at;
}

const char* ValueScan::in_string(const char* at, const char* end) {
  while (at < end) {
    if (!escaped_ && (at = skip_plain_text(at, end)) == end) break;
    const char c = *at++;
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      string_ = false;
      return at;
    }
  }
  return at;
}

void ValueScan::save(std::string& to) const {
  save_number(depth_, to);
  for (const bool state : {begun_, done_, string_, escaped_, scalar_}) save_number(state, to);
}

bool ValueScan::load(std::string_view& saved) {
  if (!load_number(depth_, saved)) return false;
  for (bool* const state : {&begun_, &done_, &string_, &escaped_, &scalar_})
    if (!load_number(*state, saved)) return false;
  return true;
}

}  // namespace riffle
