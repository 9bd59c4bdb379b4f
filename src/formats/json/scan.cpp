#include "formats/json/scan.h"

#include <string_view>

#include "text/words.h"

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

void ValueScan::save(StateWriter& to) const {
  to.number(depth_);
  for (const bool state : {begun_, done_, string_, escaped_, scalar_}) to.number(state);
}

void ValueScan::load(StateReader& from) {
  depth_ = from.number<decltype(depth_)>();
  for (bool* const state : {&begun_, &done_, &string_, &escaped_, &scalar_})
    *state = from.number<bool>();
}

}  // namespace riffle
