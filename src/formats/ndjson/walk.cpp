#include "formats/ndjson/walk.h"

#include <bit>
#include <cstring>

#include "text/bytes16.h"
#include "text/words.h"
#include "values/json.h"
#include "values/json_blank.h"

namespace riffle {
namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
// Of an escape's second character; `u` has four hexadecimal digits after it.
bool is_simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return true;
    default:
      return false;
  }
}
bool is_hex(char c) { return is_digit(c) || (static_cast<unsigned char>((c | 0x20) - 'a') < 6); }

// A byte directly after a number or literal has no index entry of its own, unless it is one of the
// marks.
inline bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || is_json_blank(c); }

bool is_any_number(const char* at) {
  char c = *at;
  if (c == '-') c = *++at;
  if (c == '0') {
    c = *++at;
  } else {
    if (!is_digit(c)) return false;
    while (is_digit(c = *++at)) {
    }
  }
  if (c == '.') {
    if (!is_digit(*++at)) return false;
    while (is_digit(c = *++at)) {
    }
  }
  if ((c | 0x20) == 'e') {
    c = *++at;
    if (c == '+' || c == '-') c = *++at;
    if (!is_digit(c)) return false;
    while (is_digit(c = *++at)) {
    }
  }
  return ends_scalar(c);
}

// Most numbers are short and have no exponent: where their digits end is seen at once, without a
// branch for each, which a processor could not foresee.
inline bool is_number(const char* at) {
  const char* const first = at + (*at == '-');
  const Bytes16::Bits others = ~Bytes16::load(first).minus('0').at_most(9);
  const int whole = std::countr_zero(others);
  const int point = first[whole] == '.';
  // Digits after the point; none where there is no point.
  const int part = std::countr_zero(others >> (whole + point));
  const int size = whole + point + part;
  const char after = first[size];
  if ((size >= static_cast<int>(Bytes16::size)) | ((after | 0x20) == 'e')) [[unlikely]]
    return is_any_number(at);
  const bool is_good = (whole > 0) & (part >= point) & ((*first != '0') | (whole == 1));
  return is_good && ends_scalar(after);
}

// A value that is no string, list or map: of a string the index has seen the end, and what follows
// it.
bool is_bare(const char* at) {
  if (*at <= '9') return is_number(at);
  switch (*at) {
    case 't':
      return std::memcmp(at, "true", 4) == 0 && ends_scalar(at[4]);
    case 'f':
      return std::memcmp(at, "false", 5) == 0 && ends_scalar(at[5]);
    case 'n':
      return std::memcmp(at, "null", 4) == 0 && ends_scalar(at[4]);
    default:
      return false;
  }
}

inline bool is_scalar(const char* at) { return *at == '"' || is_bare(at); }

}  // namespace

void RecordWalk::start(const char* begin, const char* end) {
  text_ = begin;
  end_ = end;
  seek_backslash(begin);
}

void RecordWalk::resume(const char* at) { seek_backslash(at); }

void RecordWalk::seek_backslash(const char* from) {
  // Where there is one, the next is often near.
  for (int words = 0; words < 4 && end_ - from >= 8; words++, from += 8)
    if (bytes_equal(word_at(from), '\\')) {
      while (*from != '\\') from++;
      backslash_ = from;
      return;
    }
  const void* const found =
      from < end_ ? std::memchr(from, '\\', static_cast<std::size_t>(end_ - from)) : nullptr;
  backslash_ = found ? static_cast<const char*>(found) : end_;
}

// Checks the escapes that begin before `until`.
bool RecordWalk::check_escapes(const char* until) {
  while (backslash_ < until) {
    const char* const at = backslash_ + 1;
    if (*at == 'u') {
      if (!is_hex(at[1]) || !is_hex(at[2]) || !is_hex(at[3]) || !is_hex(at[4])) return false;
    } else if (!is_simple_escape(*at)) {
      return false;
    }
    seek_backslash(at + 1);
  }
  return true;
}

const std::uint32_t* RecordWalk::record(const std::uint32_t* entry) {
  const std::uint32_t* const after = object(fields_.names(), entry + 1, 1);
  if (!after || !check_escapes(text_ + after[-1])) return nullptr;
  return after;
}

// `entry` is after the opening brace; `depth` counts this object.
const std::uint32_t* RecordWalk::object(WantedNames& names, const std::uint32_t* entry, int depth) {
  const char* const text = text_;
  const char* key = text + entry[0];
  if (*key == '}') return entry + 1;
  for (;;) {
    const char* const colon = text + entry[1];
    const char* const value = text + entry[2];
    if ((*key != '"') | (*colon != ':')) return nullptr;
    entry += 3;
    bool escaped = false;
    if (backslash_ < colon) [[unlikely]] {
      if (!check_escapes(key)) return nullptr;
      escaped = backslash_ < colon;
      if (!check_escapes(colon)) return nullptr;
    }
    if (WantedName* const wanted = find(names, key, colon, escaped)) {
      entry = wanted_member(*wanted, value, entry, depth, escaped);
      if (!entry) return nullptr;
    } else if (*value != '"') {
      entry = member(nullptr, value, entry, depth);
      if (!entry) return nullptr;
    }
    const char* const mark = text + *entry++;
    if (*mark != ',') return *mark == '}' ? entry : nullptr;
    key = text + entry[0];
  }
}

// Checks and stores a member's value; returns the entry after it.
inline const std::uint32_t* RecordWalk::wanted_member(WantedName& wanted, const char* value,
                                                      const std::uint32_t* entry, int depth,
                                                      bool escaped) {
  const bool fresh = fields_.enter(wanted);
  if (*value != '"') entry = member(wanted.inside.get(), value, entry, depth);
  if (!entry) return nullptr;
  const char* const end = skip_json_blanks_back(text_ + *entry);
  fields_.store(wanted, {value, static_cast<std::size_t>(end - value)}, escaped || !fresh);
  return entry;
}

// Checks a value that is no string, and whose entry is before `entry`; returns the entry after it.
const std::uint32_t* RecordWalk::member(WantedNames* inside, const char* value,
                                        const std::uint32_t* entry, int depth) {
  if (*value == '{' || *value == '[') {
    if (depth >= nesting_limit) return nullptr;
    if (inside && *value == '{') return object(*inside, entry, depth + 1);
    return nested(*value, entry, depth + 1);
  }
  return is_bare(value) ? entry : nullptr;
}

inline WantedName* RecordWalk::find(WantedNames& names, const char* key, const char* colon,
                                    bool escaped) {
  const char* const end = skip_json_blanks_back(colon);
  if (escaped) [[unlikely]] {
    Memory decoded;
    return names.find_decoded(decode_string({key, static_cast<std::size_t>(end - key)}, decoded));
  }
  return names.find(key + 1, static_cast<std::size_t>(end - key) - 2);
}

// Checks a list or map in which nothing is wanted. `entry` is after its opening bracket.
const std::uint32_t* RecordWalk::nested(char bracket, const std::uint32_t* entry, int depth) const {
  char closing[nesting_limit + 1];  // by depth
  closing[depth] = bracket == '{' ? '}' : ']';
  const int outermost = depth;
  for (bool first = true;;) {  // before a member or element; before the end, if it is the first
    const char* at = text_ + *entry++;
    const char end = closing[depth];
    if (!first || *at != end) {
      if (end == '}') {
        if (*at != '"' || text_[*entry++] != ':') return nullptr;
        at = text_ + *entry++;
      }
      if (*at == '{' || *at == '[') {
        if (++depth > nesting_limit) return nullptr;
        closing[depth] = *at == '{' ? '}' : ']';
        first = true;
        continue;
      }
      if (!is_scalar(at)) return nullptr;
      at = text_ + *entry++;
    }
    first = false;
    for (; *at != ','; at = text_ + *entry++) {  // brackets close, one after the other
      if (*at != closing[depth]) return nullptr;
      if (depth-- == outermost) return entry;
    }
  }
}

}  // namespace riffle
