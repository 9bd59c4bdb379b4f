#include "manual/wrapping.h"

#include <unistd.h>

#include <algorithm>

#include "connectors/terminal.h"
#include "text/width.h"

namespace riffle {

std::size_t page_width() {
  constexpr std::size_t least = 40, most = 100;
  return std::clamp(terminal_width(STDOUT_FILENO), least, most);
}

std::string wrapped(std::string_view text, std::size_t indent) {
  const std::size_t width = page_width();
  std::string out;
  std::size_t column = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (column > indent && column + 1 + display_width(word) > width) {
      out.append("\n").append(indent, ' ');
      column = indent;
    } else if (at > 0) {
      out += ' ';
      column++;
    }
    out += word;
    column += display_width(word);
    at = end + 1;
  }
  return out;
}

std::string entry(std::string_view name, std::string_view summary, std::size_t at) {
  at = std::min(at, page_width() * 2 / 5);
  std::string line = "  " + wrapped(name, 4);
  const std::size_t taken = line.size() - (line.rfind('\n') + 1);
  if (taken + 2 > at)
    line.append("\n").append(at, ' ');
  else
    line.append(at - taken, ' ');
  return line + wrapped(summary, at) + "\n";
}

}  // namespace riffle
