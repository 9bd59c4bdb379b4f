#include "text/shell_word.h"

#include <algorithm>
#include <string_view>

namespace riffle {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-+.,:/@%=").find(c) != std::string_view::npos;
}

}  // namespace

std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  if (word.find('\'') == word.npos) return "'" + word + "'";
  if (word.find_first_of("\"$`\\!") == word.npos) return '"' + word + '"';
  std::string out = "'";
  for (const char c : word) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

}  // namespace riffle
