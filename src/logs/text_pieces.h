// Takes pieces off the front of a text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace riffle {

constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";

// 1 to 12; 0: three letters that name no month.
inline int month_of(std::string_view letters) {
  for (std::size_t i = 0; letters.size() == 3 && i < 12; i++)
    if (month_names.substr(3 * i, 3) == letters) return static_cast<int>(i) + 1;
  return 0;
}

// Whether a text looks as `form` does, in which 0 is any digit, A any letter, + a sign, and all
// else stands for itself.
inline bool looks_like(std::string_view text, std::string_view form) {
  const auto fits = [](char c, char wanted) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return wanted == '0'   ? c >= '0' && c <= '9'
           : wanted == 'A' ? letter
           : wanted == '+' ? c == '+' || c == '-'
                           : c == wanted;
  };
  return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), fits);
}

class TextPieces {
 public:
  explicit TextPieces(std::string_view text) : rest_(text) {}

  std::string_view rest() const { return rest_; }
  bool empty() const { return rest_.empty(); }
  void skip(std::size_t bytes) { rest_.remove_prefix(bytes); }

  // Takes exactly this off, if it is there.
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  // What stands before `end`, which is taken off too; nothing is taken when it is not there.
  std::optional<std::string_view> until(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == rest_.npos) return std::nullopt;
    const std::string_view piece = rest_.substr(0, at);
    rest_.remove_prefix(at + end.size());
    return piece;
  }
  // Up to a blank or the end; the blank is taken off.
  std::string_view word() {
    const std::string_view piece = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(std::min(piece.size() + 1, rest_.size()));
    return piece;
  }
  // What stands in the quotes that come next, escapes as written; a backslash keeps a quote from
  // ending it.
  std::optional<std::string_view> quoted() {
    if (!rest_.starts_with('"')) return std::nullopt;
    for (std::size_t i = 1; i < rest_.size(); i++) {
      if (rest_[i] == '\\') {
        i++;
      } else if (rest_[i] == '"') {
        const std::string_view piece = rest_.substr(1, i - 1);
        rest_.remove_prefix(i + 1);
        return piece;
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

}  // namespace riffle
