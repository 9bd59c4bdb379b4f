#include "values/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <system_error>

#include "text/width.h"

namespace riffle {
namespace {

void append_visible(const Character& character, std::string_view bytes, std::string& out) {
  if (character.code >= 0 && !is_steering(character.code)) {
    out += bytes;
    return;
  }
  switch (character.code) {
    case '\t':
      out += "\\t";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      break;
  }
  if (character.code >= 0x80)
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", character.code);
  else
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(bytes.front()));
}

// The line of `text` that `position` is in: its first byte and its end.
std::pair<std::size_t, std::size_t> line_around(std::string_view text, std::size_t position) {
  const std::size_t before = position == 0 ? text.npos : text.rfind('\n', position - 1);
  return {before == text.npos ? 0 : before + 1, std::min(text.find('\n', position), text.size())};
}

}  // namespace

Error usage_error(std::string_view message) { return {ExitStatus::usage, std::string(message)}; }

Error usage_error_at(std::string_view message, std::string_view text, std::size_t position,
                     std::size_t length) {
  position = std::min(position, text.size());
  const auto [begin, end] = line_around(text, position);
  const std::size_t marked = std::min(length, end - position);
  const std::string line = visible(text.substr(begin, end - begin));
  const std::size_t indent = display_width(visible(text.substr(begin, position - begin)));
  const std::size_t carets =
      std::max<std::size_t>(display_width(visible(text.substr(position, marked))), 1);
  return {ExitStatus::usage, fmt::format("{}\n"
                                         "  {}\n"
                                         "  {:{}}{:^>{}}",
                                         message, line, "", indent, "", carets)};
}

Error system_error(std::string_view path, int error_number) {
  return failure(
      fmt::format("{}: {}", visible(path), std::generic_category().message(error_number)));
}

Error failure(std::string_view message) { return {ExitStatus::failed, std::string(message)}; }

std::string visible(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::size_t before = out.size();
    append_visible(character, text.substr(0, character.bytes), out);
    if (out.size() > limit) {
      out.resize(before);
      return out + "...";
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

}  // namespace riffle
