#include "data/pairs.h"

#include <algorithm>

#include "data/decode.h"
#include "data/json.h"

namespace riffle {
namespace {

bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' '; }

// JSON's escapes taken off; a backslash before anything else is itself.
std::string_view without_escapes(std::string_view inside, Memory& memory) {
  char* const to = memory.allocate<char>(inside.size());
  char* end = to;
  for (std::size_t i = 0; i < inside.size(); i++) {
    char c = inside[i];
    if (c == '\\' && i + 1 < inside.size()) {
      constexpr std::string_view letters = "tnrbf\"\\/", meanings = "\t\n\r\b\f\"\\/";
      const std::size_t which = letters.find(inside[i + 1]);
      if (which != letters.npos) c = meanings[which], i++;
    }
    *end++ = c;
  }
  return {to, static_cast<std::size_t>(end - to)};
}

// Whether a text that was read without quotes is read so again: it may hold `=` and quotes, but not begin with one.
bool can_stand_unquoted(std::string_view text) { return !text.starts_with('"') && std::none_of(text.begin(), text.end(), is_blank); }

// Whether a text stands for itself, and for a text, without quotes.
bool needs_quotes(std::string_view text) {
  const auto ends_it = [](char c) { return is_blank(c) || c == '"' || c == '=' || c == '\\' || c == '\x7f'; };
  if (text.empty() || std::any_of(text.begin(), text.end(), ends_it)) return true;
  Value cell = text_value(text);
  cell.kind = Kind::cell;
  Memory none;
  return decode(cell, none).kind != Kind::text;
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
  return at_ == end_ || separates(*at_) || fail("something stands behind a closing quote");
}

Value PairWalk::value(Memory& memory) const {
  if (alone_) return boolean_value(true);
  if (escaped_) {
    if (!check_json(value_)) return json_value(value_);
    return text_value(without_escapes(value_.substr(1, value_.size() - 2), memory));
  }
  Value cell = text_value(value_);
  cell.kind = Kind::cell;
  cell.delimiter = ' ';
  if (quoted_) cell.flags = Value::quoted;
  return cell;
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
    if (is_as_it_came || !(was_quoted || needs_quotes(decoded.view()))) out += decoded.view();
    else write_json_string(decoded.view(), out);
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
