// Writing JSON.
#include "text/words.h"
#include "values/calendar.h"
#include "values/json.h"
#include "values/json_blank.h"
#include "values/json_cell.h"
#include "values/number.h"

namespace riffle {
namespace {

// The cell may be anywhere, so it gets a copy that has readable bytes after it.
void write_cell(const Value& cell, TextBuffer& out) {
  const std::size_t room = json_room(cell.size);
  char* const to = out.room(room + cell.size + json_cell_padding);
  Value copy = cell;
  copy.text = to + room;
  if (cell.size > 0) std::memcpy(to + room, cell.text, cell.size);
  out.advance(write_json_cell(copy, to));
}

void new_line(int indent, int level, TextBuffer& out) {
  out += '\n';
  out.append(static_cast<std::size_t>(indent * level), ' ');
}

// The pieces of a list or map over several lines.
class IndentedBrackets {
 public:
  IndentedBrackets(char open, int indent, int level, TextBuffer& out)
      : indent_(indent), level_(level), out_(out) {
    out_ += open;
  }
  void item() {
    if (!empty_) out_ += ',';
    empty_ = false;
    new_line(indent_, level_ + 1, out_);
  }
  void close(char bracket) {
    if (!empty_) new_line(indent_, level_, out_);
    out_ += bracket;
  }

 private:
  int indent_, level_;
  TextBuffer& out_;
  bool empty_ = true;
};

void write_text_indented(std::string_view json, int indent, TextBuffer& out, int level) {
  const char open = json.front();
  if (open != '{' && open != '[') {
    out += json;
    return;
  }
  IndentedBrackets brackets(open, indent, level, out);
  for (JsonWalk walk(json); walk.next();) {
    brackets.item();
    if (open == '{') out.append(walk.raw_key()).append(": ");
    write_text_indented(walk.raw_value(), indent, out, level + 1);
  }
  brackets.close(json.back());
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == text.npos ? std::string_view{}
                            : text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

void write_compact(std::string_view json, TextBuffer& out) {
  const char* at = json.data();
  const char* const end = at + json.size();
  while (at < end) {
    if (is_json_blank(*at)) {
      at++;
      continue;
    }
    const char* const run = at;
    while (at < end && !is_json_blank(*at)) at = *at == '"' ? end_of_value(at, end) : at + 1;
    out.append(run, at);
  }
}

char* write_json_escape(char c, char* to) {
  constexpr std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
  *to++ = '\\';
  if (const std::size_t which = plain.find(c); which != plain.npos) {
    *to++ = letters[which];
    return to;
  }
  constexpr char digits[] = "0123456789abcdef";
  for (const char each : {'u', '0', '0', digits[c >> 4], digits[c & 15]}) *to++ = each;
  return to;
}

void write_json_string(std::string_view text, TextBuffer& out) {
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const char* const run = at;
    at = skip_plain_text(at, end);
    out.append(run, at);
    if (at == end) break;
    out.advance(write_json_escape(*at++, out.room(6)));
  }
  out += '"';
}

void write_json(const Value& value, TextBuffer& out) {
  switch (value.kind) {
    case Kind::missing:
    case Kind::null:
      out += "null";
      break;
    case Kind::boolean:
      out += value.boolean ? "true" : "false";
      break;
    case Kind::integer:
    case Kind::natural:
    case Kind::real:
    case Kind::duration:
      out.advance(write_number_or_time(value, out.room(number_room)));
      break;
    case Kind::time:
      out += '"';
      out.advance(write_number_or_time(value, out.room(number_room)));
      out += '"';
      break;
    case Kind::text:
      write_json_string(value.view(), out);
      break;
    case Kind::json:
      out += value.view();
      break;
    case Kind::cell:
      write_cell(value, out);
      break;
    case Kind::list: {
      char before = '[';
      for (const Value& item : value.list()) {
        out += before;
        before = ',';
        write_json(item, out);
      }
      out += before == '[' ? "[]" : "]";
      break;
    }
    case Kind::map: {
      char before = '{';
      for (const Member& member : value.map()) {
        out += before;
        before = ',';
        write_json_string(member.name, out);
        out += ':';
        write_json(member.value, out);
      }
      out += before == '{' ? "{}" : "}";
      break;
    }
  }
}

char* write_number_or_time(const Value& value, char* to) {
  switch (value.kind) {
    case Kind::integer:
      return write_integer(value.integer, to);
    case Kind::natural:
      return write_natural(value.natural, to);
    case Kind::real:
      return write_real(value.real, to);
    case Kind::duration:
      return write_duration(value.integer, to);
    default:
      return write_time(value.integer, to);
  }
}

std::string json_string(std::string_view text) {
  TextBuffer out;
  write_json_string(text, out);
  return std::string(out.view());
}

std::string json_text(const Value& value) {
  TextBuffer out;
  write_json(value, out);
  return std::string(out.view());
}

void write_json_indented(const Value& value, int indent, TextBuffer& out, int level) {
  if (value.kind == Kind::json) {
    write_text_indented(value.view(), indent, out, level);
  } else if (value.kind == Kind::list) {
    IndentedBrackets brackets('[', indent, level, out);
    for (const Value& item : value.list()) {
      brackets.item();
      write_json_indented(item, indent, out, level + 1);
    }
    brackets.close(']');
  } else if (value.kind == Kind::map) {
    IndentedBrackets brackets('{', indent, level, out);
    for (const Member& member : value.map()) {
      brackets.item();
      write_json_string(member.name, out);
      out += ": ";
      write_json_indented(member.value, indent, out, level + 1);
    }
    brackets.close('}');
  } else {
    write_json(value, out);
  }
}

}  // namespace riffle
