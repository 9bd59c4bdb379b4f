// Reading a JSON text that is known to be valid.
#include "values/json.h"

#include <cstdint>
#include <cstring>

#include "text/words.h"
#include "values/json_blank.h"

namespace riffle {
namespace {

// `at` is after the opening quote; the answer is after the closing one.
const char* end_of_string(const char* at, const char* end) {
  for (;;) {
    while (end - at >= 8 && !(bytes_equal(word_at(at), '"') | bytes_equal(word_at(at), '\\')))
      at += 8;
    for (int i = 0; i < 8 && at < end; i++, at++) {
      if (*at == '"') return at + 1;
      if (*at == '\\') at++;
    }
    if (at >= end) return end;
  }
}

const char* end_of_brackets(const char* at, const char* end) {
  int depth = 0;
  while (at < end) {
    switch (*at++) {
      case '"':
        at = end_of_string(at, end);
        break;
      case '{':
      case '[':
        depth++;
        break;
      case '}':
      case ']':
        if (--depth == 0) return at;
        break;
      default:
        break;
    }
  }
  return end;
}

bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || is_json_blank(c); }

unsigned hex_digit(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

std::uint32_t four_digits(const char* at) {
  return hex_digit(at[0]) << 12 | hex_digit(at[1]) << 8 | hex_digit(at[2]) << 4 | hex_digit(at[3]);
}

char* write_utf8(std::uint32_t code, char* to) {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return to;
}

bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

// Decodes the escape whose backslash is at `at`, moving it after the escape.
char* decode_escape(const char*& at, const char* end, char* to) {
  const char letter = at[1];
  if (letter != 'u') {
    constexpr std::string_view letters = "bfnrt", meanings = "\b\f\n\r\t";
    const std::size_t which = letters.find(letter);
    *to = which == letters.npos ? letter : meanings[which];
    at += 2;
    return to + 1;
  }
  std::uint32_t code = four_digits(at + 2);
  at += 6;
  if (is_high_surrogate(code)) {
    const bool pair = end - at >= 6 && at[0] == '\\' && at[1] == 'u';
    const std::uint32_t low = pair ? four_digits(at + 2) : 0;
    if (is_low_surrogate(low)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 6;
    } else {
      code = 0xFFFD;
    }
  } else if (is_low_surrogate(code)) {
    code = 0xFFFD;
  }
  return write_utf8(code, to);
}

}  // namespace

bool has_escapes(std::string_view raw) {
  return std::memchr(raw.data(), '\\', raw.size()) != nullptr;
}

std::string_view decode_string(std::string_view raw, Memory& memory) {
  const char* at = raw.data() + 1;
  const char* const end = raw.data() + raw.size() - 1;
  const auto left = [&] { return static_cast<std::size_t>(end - at); };
  const auto* escape = static_cast<const char*>(std::memchr(at, '\\', left()));
  if (!escape) return {at, left()};
  char* const text = memory.allocate<char>(raw.size());  // no escape is shorter than what it means
  char* to = text;
  for (; escape;
       escape = at < end ? static_cast<const char*>(std::memchr(at, '\\', left())) : nullptr) {
    const auto run = static_cast<std::size_t>(escape - at);
    std::memcpy(to, at, run);
    at = escape;
    to = decode_escape(at, end, to + run);
  }
  std::memcpy(to, at, left());
  return {text, static_cast<std::size_t>(to - text) + left()};
}

const char* end_of_value(const char* at, const char* end) {
  switch (*at) {
    case '"':
      return end_of_string(at + 1, end);
    case '{':
    case '[':
      return end_of_brackets(at, end);
    default:
      while (at < end && !ends_scalar(*at)) at++;
      return at;
  }
}

JsonWalk::JsonWalk(std::string_view text) : at_(text.data() + 1), end_(text.data() + text.size()) {}

bool JsonWalk::next() {
  at_ = skip_json_blanks(at_, end_);
  if (*at_ == ',') at_ = skip_json_blanks(at_ + 1, end_);
  const char* const last = end_ - 1;  // the closing bracket tells an object from an array
  if (at_ == last) return false;
  if (*last == '}') {
    const char* const after = end_of_string(at_ + 1, last);
    key_ = {at_, static_cast<std::size_t>(after - at_)};
    at_ = skip_json_blanks(skip_json_blanks(after, last) + 1, last);  // after the colon
  }
  const char* const after = end_of_value(at_, last);
  value_ = {at_, static_cast<std::size_t>(after - at_)};
  at_ = after;
  return true;
}

}  // namespace riffle
