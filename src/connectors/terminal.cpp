#include "connectors/terminal.h"

#include <sys/ioctl.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace riffle {

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t usual = 80, least = 20, most = 10000;
  const char* const given = std::getenv("COLUMNS");
  const std::string_view text = given ? given : "";
  std::size_t columns = 0;
  const auto answer = std::from_chars(text.data(), text.data() + text.size(), columns);
  const bool is_number = answer.ec == std::errc() && answer.ptr == text.data() + text.size();
  if (is_number && columns >= least && columns <= most) return columns;
  winsize size = {};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

}  // namespace riffle
