#include "formats/display/json_painter.h"

namespace riffle {
namespace {

constexpr std::string_view of_name = "\x1b[34m", of_text = "\x1b[32m", of_number = "\x1b[36m",
                           of_boolean = "\x1b[33m", of_null = "\x1b[90m", plain = "\x1b[0m";

bool is_part_of_scalar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' ||
         c == 'E';
}

}  // namespace

std::string JsonPainter::painted(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (place_ == Place::name || place_ == Place::text) {
      take_quoted(c, out);
      continue;
    }
    if (place_ != Place::between && !is_part_of_scalar(c)) {
      out += plain;
      place_ = Place::between;
    }
    if (place_ == Place::between)
      take_between(c, out);
    else
      out += c;
  }
  return out;
}

void JsonPainter::begin(Place place, std::string_view color, char c, std::string& out) {
  place_ = place;
  out.append(color) += c;
}

void JsonPainter::take_between(char c, std::string& out) {
  if (c == '"')
    return name_follows_ ? begin(Place::name, of_name, c, out)
                         : begin(Place::text, of_text, c, out);
  if (c == '-' || (c >= '0' && c <= '9')) return begin(Place::number, of_number, c, out);
  if (c == 't' || c == 'f') return begin(Place::literal, of_boolean, c, out);
  if (c == 'n') return begin(Place::literal, of_null, c, out);
  if (c == '{' || c == '[') open_.push_back(c);
  if ((c == '}' || c == ']') && !open_.empty()) open_.pop_back();
  if (c == '{' || c == ',') name_follows_ = !open_.empty() && open_.back() == '{';
  if (c == ':' || c == '[') name_follows_ = false;
  out += c;
}

void JsonPainter::take_quoted(char c, std::string& out) {
  out += c;
  if (is_escaped_) {
    is_escaped_ = false;
  } else if (c == '\\') {
    is_escaped_ = true;
  } else if (c == '"') {
    out += plain;
    place_ = Place::between;
  }
}

}  // namespace riffle
