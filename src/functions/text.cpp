// Text: its length, its case, its parts. Positions count code points.
#include <utf8proc.h>

#include <algorithm>
#include <limits>
#include <string>

#include "functions/arguments.h"
#include "functions/characters.h"
#include "functions/families.h"
#include "values/decode.h"
#include "values/name_index.h"

namespace riffle {
namespace {

Value length(FunctionCall& call) {
  const Value value = decode(call[0], call.memory);
  if (value.kind == Kind::list) return integer_value(value.size);
  if (value.kind == Kind::map)
    return integer_value(
        static_cast<std::int64_t>(distinct_members(value.map(), call.memory).size()));
  return integer_value(static_cast<std::int64_t>(count_characters(text_of(call[0], call.memory))));
}

Value bytes(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  return text ? integer_value(static_cast<std::int64_t>(text->size())) : call.fail();
}

// Each code point by Unicode's simple mapping; ASCII has its 26 letters from `first` on.
Value with_case(FunctionCall& call, char first, utf8proc_int32_t (*mapping)(utf8proc_int32_t)) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  // U+023A becomes a byte longer; nothing grows more than that.
  const auto is_ascii = [](char c) { return static_cast<signed char>(c) >= 0; };
  const auto others =
      text->size() - static_cast<std::size_t>(std::count_if(text->begin(), text->end(), is_ascii));
  char* const out = call.memory.allocate<char>(text->size() + others);
  char* to = out;
  for (std::size_t at = 0; at < text->size();) {
    const char c = (*text)[at];
    utf8proc_int32_t character = 0;
    const auto* const from = reinterpret_cast<const utf8proc_uint8_t*>(text->data() + at);
    const utf8proc_ssize_t size =
        is_ascii(c)
            ? 0
            : utf8proc_iterate(from, static_cast<utf8proc_ssize_t>(text->size() - at), &character);
    if (size <= 0) {  // ASCII, or no UTF-8
      *to++ = static_cast<char>(static_cast<unsigned char>(c - first) < 26 ? c ^ 0x20 : c);
      at++;
    } else {
      to += utf8proc_encode_char(mapping(character), reinterpret_cast<utf8proc_uint8_t*>(to));
      at += static_cast<std::size_t>(size);
    }
  }
  return text_value({out, static_cast<std::size_t>(to - out)});
}

Value lower(FunctionCall& call) { return with_case(call, 'A', utf8proc_tolower); }
Value upper(FunctionCall& call) { return with_case(call, 'a', utf8proc_toupper); }

// What snake() sees of a character: a word begins where the kind changes.
enum class Letter { none, small, capital, digit };

Letter letter_of(std::int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
      return Letter::capital;
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
      return Letter::small;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
      return Letter::digit;
    default:
      return Letter::none;
  }
}

std::int32_t code_point_at(std::string_view text, std::size_t at) {
  std::int32_t code_point = -1;
  utf8proc_iterate(reinterpret_cast<const std::uint8_t*>(text.data()) + at,
                   static_cast<std::ptrdiff_t>(text.size() - at), &code_point);
  return code_point < 0 ? '_' : code_point;
}

Value snake(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  std::string words;
  Letter before = Letter::none;
  for (std::size_t at = 0; at < text->size(); at = end_of_character(*text, at)) {
    const std::int32_t character = code_point_at(*text, at);
    const Letter letter = letter_of(character);
    const std::size_t next = end_of_character(*text, at);
    const bool ends_capitals = before == Letter::capital && next < text->size() &&
                               letter_of(code_point_at(*text, next)) == Letter::small;
    const bool begins = letter == Letter::capital && (before != Letter::capital || ends_capitals);
    if (letter != Letter::none) {
      if (!words.empty() && (before == Letter::none || begins)) words += '_';
      std::uint8_t bytes[4];
      const auto size = utf8proc_encode_char(utf8proc_tolower(character), bytes);
      words.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
    before = letter;
  }
  return text_value(call.memory.copy(words));
}

// The property White_Space of Unicode, and the byte order mark.
bool is_blank(std::string_view character) {
  if (character.size() == 1)
    return character[0] == ' ' || (character[0] >= '\t' && character[0] <= '\r');
  constexpr std::string_view blanks[] = {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001",
                                         "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                         "\u2007", "\u2008", "\u2009", "\u200a", "\u2028",
                                         "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"};
  return std::find(std::begin(blanks), std::end(blanks), character) != std::end(blanks);
}

Value trimmed(FunctionCall& call, bool left, bool right) {
  auto text = text_argument(call, 0);
  const auto characters =
      call.size() > 1 ? text_argument(call, 1) : std::optional<std::string_view>("");
  if (!text || !characters) return call.fail();
  const auto goes = [&](std::string_view character) {
    return call.size() > 1 ? characters->find(character) != characters->npos : is_blank(character);
  };
  while (left && !text->empty()) {
    const std::size_t end = end_of_character(*text, 0);
    if (!goes(text->substr(0, end))) break;
    text->remove_prefix(end);
  }
  while (right && !text->empty()) {
    std::size_t begin = text->size() - 1;
    while (begin > 0 && end_of_character(*text, begin - 1) > begin) begin--;
    if (!goes(text->substr(begin))) break;
    text->remove_suffix(text->size() - begin);
  }
  return text_value(*text);
}

Value trim(FunctionCall& call) { return trimmed(call, true, true); }
Value ltrim(FunctionCall& call) { return trimmed(call, true, false); }
Value rtrim(FunctionCall& call) { return trimmed(call, false, true); }

Value replace(FunctionCall& call) {
  const auto text = text_argument(call, 0), from = text_argument(call, 1),
             to = text_argument(call, 2);
  if (!text || !from || !to) return call.fail();
  std::size_t at = from->empty() ? text->npos : text->find(*from);
  if (at == text->npos) return text_value(*text);
  std::string out;
  std::size_t done = 0;
  for (; at != text->npos; at = text->find(*from, done)) {
    out.append(*text, done, at - done).append(*to);
    done = at + from->size();
    if (out.size() > longest_text) return call.fail();
  }
  out.append(*text, done);
  return text_value(call.memory.copy(out));
}

Value split(FunctionCall& call) {
  const auto text = text_argument(call, 0), separator = text_argument(call, 1);
  if (!text || !separator) return call.fail();
  std::vector<Value> parts;
  for (std::size_t begin = 0; begin <= text->size() && !text->empty();) {
    const std::size_t end =
        separator->empty() ? end_of_character(*text, begin) : text->find(*separator, begin);
    parts.push_back(text_value(text->substr(begin, end - begin)));
    if (end == text->npos || (separator->empty() && end == text->size())) break;
    begin = end + separator->size();
  }
  return list_value(call.memory.copy(std::span<const Value>(parts)));
}

Value join(FunctionCall& call) {
  const auto list = list_of(call[0], call.memory);
  const auto separator = text_argument(call, 1);
  if (!list || !separator) return call.fail();
  std::string out;
  bool first = true;
  for (const Value& item : *list) {
    if (is_nothing(item)) continue;
    const auto text = text_of_scalar(item, call.memory);
    if (!text || out.size() + text->size() + separator->size() > longest_text) return call.fail();
    if (!first) out += *separator;
    out += *text;
    first = false;
  }
  return text_value(call.memory.copy(out));
}

Value starts_with(FunctionCall& call) {
  const auto text = text_argument(call, 0), part = text_argument(call, 1);
  return text && part ? boolean_value(text->starts_with(*part)) : call.fail();
}

Value ends_with(FunctionCall& call) {
  const auto text = text_argument(call, 0), part = text_argument(call, 1);
  return text && part ? boolean_value(text->ends_with(*part)) : call.fail();
}

Value index(FunctionCall& call) {
  const auto text = text_argument(call, 0), part = text_argument(call, 1);
  if (!text || !part) return call.fail();
  const std::size_t at = text->find(*part);
  if (at == text->npos) return null_value();
  return integer_value(static_cast<std::int64_t>(count_characters(text->substr(0, at))));
}

Value substr(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const auto start = whole_number_of(call[1]);
  const auto end = call.size() > 2 ? whole_number_of(call[2])
                                   : std::optional(std::numeric_limits<std::int64_t>::max());
  if (!text || !start || !end) return call.fail();
  const Stretch stretch = stretch_of(*start, *end, count_characters(*text));
  return text_value(characters_between(*text, stretch.start, stretch.end));
}

Value truncate(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const auto most = whole_number_of(call[1]);
  if (!text || !most || *most < 0) return call.fail();
  return text_value(text->substr(0, byte_of_character(*text, static_cast<std::size_t>(*most))));
}

// `width` characters of `fill`, over and over.
std::string filling(std::string_view fill, std::size_t width) {
  std::string out;
  std::size_t at = 0;
  for (; width > 0; width--) {
    const std::size_t end = end_of_character(fill, at);
    out += fill.substr(at, end - at);
    at = end == fill.size() ? 0 : end;
  }
  return out;
}

Value padded(FunctionCall& call, bool left) {
  const auto text = text_argument(call, 0);
  const auto width = whole_number_of(call[1]);
  const auto fill = call.size() > 2 ? text_argument(call, 2) : std::optional<std::string_view>(" ");
  if (!text || !width || !fill || fill->empty() || *width < 0) return call.fail();
  const std::size_t wanted = static_cast<std::size_t>(*width), has = count_characters(*text);
  if (wanted <= has) return text_value(*text);
  if (wanted > longest_text) return call.fail();
  const std::string padding = filling(*fill, wanted - has);
  const std::string out = left ? padding + std::string(*text) : std::string(*text) + padding;
  return text_value(call.memory.copy(out));
}

Value pad_left(FunctionCall& call) { return padded(call, true); }
Value pad_right(FunctionCall& call) { return padded(call, false); }

Value repeat(FunctionCall& call) {
  const auto text = text_argument(call, 0);
  const auto times = whole_number_of(call[1]);
  if (!text || !times || *times < 0) return call.fail();
  const std::size_t count = text->empty() ? 0 : static_cast<std::size_t>(*times);
  if (count > 0 && text->size() > longest_text / count) return call.fail();
  char* const out = call.memory.allocate<char>(text->size() * count);
  for (std::size_t i = 0; i < count; i++)
    std::copy(text->begin(), text->end(), out + i * text->size());
  return text_value({out, text->size() * count});
}

Value reverse(FunctionCall& call) {
  const Value value = decode(call[0], call.memory);
  if (value.kind == Kind::list) {
    const std::span<Value> items = call.memory.copy(value.list());
    std::reverse(items.begin(), items.end());
    return list_value(items);
  }
  const auto text = text_argument(call, 0);
  if (!text) return call.fail();
  char* const out = call.memory.allocate<char>(text->size());
  char* to = out + text->size();
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = end_of_character(*text, at);
    to -= end - at;
    std::copy(text->begin() + static_cast<std::ptrdiff_t>(at),
              text->begin() + static_cast<std::ptrdiff_t>(end), to);
    at = end;
  }
  return text_value({out, text->size()});
}

}  // namespace

std::vector<Function> text_functions() {
  Rows rows("text");
  rows.add("length(x)", "integer", 1, 1, length,
           "the number of characters of a text, elements of a list or members of a map",
           {{"length('héllo')", "5"},
            {"length([1, 2])", "2"},
            {"length({a: 1})", "1"},
            {"length(12.50)", "4"},
            {"length(null)", "null"}});
  rows.add("bytes(text)", "integer", 1, 1, bytes, "the number of bytes of a text in UTF-8",
           {{"bytes('héllo')", "6"}, {"bytes([1])", ""}});
  rows.add("lower(text)", "text", 1, 1, lower, "a text in lower case",
           {{"lower('ABC ÉTÉ')", R"("abc été")"}, {"lower(null)", "null"}});
  rows.add("upper(text)", "text", 1, 1, upper, "a text in upper case",
           {{"upper('abc été')", R"("ABC ÉTÉ")"}});
  rows.add("snake(text)", "text", 1, 1, snake,
           "a name as words in lower case with _ between, as for rename --each",
           {{"snake('Case Enquiry ID')", R"("case_enquiry_id")"},
            {"snake('HTTPServer.userName')", R"("http_server_user_name")"},
            {"snake('  Größe (m²) ')", R"("größe_m")"}});
  rows.add("trim(text[, characters])", "text", 1, 2, trim,
           "a text without the blanks, or the characters named, at both ends",
           {{R"(trim('  a b\t'))", R"("a b")"},
            {"trim('--a-b-', '-')", R"("a-b")"},
            {"trim('\u00a0x\u3000')", R"("x")"}});
  rows.add("ltrim(text[, characters])", "text", 1, 2, ltrim,
           "a text without the blanks, or the characters named, in front",
           {{"ltrim('  a ')", R"("a ")"}, {"ltrim('007', '0')", R"("7")"}});
  rows.add("rtrim(text[, characters])", "text", 1, 2, rtrim,
           "a text without the blanks, or the characters named, at its end",
           {{"rtrim(' a  ')", R"(" a")"}, {"rtrim('a/b//', '/')", R"("a/b")"}});
  rows.add("replace(text, part, with)", "text", 3, 3, replace,
           "a text with every occurrence of a part replaced",
           {{"replace('a.b.c', '.', '-')", R"("a-b-c")"}, {"replace('abc', '', '-')", R"("abc")"}})
      .instead_for_regex = "replace_re({0}, {1}, {2})";
  rows.add("split(text, separator)", "list", 2, 2, split,
           "the parts of a text between separators, as a list; an empty separator gives its "
           "characters",
           {{"split('a,b,,c', ',')", R"(["a","b","","c"])"},
            {"split('aéb', '')", R"(["a","é","b"])"},
            {"split('', ',')", "[]"},
            {"split('a,', ',')", R"(["a",""])"}})
      .instead_for_regex = R"(split(replace_re({0}, {1}, "\t"), "\t"))";
  rows.add("join(list, separator)", "text", 2, 2, join,
           "the elements of a list as one text, separated",
           {{"join([1, 2, null, 'x'], '-')", R"("1-2-x")"},
            {"join([], ',')", R"("")"},
            {"join([[1]], ',')", ""}})
      .nulls = "null elements are left out";
  rows.add("starts_with(text, part)", "boolean", 2, 2, starts_with,
           "whether a text begins with a part",
           {{"starts_with('/api/x', '/api/')", "true"}, {"starts_with(503, 5)", "true"}})
      .instead_for_regex = "{0} =~ {1}";
  rows.add("ends_with(text, part)", "boolean", 2, 2, ends_with, "whether a text ends with a part",
           {{"ends_with('a.csv', '.csv')", "true"}, {"ends_with('a.csv', '.tsv')", "false"}})
      .instead_for_regex = "{0} =~ {1}";
  rows.add("index(text, part)", "integer", 2, 2, index,
           "the position of the first occurrence of a part, from 0; null when there is none",
           {{"index('héllo', 'l')", "2"}, {"index('abc', 'x')", "null"}})
      .instead_for_regex = "extract({0}, {1})";
  rows.add("substr(text, start[, end])", "text", 2, 3, substr,
           "the characters from position start, from 0, up to but not including end; negative "
           "positions count from the end",
           {{"substr('héllo', 1, 3)", R"("él")"},
            {"substr('hello', -3)", R"("llo")"},
            {"substr('hello', 3, 99)", R"("lo")"}});
  rows.add("pad_left(text, width[, fill])", "text", 2, 3, pad_left,
           "a text filled up in front to a number of characters",
           {{"pad_left(7, 3, '0')", R"("007")"},
            {"pad_left('abcd', 3)", R"("abcd")"},
            {"pad_left('a', 3, '')", ""}});
  rows.add("pad_right(text, width[, fill])", "text", 2, 3, pad_right,
           "a text filled up at its end to a number of characters",
           {{"pad_right('ab', 5, 'xy')", R"("abxyx")"}});
  rows.add(
      "repeat(text, times)", "text", 2, 2, repeat, "a text, that many times",
      {{"repeat('ab', 3)", R"("ababab")"}, {"repeat('ab', 0)", R"("")"}, {"repeat('ab', -1)", ""}});
  rows.add(
      "reverse(x)", "as x", 1, 1, reverse,
      "a text's characters, or a list's elements, the last first",
      {{"reverse('aéb')", R"("béa")"}, {"reverse([1, 2, 3])", "[3,2,1]"}, {"reverse({a: 1})", ""}});
  rows.add("truncate(text, length)", "text", 2, 2, truncate,
           "the first characters of a text, `length` at most",
           {{"truncate('héllo', 2)", R"("hé")"}, {"truncate('hi', 5)", R"("hi")"}});
  return rows.take();
}

}  // namespace riffle
