// The scalar checker of JSON texts: RFC 8259, without recursion.
#include <array>
#include <cstring>

#include "text/words.h"
#include "values/json.h"
#include "values/json_blank.h"

namespace riffle {
namespace {

// The length of the UTF-8 sequence at `at`; 0: none. RFC 3629: no overlong forms, no surrogates,
// nothing past U+10FFFF.
std::size_t utf8_sequence(const unsigned char* at, std::size_t left) {
  const auto continues = [&](std::size_t i) { return (at[i] & 0xC0) == 0x80; };
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !continues(1) || !continues(2)) return 0;
    const bool overlong = lead == 0xE0 && at[1] < 0xA0, surrogate = lead == 0xED && at[1] >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  const bool overlong = lead == 0xF0 && at[1] < 0x90, beyond = lead == 0xF4 && at[1] >= 0x90;
  return overlong || beyond ? 0 : 4;
}

// Where the first byte stands that is not UTF-8; npos: nowhere.
std::size_t first_not_utf8(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && (word_at(text.data() + i) & top_bits) == 0) {
      i += 8;
      continue;
    }
    const std::size_t length = utf8_sequence(bytes + i, text.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Checker {
 public:
  explicit Checker(std::string_view text)
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  std::optional<JsonFault> run() {
    while (value() && separator())
      if (done_) return std::nullopt;
    return JsonFault{static_cast<std::size_t>(at_ - begin_), reason_};
  }

 private:
  bool fail(const char* reason) {
    reason_ = at_ == end_ ? "ends too early" : reason;
    return false;
  }
  // A fault of a token that has been begun: the end of the text is no better reason.
  bool fail_in_token(const char* reason) {
    reason_ = reason;
    return false;
  }
  bool is_at(char c) const { return at_ < end_ && *at_ == c; }
  void skip_blanks() { at_ = skip_json_blanks(at_, end_); }

  // Takes a scalar, opening brackets on the way to it. Of an empty list or map it leaves the
  // closing bracket.
  bool value() {
    for (;;) {
      skip_blanks();
      if (at_ == end_) return fail("");
      switch (*at_) {
        case '{':
          if (!open('}')) return false;
          if (is_at('}')) return true;
          if (!name()) return false;
          continue;
        case '[':
          if (!open(']')) return false;
          if (is_at(']')) return true;
          continue;
        case '"':
          return string();
        case 't':
          return literal("true");
        case 'f':
          return literal("false");
        case 'n':
          return literal("null");
        default:
          return number();
      }
    }
  }

  // Takes what stands between a value and the next one; at the end of the text, all is done.
  bool separator() {
    for (;;) {
      skip_blanks();
      if (depth_ == 0) {
        done_ = at_ == end_;
        return done_ || fail("more text after the value");
      }
      const char closing = closing_[depth_ - 1];
      if (is_at(closing)) {
        at_++, depth_--;
        continue;
      }
      if (!is_at(',')) return fail(closing == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
      at_++;
      return closing == ']' || name();
    }
  }

  bool open(char closing) {
    if (depth_ == closing_.size()) return fail("nested deeper than 1,024");
    closing_[depth_++] = closing;
    at_++;
    skip_blanks();
    return true;
  }

  bool name() {
    skip_blanks();
    if (!is_at('"')) return fail("expected a name in double quotes");
    if (!string()) return false;
    skip_blanks();
    if (!is_at(':')) return fail("expected ':'");
    at_++;
    return true;
  }

  bool string() {
    for (at_++; (at_ = skip_plain_text(at_, end_)) < end_; at_++) {
      const char c = *at_;
      if (c == '"') {
        at_++;
        return true;
      }
      if (c != '\\') return fail_in_token("control character in a string");
      if (!escape()) return false;
    }
    return fail_in_token("string without an end");
  }

  // Stops at the escape's last character.
  bool escape() {
    const char* const backslash = at_++;
    if (at_ == end_) return fail_in_token("string without an end");
    if (*at_ == 'u') {
      for (int i = 0; i < 4; i++) {
        if (++at_ < end_ && is_hex(*at_)) continue;
        at_ = backslash;
        return fail_in_token("\\u without four hexadecimal digits");
      }
      return true;
    }
    if (std::strchr("\"\\/bfnrt", *at_) && *at_ != '\0') return true;
    at_ = backslash;
    return fail_in_token("unknown escape in a string");
  }

  bool literal(std::string_view word) {
    if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, word.size()) != word)
      return fail_in_token("expected a value");
    at_ += word.size();
    return true;
  }

  bool digits() {
    if (at_ == end_ || !is_digit(*at_)) return false;
    while (at_ < end_ && is_digit(*at_)) at_++;
    return true;
  }

  bool number() {
    const bool negative = is_at('-');
    if (negative) at_++;
    if (is_at('0')) {
      if (++at_ < end_ && is_digit(*at_)) return fail_in_token("number with a leading zero");
    } else if (!digits()) {
      return fail_in_token(negative ? "'-' without a digit" : "expected a value");
    }
    if (is_at('.')) {
      at_++;
      if (!digits()) return fail_in_token("'.' without a digit in a number");
    }
    if (is_at('e') || is_at('E')) {
      at_++;
      if (is_at('+') || is_at('-')) at_++;
      if (!digits()) return fail_in_token("exponent without a digit in a number");
    }
    return true;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* reason_ = "";
  bool done_ = false;
  std::size_t depth_ = 0;
  std::array<char, nesting_limit> closing_;  // the end that each open bracket waits for
};

}  // namespace

std::optional<JsonFault> check_json(std::string_view text) {
  const std::size_t foreign = first_not_utf8(text);
  if (foreign != text.npos) return JsonFault{foreign, "invalid UTF-8"};
  return Checker(text).run();
}

}  // namespace riffle
