#include "values/key_value_pairs.h"

#include <algorithm>
#include <cctype>

#include "values/decode.h"
#include "values/json.h"

namespace riffle {
namespace {

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' '; }

bool is_hexadecimal(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }

// How long the escape of JSON is that a text begins with; 0: its backslash begins none.
std::size_t length_of_escape(std::string_view text) {
  if (text.size() < 2) return 0;
  constexpr std::string_view letters = "\"\\/bfnrt";
  if (text[1] != 'u') return letters.find(text[1]) != letters.npos ? 2 : 0;
  const std::string_view digits = text.substr(2, 4);
  return digits.size() == 4 && std::all_of(digits.begin(), digits.end(), is_hexadecimal) ? 6 : 0;
}

// What a text in quotes says: JSON's escapes are decoded, and any other backslash is itself.
std::string_view decode_leniently(std::string_view quoted, Memory& memory) {
  char* const json = memory.allocate<char>(2 * quoted.size());
  char* end = json;
  for (std::size_t i = 0; i < quoted.size();) {
    const std::size_t escape = quoted[i] == '\\' ? length_of_escape(quoted.substr(i)) : 0;
    if (quoted[i] == '\\' && escape == 0) *end++ = '\\';
    const std::size_t length = std::max<std::size_t>(escape, 1);
    end = std::copy_n(quoted.data() + i, length, end);
    i += length;
  }
  return decode_string({json, static_cast<std::size_t>(end - json)}, memory);
}

// What a text in single quotes says: \' is a quote, all else is itself.
std::string_view without_escaped_quotes(std::string_view quoted, Memory& memory) {
  if (!has_escapes(quoted)) return quoted.substr(1, quoted.size() - 2);
  char* const to = memory.allocate<char>(quoted.size());
  char* end = to;
  for (std::size_t i = 1; i + 1 < quoted.size(); i++) {
    if (quoted[i] == '\\' && quoted[i + 1] == '\'') i++;
    *end++ = quoted[i];
  }
  return {to, static_cast<std::size_t>(end - to)};
}

// Whether a text that was read without quotes is read so again: it may hold `=` and quotes, but not
// begin with one.
bool can_stand_unquoted(std::string_view text) {
  const bool begins_with_quote = text.starts_with('"') || text.starts_with('\'');
  return !begins_with_quote && std::none_of(text.begin(), text.end(), is_blank);
}

// Whether a text stands for itself, and for a text, without quotes.
bool needs_quotes(std::string_view text) {
  const auto ends_it = [](char c) {
    return is_blank(c) || c == '"' || c == '=' || c == '\\' || c == '\x7f';
  };
  if (text.empty() || text.starts_with('\'')) return true;
  if (std::any_of(text.begin(), text.end(), ends_it)) return true;
  Memory none;
  return decode(cell_value(text), none).kind != Kind::text;
}

}  // namespace

bool PairWalk::separates(char c) const {
  return style_ == PairStyle::logfmt ? is_blank(c) : c == ',' || c == ';' || c == '\n';
}

bool PairWalk::fail(const char* reason) {
  fault_ = reason;
  at_ = end_;
  return false;
}

bool PairWalk::next() {
  while (at_ < end_ && (separates(*at_) || is_blank(*at_))) at_++;
  if (at_ == end_) return false;
  const auto trimmed = [](const char* begin, const char* end) {
    while (end > begin && is_blank(end[-1])) end--;
    return std::string_view(begin, static_cast<std::size_t>(end - begin));
  };
  const char* const key = at_;
  while (at_ < end_ && *at_ != '=' && !separates(*at_)) at_++;
  key_ = trimmed(key, at_);
  alone_ = at_ == end_ || *at_ != '=';
  quoted_ = escaped_ = false;
  value_ = {};
  if (alone_) return true;
  if (key_.empty()) return fail("no key before '='");
  at_++;
  if (style_ == PairStyle::commas)
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t')) at_++;
  if (at_ < end_ && *at_ == '"') return take_quoted();
  if (at_ < end_ && *at_ == '\'' && take_single_quoted()) return true;
  const char* const value = at_;
  while (at_ < end_ && !separates(*at_)) at_++;
  value_ = trimmed(value, at_);
  return true;
}

bool PairWalk::take_quoted() {
  const char* const begin = at_++;
  for (; at_ < end_ && *at_ != '"'; at_++) {
    if (*at_ != '\\') continue;
    escaped_ = true;
    if (++at_ == end_) break;
  }
  if (at_ == end_) return fail("a quote is not closed");
  value_ = {begin, static_cast<std::size_t>(++at_ - begin)};
  quoted_ = true;
  if (style_ == PairStyle::commas)
    while (at_ < end_ && is_blank(*at_) && !separates(*at_)) at_++;
  return at_ == end_ || separates(*at_) || fail("more text after a closing quote");
}

// The closing quote is the first that a separator or the end follows. False, and nothing is taken:
// there is none, and the quote is a character like others.
bool PairWalk::take_single_quoted() {
  const auto ends_value = [&](const char* at) {
    return at == end_ || separates(*at) || is_blank(*at);
  };
  const char* after = at_ + 1;
  for (bool closed = false; !closed; after++) {
    if (after == end_) return false;
    if (*after == '\\' && after + 1 < end_ && after[1] == '\'')
      after++;
    else
      closed = *after == '\'' && ends_value(after + 1);
  }
  value_ = {at_, static_cast<std::size_t>(after - at_)};
  quoted_ = true;
  at_ = after;
  return true;
}

Value PairWalk::value(Memory& memory) const {
  if (alone_) return boolean_value(true);
  if (quoted_ && value_[0] == '\'') return text_value(without_escaped_quotes(value_, memory));
  if (escaped_) {
    if (!check_json(value_)) return json_value(value_);
    return text_value(decode_leniently(value_, memory));
  }
  return cell_value(value_, ' ', quoted_ ? Value::quoted : 0);
}

void write_logfmt_value(const Value& value, Memory& memory, TextBuffer& out) {
  if (is_nothing(value)) return;
  const Value decoded = decode(value, memory);
  if (value.kind == Kind::json && decoded.kind == Kind::text && has_escapes(value.view())) {
    out += value.view();
  } else if (decoded.kind == Kind::text) {
    const bool is_pairs = value.kind == Kind::cell && value.delimiter == ' ';
    const bool was_quoted = is_pairs && value.flags & Value::quoted;
    const bool is_as_it_came = is_pairs && !was_quoted && can_stand_unquoted(decoded.view());
    if (is_as_it_came || !(was_quoted || needs_quotes(decoded.view())))
      out += decoded.view();
    else
      write_json_string(decoded.view(), out);
  } else if (decoded.kind == Kind::list || decoded.kind == Kind::map) {
    write_json_string(json_text(value), out);
  } else {
    out += text_of(value, memory);
  }
}

void write_logfmt_key(std::string_view key, TextBuffer& out) {
  if (key.empty()) out += '_';
  for (const char c : key) out += is_blank(c) || c == '=' || c == '"' || c == '\x7f' ? '_' : c;
}

}  // namespace riffle
