#include "logs/leveled.h"

#include <algorithm>

#include "text/digits.h"

namespace riffle {
namespace {

constexpr std::array<std::string_view, 16> levels = {
    "TRACE",  "DEBUG", "INFO",  "WARN",   "WARNING", "ERROR",  "FATAL",  "CRITICAL",
    "SEVERE", "FINE",  "FINER", "FINEST", "CONFIG",  "NOTICE", "NOTSET", "EXCEPTION"};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == text.npos ? std::string_view()
                            : text.substr(first, text.find_last_not_of(' ') + 1 - first);
}

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '.' || c == '-' || c == '/';
}
bool is_name(std::string_view text) {
  return !text.empty() && !is_digits(text) && std::all_of(text.begin(), text.end(), is_of_name);
}
// org.example.App, a.b$C; not 10.0.0.1 nor an end of a sentence.
bool is_dotted(std::string_view text) {
  const std::size_t dot = text.find('.');
  return is_name(text) && dot != text.npos && dot > 0 && text.back() != '.' &&
         text.find_first_not_of("0123456789.") != text.npos && text.find('/') == text.npos;
}

class Reading {
 public:
  Reading(std::string_view text, const LogSettings& settings, LeveledLine& line)
      : pieces_(text), settings_(settings), line_(line) {}

  bool read() {
    take_time();
    while (take_part()) {
    }
    if (line_.level.empty()) return false;
    if (!at_message_) take_logger();
    line_.message = pieces_.rest();
    return true;
  }

 private:
  void take_blanks() {
    while (pieces_.take(" ")) {
    }
  }

  // Bare, or in brackets, where a level and a thread may follow it (Celery).
  void take_time() {
    TextPieces after = pieces_;
    const bool in_brackets = after.take("[");
    line_.time = take_stamp(after, settings_, in_brackets);
    if (line_.time.is_missing()) return;
    pieces_ = after;
    if (!in_brackets || pieces_.take("]")) return;
    if (const auto rest = after.take(": ") ? after.until("]") : std::nullopt) {
      const std::size_t slash = rest->find('/');
      line_.level = rest->substr(0, slash);
      if (slash != rest->npos) line_.thread = rest->substr(slash + 1);
      pieces_ = after;
    }
  }

  // One part of what is before the message; false: that is all.
  bool take_part() {
    take_blanks();
    if (pieces_.take("--- ")) return true;
    if (pieces_.take("- ")) return !(at_message_ = !line_.level.empty());
    if (line_.time.is_missing() == false && line_.level.empty() && pieces_.take(", ")) return true;
    if (pieces_.rest().starts_with('[')) return take_brackets();
    if (pieces_.rest().starts_with('{')) return take_place();
    return take_word();
  }

  bool take_brackets() {
    std::size_t depth = 0, end = 0;
    const std::string_view rest = pieces_.rest();
    for (; end < rest.size(); end++) {
      if (rest[end] == '[') depth++;
      if (rest[end] == ']' && --depth == 0) break;
    }
    if (end == rest.size()) return false;
    const std::string_view inside = trimmed(rest.substr(1, end - 1));
    const bool follows_brackets = rest.data() > begin_ && rest.data()[-1] == ']';
    if (line_.level.empty() && is_level(inside))
      line_.level = inside;
    else if (line_.pid.empty() && line_.level.empty() && is_digits(inside))
      line_.pid = inside;
    else if (follows_brackets && line_.logger.empty() && is_dotted(inside))
      line_.logger = inside;
    else if (line_.thread.empty() && line_.logger.empty() && !inside.empty())
      line_.thread = inside;
    else
      return false;
    pieces_.skip(end + 1);
    return true;
  }

  // {file.py:42}, as Airflow writes it.
  bool take_place() {
    TextPieces after = pieces_;
    after.take("{");
    const auto inside = after.until("}");
    const std::size_t colon = inside ? inside->rfind(':') : std::string_view::npos;
    if (colon == std::string_view::npos || !is_digits(inside->substr(colon + 1)) ||
        !line_.file.empty() || !line_.level.empty())
      return false;
    line_.file = inside->substr(0, colon);
    line_.line = inside->substr(colon + 1);
    pieces_ = after;
    return true;
  }

  bool take_word() {
    const std::string_view rest = pieces_.rest();
    std::string_view word = rest.substr(0, rest.find(' '));
    const std::string_view after = rest.substr(word.size());
    const bool ends_with_colon = word.ends_with(':');
    if (ends_with_colon) word.remove_suffix(1);
    if (line_.level.empty() && is_level(word)) {
      line_.level = word;
    } else if (line_.pid.empty() && is_digits(word) && !ends_with_colon &&
               (line_.level.empty() || after.starts_with(" --- "))) {
      line_.pid = word;
    } else if (line_.level.empty() && !line_.time.is_missing() && line_.logger.empty() &&
               is_name(word) && after.starts_with(" - ")) {
      line_.logger = word;
    } else {
      return false;
    }
    pieces_.skip(word.size());
    pieces_.take(":");
    return true;
  }

  // `org.example.App: `, `org.example.App : `, `App - `, or a dotted name alone.
  void take_logger() {
    if (!line_.logger.empty()) return;
    const std::string_view rest = pieces_.rest();
    std::string_view word = rest.substr(0, rest.find_first_of(" :"));
    const std::string_view after = rest.substr(word.size());
    const bool is_set_off = after.starts_with(" - ");
    if (!is_name(word) || !(is_set_off || is_dotted(word))) return;
    if (!is_set_off && !after.starts_with(' ') && !after.starts_with(": ")) return;
    line_.logger = word;
    pieces_.skip(word.size());
    take_blanks();
    if (!pieces_.take(": ")) pieces_.take("- ");
  }

  TextPieces pieces_;
  const char* begin_ = pieces_.rest().data();
  const LogSettings& settings_;
  LeveledLine& line_;
  bool at_message_ = false;
};

}  // namespace

bool is_level(std::string_view word) {
  return std::find(levels.begin(), levels.end(), word) != levels.end();
}

bool read_leveled(std::string_view text, const LogSettings& settings, LeveledLine& read) {
  return Reading(text, settings, read).read();
}

}  // namespace riffle
